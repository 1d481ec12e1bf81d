package lamella.tck;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.ConvolutionKernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Convolution and its gradients on every edge of the formula of the output's extents.
final class ConvolutionCases {
    private static final Conv2dOptions PLAIN = Conv2dOptions.defaults();

    /// Extents and options of a convolution.
    ///
    /// @param x input `[N, C, H, W]`
    /// @param weight `[O, C/groups, kH, kW]`
    /// @param options how it walks
    record Geometry(Shape x, Shape weight, Conv2dOptions options) {
        static Geometry of(
                int batch,
                int channels,
                int height,
                int width,
                int filters,
                int kernelHeight,
                int kernelWidth,
                Conv2dOptions options) {
            return new Geometry(
                    Shape.of(batch, channels, height, width),
                    Shape.of(filters, channels / options.groups(), kernelHeight, kernelWidth),
                    options);
        }

        Shape y() {
            return Shape.of(
                    x.dim(0),
                    weight.dim(0),
                    options.outputHeight(x.dim(2), weight.dim(2)),
                    options.outputWidth(x.dim(3), weight.dim(3)));
        }

        @Override
        public String toString() {
            return "x %s, weight %s, %s".formatted(x, weight, options);
        }
    }

    private ConvolutionCases() {}

    static List<Geometry> geometries() {
        return List.of(
                Geometry.of(1, 1, 1, 1, 1, 1, 1, PLAIN),
                Geometry.of(2, 3, 7, 5, 4, 1, 1, PLAIN), // 1x1
                Geometry.of(2, 3, 8, 9, 5, 1, 1, PLAIN.stride(2)), // 1x1 that skips
                Geometry.of(3, 2, 5, 4, 7, 5, 4, PLAIN), // kernel = input
                Geometry.of(2, 3, 9, 9, 4, 3, 3, PLAIN),
                Geometry.of(2, 3, 9, 7, 8, 3, 3, PLAIN.padding(1)), // same extents
                Geometry.of(1, 2, 3, 3, 2, 5, 5, PLAIN.padding(2)), // kernel > input
                Geometry.of(2, 2, 5, 5, 3, 3, 3, PLAIN.padding(4)), // padding > kernel
                Geometry.of(2, 3, 11, 10, 4, 3, 3, PLAIN.stride(2)), // last column unread
                Geometry.of(2, 3, 11, 10, 4, 2, 2, PLAIN.stride(3)), // stride > kernel
                Geometry.of(1, 2, 9, 9, 2, 3, 3, PLAIN.stride(2).padding(1)),
                Geometry.of(2, 2, 9, 11, 3, 3, 3, PLAIN.dilation(2)),
                Geometry.of(2, 2, 9, 11, 3, 3, 3, PLAIN.dilation(2).padding(2).stride(2)),
                Geometry.of(2, 4, 7, 7, 6, 3, 3, PLAIN.groups(2).padding(1)),
                Geometry.of(2, 8, 6, 6, 8, 3, 3, PLAIN.groups(8).padding(1)), // depthwise
                Geometry.of(2, 3, 6, 6, 6, 3, 3, PLAIN.groups(3)), // two filters a channel
                Geometry.of(1, 4, 6, 7, 6, 1, 1, PLAIN.groups(2)),
                Geometry.of(2, 2, 9, 12, 3, 2, 5, new Conv2dOptions(3, 2, 1, 2, 2, 1, 1)),
                Geometry.of(1, 1, 1, 40, 2, 1, 9, PLAIN), // one row
                Geometry.of(1, 1, 40, 1, 2, 9, 1, PLAIN), // one column
                Geometry.of(1, 17, 8, 33, 31, 3, 3, PLAIN.padding(1)),
                Geometry.of(3, 1, 28, 28, 6, 5, 5, PLAIN.padding(2)), // LeNet-5
                Geometry.of(2, 6, 14, 14, 16, 5, 5, PLAIN),
                Geometry.of(2, 3, 31, 31, 9, 11, 11, PLAIN.stride(4).padding(2)), // AlexNet
                Geometry.of(8, 32, 28, 28, 32, 3, 3, PLAIN.padding(1)),
                Geometry.of(4, 64, 14, 14, 32, 1, 1, PLAIN),
                Geometry.of(1, 64, 17, 19, 64, 3, 3, PLAIN.padding(2)), // Winograd's method, where there is one
                Geometry.of(2, 40, 18, 15, 48, 3, 3, PLAIN),
                Geometry.of(2, 19, 15, 13, 19, 3, 3, PLAIN.groups(19).padding(1)), // depthwise, odd extents
                Geometry.of(2, 9, 16, 17, 9, 3, 3, PLAIN.groups(9).stride(2).padding(1)),
                Geometry.of(1, 3, 12, 33, 3, 5, 5, PLAIN.groups(3).stride(2).padding(2)),
                Geometry.of(3, 2, 3, 2, 2, 3, 3, PLAIN.groups(2).padding(1)), // images of few pixels
                Geometry.of(1, 2, 9, 12, 2, 3, 2, new Conv2dOptions(3, 2, 1, 2, 2, 1, 2)),
                Geometry.of(2, 37, 7, 7, 41, 1, 1, PLAIN),
                Geometry.of(0, 3, 7, 5, 4, 3, 3, PLAIN));
    }

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Geometry geometry : geometries()) {
            add(cases, geometry);
        }
        cases.add(special());
        return cases.stream();
    }

    private static void add(List<KernelCase> cases, Geometry g) {
        Operand x = Operand.random(1, g.x().dims());
        Operand weight = Operand.random(2, g.weight().dims());
        Operand bias = Operand.random(3, g.weight().dim(0));
        Operand gradient = Operand.random(4, g.y().dims());
        int products = g.weight().sizeBetween(1, 4);
        cases.add(
                KernelCase.of(
                        "forward, " + g,
                        Tolerance.sum(products),
                        (b, v) -> b.convolution().forward(v.get(0), v.get(1), Optional.empty(), g.options(), v.get(2)),
                        x,
                        weight,
                        Operand.out(g.y().dims())));
        cases.add(
                KernelCase.of(
                        "forward with bias, " + g,
                        Tolerance.sum(products + 1),
                        (b, v) ->
                                b.convolution()
                                        .forward(v.get(0), v.get(1), Optional.of(v.get(2)), g.options(), v.get(3)),
                        x,
                        weight,
                        bias,
                        Operand.out(g.y().dims())));
        cases.add(
                KernelCase.of(
                        "inputGradient, " + g,
                        Tolerance.sum(products * g.weight().dim(0) / g.x().dim(1)),
                        (b, v) -> b.convolution().inputGradient(v.get(0), v.get(1), g.options(), v.get(2)),
                        gradient,
                        weight,
                        Operand.out(g.x().dims())));
        cases.add(
                KernelCase.of(
                        "weightGradient, " + g,
                        Tolerance.sum(g.y().size() / g.y().dim(1)),
                        (b, v) -> b.convolution().weightGradient(v.get(0), v.get(1), g.options(), v.get(2)),
                        x,
                        gradient,
                        Operand.out(g.weight().dims())));
    }

    /// A NaN in the input spoils the windows that see it, and padding is no NaN.
    private static KernelCase special() {
        Operand x = Operand.random(5, 1, 2, 9, 9);
        x.floats()[4 * 9 + 4] = Float.NaN;
        x.floats()[81] = Float.POSITIVE_INFINITY;
        return KernelCase.of(
                "forward with NaN and infinity",
                Tolerance.sum(18),
                (b, v) -> {
                    ConvolutionKernels kernels = b.convolution();
                    kernels.forward(v.get(0), v.get(1), Optional.empty(), PLAIN.padding(1), v.get(2));
                },
                x,
                Operand.random(6, 3, 2, 3, 3),
                Operand.out(1, 3, 9, 9));
    }
}
