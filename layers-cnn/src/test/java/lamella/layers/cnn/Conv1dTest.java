package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.conv1d;
import static lamella.layers.cnn.Run.counting;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;
import static lamella.layers.cnn.Run.set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;
import java.util.Map;

class Conv1dTest extends LayerTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(2 * 3);
        return new Facts(
                conv1d(6, 3).stride(2).padding(1).dilation(2).groups(2),
                "conv1d(6, 3).stride(2).padding(1).dilation(2).groups(2)",
                Shape.of(4, 9),
                Shape.of(6, 4),
                List.of(
                        State.parameter("weight", Shape.of(6, 2, 3), -bound, bound),
                        State.parameter("bias", Shape.of(6), -bound, bound)));
    }

    @Test
    void walksAlongTime() {
        Model model = model(conv1d(1, 2).stride(2).padding(1), 2, 4);
        set(model, "weight", 1, 10, 100, 1000);
        set(model, "bias", 0.5f);

        Tensor y = model.forward(counting(1, 2, 4));

        // channels 1 2 3 4 and 5 6 7 8 with a zero on each side, two steps at a time
        assertEquals(Shape.of(1, 1, 3), y.shape());
        assertArrayEquals(
                new float[] {0 + 10 + 0 + 5000 + 0.5f, 2 + 30 + 600 + 7000 + 0.5f, 4 + 0 + 800 + 0 + 0.5f},
                y.toFloats());
    }

    @Test
    void doesWithoutABias() {
        Model model = model(conv1d(1, 3).withoutBias(), 1, 3);
        set(model, "weight", 1, 2, 3);

        assertEquals(1, model.state().size());
        assertArrayEquals(new float[] {14}, model.forward(counting(1, 1, 3)).toFloats());
        assertEquals("conv1d(1, 3).withoutBias()", model.spec().toString());
    }

    @Test
    void rejectsNonsense() {
        rejects("conv1d: filters must be at least 1, got 0", () -> conv1d(0, 3));
        rejects("conv1d: kernel must be at least 1, got 0", () -> conv1d(1, 0));
        rejects("conv1d: stride must be at least 1, got 0", () -> conv1d(1, 3).stride(0));
        rejects("conv1d: padding must be at least 0, got -1", () -> conv1d(1, 3).padding(-1));
        rejects("conv1d: dilation must be at least 1, got 0", () -> conv1d(1, 3).dilation(0));
        rejects("conv1d: groups must be at least 1, got 0", () -> conv1d(1, 3).groups(0));
        rejectsFields("conv1d: field 'kernel' is missing", Map.of("layer", "conv1d", "filters", 3));
    }

    @Test
    void rejectsExamplesThatDoNotFit() {
        rejects(
                """
                conv1d: one example must have rank 2 (C, T), got 3
                  input    [1, 28, 28]        (one example)
                  at net = conv1d(4, 3)\
                """,
                () -> model(conv1d(4, 3), 1, 28, 28));
        rejects(
                """
                conv1d: 3 input channels cannot be cut into 2 groups
                  input    [3, 8]             (one example)
                  at net = conv1d(4, 3).groups(2)\
                """,
                () -> model(conv1d(4, 3).groups(2), 3, 8));
        rejects(
                """
                conv2d: kernel 1 x 5 does not fit into input 1 x 4
                  input    [1, 1, 1, 4]       (N, C, H, W)
                  weight   [2, 1, 1, 5]       (out, in/groups, kH, kW)
                  at net = conv1d(2, 5)\
                """,
                () -> model(conv1d(2, 5), 1, 4));
    }

    @Test
    void printsAsCodeInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertEquals("conv1d(4, 3)", CnnLayers.conv1d(4, 3).toString());
            assertEquals("conv2d(4, 3)", CnnLayers.conv2d(4, 3).toString());
            assertEquals("convTranspose2d(4, 3)", CnnLayers.convTranspose2d(4, 3).toString());
        } finally {
            Locale.setDefault(before);
        }
    }
}
