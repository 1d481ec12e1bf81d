package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.convTranspose2d;
import static lamella.layers.cnn.Run.counting;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;
import static lamella.layers.cnn.Run.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ConvTranspose2dTest extends LayerTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(3 * 3 * 3);
        return new Facts(
                convTranspose2d(6, 3).stride(2).padding(1).groups(2).outputPadding(1),
                "convTranspose2d(6, 3).stride(2).padding(1).groups(2).outputPadding(1)",
                Shape.of(4, 3, 4),
                Shape.of(6, 6, 8),
                List.of(
                        State.parameter("weight", Shape.of(4, 3, 3, 3), -bound, bound),
                        State.parameter("bias", Shape.of(6), -bound, bound)));
    }

    @Test
    void doublesAnImage() {
        Model model = model(convTranspose2d(1, 2).stride(2), 1, 2, 2);
        set(model, "weight", 1, 10, 100, 1000);
        set(model, "bias", 0.5f);

        Tensor y = model.forward(counting(1, 1, 2, 2));

        assertEquals(Shape.of(1, 1, 4, 4), y.shape());
        assertArrayEquals(
                new float[] {
                    1.5f, 10.5f, 2.5f, 20.5f, //
                    100.5f, 1000.5f, 200.5f, 2000.5f, //
                    3.5f, 30.5f, 4.5f, 40.5f, //
                    300.5f, 3000.5f, 400.5f, 4000.5f
                },
                y.toFloats());
    }

    @Test
    void kernelsThatOverlapAdd() {
        Model model = model(convTranspose2d(1, 1, 3).stride(1, 2).withoutBias(), 1, 1, 3);
        set(model, "weight", 1, 10, 100);

        Tensor y = model.forward(counting(1, 1, 1, 3));

        assertArrayEquals(new float[] {1, 10, 100 + 2, 20, 200 + 3, 30, 300}, y.toFloats());
    }

    @Test
    void paddingCutsAndOutputPaddingAdds() {
        var layer = convTranspose2d(1, 3).stride(2).padding(1).withoutBias();
        Model model = model(layer.outputPadding(1), 1, 1, 2);
        set(model, "weight", 0, 0, 0, 1, 10, 100, 2, 20, 200);

        Tensor y = model.forward(counting(1, 1, 1, 2));

        // 2 rows and 4 columns of the whole result 1 10 102 20 200 / 2 20 204 40 400
        assertEquals(Shape.of(1, 1, 2, 4), y.shape());
        assertArrayEquals(new float[] {10, 102, 20, 200, 20, 204, 40, 400}, y.toFloats());
        assertEquals(Shape.of(1, 1, 3), model(layer, 1, 1, 2).output());
    }

    @Test
    void groupsSeeTheirOwnChannelsOnly() {
        Model model = model(convTranspose2d(4, 1).groups(2).withoutBias(), 2, 1, 1);
        set(model, "weight", 1, 2, 3, 4);

        Tensor y = model.forward(counting(1, 2, 1, 1));

        assertArrayEquals(new float[] {1, 2, 6, 8}, y.toFloats());
    }

    @Test
    void isReadFromAModelFile() {
        var layer = convTranspose2d(4, 3, 2).stride(3, 2).dilation(2).outputPadding(1);

        assertEquals(layer, Run.read(LayerCatalog.installed().write(layer)));
        assertEquals("convTranspose2d(4, 3, 2).stride(3, 2).dilation(2).outputPadding(1)", layer.toString());
        assertEquals(convTranspose2d(4, 3), Run.read(Map.of("layer", "convTranspose2d", "filters", 4, "kernel", 3)));
    }

    @Test
    void rejectsNonsense() {
        rejects("convTranspose2d: filters must be at least 1, got 0", () -> convTranspose2d(0, 3));
        rejects("convTranspose2d: kernel must be at least 1, got 0", () -> convTranspose2d(1, 0));
        rejects(
                "convTranspose2d: outputPadding must be at least 0, got -1",
                () -> convTranspose2d(1, 3).outputPadding(-1));
        rejects(
                "convTranspose2d: output padding must be at least 0 and below the stride 2, got 2",
                () -> model(convTranspose2d(1, 3).stride(2).outputPadding(2), 1, 4, 4));
        rejectsFields("convTranspose2d: field 'filters' is missing", Map.of("layer", "convTranspose2d", "kernel", 3));
    }

    @Test
    void rejectsExamplesThatDoNotFit() {
        rejects(
                """
                convTranspose2d: one example must have rank 3 (C, H, W), got 2
                  input    [4, 4]             (one example)
                  at net = convTranspose2d(1, 3)\
                """,
                () -> model(convTranspose2d(1, 3), 4, 4));
        rejects(
                """
                convTranspose2d: 3 input channels cannot be cut into 2 groups
                  input    [3, 4, 4]          (one example)
                  at net = convTranspose2d(2, 3).groups(2)\
                """,
                () -> model(convTranspose2d(2, 3).groups(2), 3, 4, 4));
        rejects(
                """
                convTranspose2d: 3 output channels cannot be cut into 2 groups
                  input    [2, 4, 4]          (one example)
                  at net = convTranspose2d(3, 3).groups(2)\
                """,
                () -> model(convTranspose2d(3, 3).groups(2), 2, 4, 4));
        rejects(
                """
                convTranspose2d: output would be -1 x 1
                  input    [1, 1, 1, 3]       (N, C, H, W)
                  weight   [1, 1, 1, 1]       (in, out/groups, kH, kW)  net.weight
                  at net = convTranspose2d(1, 1).padding(1)\
                """,
                () -> model(convTranspose2d(1, 1).padding(1), 1, 1, 3));
    }
}
