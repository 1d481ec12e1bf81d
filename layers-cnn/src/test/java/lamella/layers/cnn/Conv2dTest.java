package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.conv2d;
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

class Conv2dTest extends LayerTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(2 * 3 * 3);
        return new Facts(
                conv2d(6, 3).stride(2).padding(1).groups(2),
                "conv2d(6, 3).stride(2).padding(1).groups(2)",
                Shape.of(4, 5, 6),
                Shape.of(6, 3, 3),
                List.of(
                        State.parameter("weight", Shape.of(6, 2, 3, 3), -bound, bound),
                        State.parameter("bias", Shape.of(6), -bound, bound)));
    }

    @Test
    void stridesOverAPaddedImage() {
        Model model = model(conv2d(1, 3).stride(2).padding(1), 1, 3, 3);
        set(model, "weight", 1, 2, 3, 4, 5, 6, 7, 8, 9);
        set(model, "bias", 10);

        Tensor y = model.forward(counting(1, 1, 3, 3));

        // top left: the image's corner 1 2 / 4 5 under the kernel's 5 6 / 8 9, and so on
        assertEquals(Shape.of(1, 1, 2, 2), y.shape());
        assertArrayEquals(
                new float[] {
                    10 + 5 + 12 + 32 + 45, // 1·5 + 2·6 + 4·8 + 5·9
                    10 + 8 + 15 + 35 + 48, // 2·4 + 3·5 + 5·7 + 6·8
                    10 + 8 + 15 + 35 + 48, // 4·2 + 5·3 + 7·5 + 8·6
                    10 + 5 + 12 + 32 + 45, // 5·1 + 6·2 + 8·4 + 9·5
                },
                y.toFloats());
    }

    @Test
    void dilationSpreadsTheKernel() {
        Model model = model(conv2d(1, 2).dilation(2).withoutBias(), 1, 4, 4);
        set(model, "weight", 1, 10, 100, 1000);

        Tensor y = model.forward(counting(1, 1, 4, 4));

        // the four corners of each 3 x 3 square: rows 1 3 / 9 11 for the first
        assertArrayEquals(
                new float[] {1 + 30 + 900 + 11000, 2 + 40 + 1000 + 12000, 5 + 70 + 1300 + 15000, 6 + 80 + 1400 + 16000},
                y.toFloats());
    }

    @Test
    void groupsSeeTheirOwnChannelsOnly() {
        Model model = model(conv2d(2, 1).groups(2), 4, 1, 1);
        set(model, "weight", 1, 2, 3, 4);
        set(model, "bias", 0.5f, -0.5f);

        Tensor y = model.forward(counting(1, 4, 1, 1));

        assertArrayEquals(new float[] {1 + 4 + 0.5f, 9 + 16 - 0.5f}, y.toFloats());
    }

    @Test
    void directionsMayDiffer() {
        Conv2d wide = conv2d(2, 1, 3).stride(2, 1).padding(0, 1).dilation(1, 2);

        assertEquals("conv2d(2, 1, 3).stride(2, 1).padding(0, 1).dilation(1, 2)", wide.toString());
        assertEquals(Shape.of(2, 3, 5), model(wide, 3, 5, 7).output());
        assertEquals(
                Map.ofEntries(
                        Map.entry("layer", "conv2d"),
                        Map.entry("filters", 2),
                        Map.entry("kernelHeight", 1),
                        Map.entry("kernelWidth", 3),
                        Map.entry("strideHeight", 2),
                        Map.entry("strideWidth", 1),
                        Map.entry("paddingHeight", 0),
                        Map.entry("paddingWidth", 1),
                        Map.entry("dilationHeight", 1),
                        Map.entry("dilationWidth", 2),
                        Map.entry("groups", 1),
                        Map.entry("bias", true)),
                LayerCatalog.installed().write(wide));
        assertEquals(wide, Run.read(LayerCatalog.installed().write(wide)));
    }

    @Test
    void usualKnobsMayBeLeftOutOfAModelFile() {
        assertEquals(conv2d(6, 5), Run.read(Map.of("layer", "conv2d", "filters", 6, "kernel", 5)));
        assertEquals(
                conv2d(6, 5, 3).padding(2, 0).withoutBias(),
                Run.read(
                        Map.of(
                                "layer", "conv2d",
                                "filters", 6,
                                "kernel", 5,
                                "kernelWidth", 3,
                                "paddingHeight", 2,
                                "bias", false)));
    }

    @Test
    void rejectsNonsense() {
        rejects("conv2d: filters must be at least 1, got 0", () -> conv2d(0, 3));
        rejects("conv2d: kernel must be at least 1, got -1", () -> conv2d(1, 3, -1));
        rejects("conv2d: stride must be at least 1, got 0", () -> conv2d(1, 3).stride(0));
        rejects("conv2d: padding must be at least 0, got -1", () -> conv2d(1, 3).padding(-1));
        rejects("conv2d: dilation must be at least 1, got 0", () -> conv2d(1, 3).dilation(1, 0));
        rejects("conv2d: groups must be at least 1, got 0", () -> conv2d(1, 3).groups(0));
        rejectsFields("conv2d: field 'filters' is missing", Map.of("layer", "conv2d", "kernel", 3));
        rejectsFields("conv2d: field 'kernel' is missing", Map.of("layer", "conv2d", "filters", 3));
        rejectsFields(
                "conv2d: unknown field 'kernels'; expected [filters, kernel, kernelHeight,"
                        + " kernelWidth, stride, strideHeight, strideWidth, padding, paddingHeight,"
                        + " paddingWidth, dilation, dilationHeight, dilationWidth, groups, bias]",
                Map.of("layer", "conv2d", "filters", 3, "kernel", 3, "kernels", 3));
    }

    @Test
    void rejectsExamplesThatAreNoImages() {
        rejects(
                """
                conv2d: one example must have rank 3 (C, H, W), got 1
                  input    [784]              (one example)
                  at net = conv2d(6, 5)\
                """,
                () -> model(conv2d(6, 5), 784));
    }

    @Test
    void rejectsChannelsThatDoNotFitTheGroups() {
        rejects(
                """
                conv2d: 3 input channels cannot be cut into 2 groups
                  input    [3, 8, 8]          (one example)
                  at net = conv2d(4, 3).groups(2)\
                """,
                () -> model(conv2d(4, 3).groups(2), 3, 8, 8));
        rejects(
                """
                conv2d: 3 output channels cannot be cut into 2 groups
                  input    [1, 4, 8, 8]       (N, C, H, W)
                  weight   [3, 2, 3, 3]       (out, in/groups, kH, kW)  net.weight
                  at net = conv2d(3, 3).groups(2)\
                """,
                () -> model(conv2d(3, 3).groups(2), 4, 8, 8));
    }

    @Test
    void rejectsKernelsThatDoNotFit() {
        rejects(
                """
                conv2d: kernel 5 x 5 with dilation 2 x 2 does not fit into input 4 x 9 with padding 2 x 2
                  input    [1, 1, 4, 9]       (N, C, H, W)
                  weight   [1, 1, 5, 5]       (out, in/groups, kH, kW)  net.weight
                  at net = conv2d(1, 5).padding(2).dilation(2)\
                """,
                () -> model(conv2d(1, 5).padding(2).dilation(2), 1, 4, 9));
    }
}
