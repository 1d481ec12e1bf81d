package lamella.tck;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Pooling and its gradients on every edge of the formula of the output's extents.
final class PoolingCases {
    /// Extents and options of a pooling.
    ///
    /// @param x input `[N, C, H, W]`
    /// @param options how it walks
    record Geometry(Shape x, Pool2dOptions options) {
        static Geometry of(int batch, int channels, int height, int width, Pool2dOptions options) {
            return new Geometry(Shape.of(batch, channels, height, width), options);
        }

        Shape y() {
            return Shape.of(x.dim(0), x.dim(1), options.outputHeight(x.dim(2)), options.outputWidth(x.dim(3)));
        }

        /// Returns how many windows a cell lies in, at most.
        int overlap() {
            return Math.ceilDiv(options.kernelHeight(), options.strideHeight())
                    * Math.ceilDiv(options.kernelWidth(), options.strideWidth());
        }

        @Override
        public String toString() {
            return "x %s, %s".formatted(x, options);
        }
    }

    private PoolingCases() {}

    static List<Geometry> geometries() {
        Pool2dOptions two = Pool2dOptions.of(2);
        Pool2dOptions three = Pool2dOptions.of(3);
        return List.of(
                Geometry.of(1, 1, 1, 1, Pool2dOptions.of(1)),
                Geometry.of(2, 3, 7, 5, Pool2dOptions.of(1)), // 1x1
                Geometry.of(2, 3, 8, 6, two),
                Geometry.of(2, 3, 7, 9, two), // last row and column unread
                Geometry.of(2, 3, 7, 9, two.partial(true)),
                Geometry.of(2, 3, 7, 9, two.partial(true).countPadding(false)),
                Geometry.of(2, 2, 5, 5, Pool2dOptions.of(5)), // kernel = input
                Geometry.of(2, 2, 9, 8, three.stride(1)), // overlapping
                Geometry.of(2, 2, 9, 8, three.stride(2)),
                Geometry.of(2, 2, 11, 10, two.stride(3)), // stride > kernel
                Geometry.of(2, 2, 11, 10, two.stride(3).partial(true)),
                Geometry.of(2, 2, 9, 8, three.stride(1).padding(1)),
                Geometry.of(2, 2, 9, 8, three.stride(1).padding(1).countPadding(false)),
                Geometry.of(2, 2, 9, 8, three.stride(2).padding(1).partial(true)),
                Geometry.of(2, 2, 9, 8, three.stride(2).padding(1).partial(true).countPadding(false)),
                Geometry.of(2, 2, 6, 7, two.padding(1)),
                Geometry.of(2, 2, 6, 7, two.padding(1).countPadding(false)),
                Geometry.of(1, 2, 2, 2, three.padding(1).partial(true)), // kernel > input
                Geometry.of(1, 2, 12, 9, new Pool2dOptions(4, 2, 3, 1, 2, 1, true, true)),
                Geometry.of(1, 2, 12, 9, new Pool2dOptions(4, 2, 3, 1, 2, 1, false, false)),
                Geometry.of(1, 1, 1, 33, new Pool2dOptions(1, 3, 1, 2, 0, 1, true, false)),
                Geometry.of(1, 1, 33, 1, new Pool2dOptions(3, 1, 2, 1, 1, 0, true, false)),
                Geometry.of(3, 5, 17, 16, two),
                Geometry.of(1, 3, 31, 65, two.partial(true)),
                Geometry.of(8, 32, 28, 28, two),
                Geometry.of(4, 16, 27, 27, three.stride(2)), // AlexNet
                Geometry.of(4, 64, 7, 7, Pool2dOptions.of(7)), // global
                Geometry.of(0, 3, 6, 6, two));
    }

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Geometry g : geometries()) {
            maximum(cases, "", g, Operand.random(1, g.x().dims()));
            average(cases, g);
        }
        ties(cases);
        special(cases);
        return cases.stream();
    }

    private static void maximum(List<KernelCase> cases, String what, Geometry g, Operand x) {
        cases.add(
                KernelCase.of(
                        "maximum%s, %s".formatted(what, g),
                        Tolerance.relative(0),
                        (b, v) -> b.pooling().maximum(v.get(0), g.options(), v.get(1)),
                        x,
                        Operand.out(g.y().dims())));
        cases.add(
                KernelCase.of(
                        "maximumGradient%s, %s".formatted(what, g),
                        Tolerance.sum(g.overlap()),
                        (b, v) -> b.pooling().maximumGradient(v.get(0), v.get(1), v.get(2), g.options(), v.get(3)),
                        // positive, since the bound takes absolute values
                        Operand.generated(x.shape(), i -> x.floats()[i] + 1),
                        maxima(g, Operand.generated(x.shape(), i -> x.floats()[i] + 1)),
                        Operand.random(2, g.y().dims()),
                        Operand.out(g.x().dims())));
    }

    /// The forward result, as an operand of the gradient.
    private static Operand maxima(Geometry g, Operand x) {
        double[] y =
                KernelCase.of(
                                "",
                                Tolerance.exact(),
                                (b, v) -> b.pooling().maximum(v.get(0), g.options(), v.get(1)),
                                x,
                                Operand.out(g.y().dims()))
                        .expected()[1];
        return Operand.generated(g.y(), i -> y[i]);
    }

    private static void average(List<KernelCase> cases, Geometry g) {
        int cells = g.options().kernelHeight() * g.options().kernelWidth();
        cases.add(
                KernelCase.of(
                        "average, " + g,
                        Tolerance.sum(cells),
                        (b, v) -> b.pooling().average(v.get(0), g.options(), v.get(1)),
                        Operand.random(1, g.x().dims()),
                        Operand.out(g.y().dims())));
        cases.add(
                KernelCase.of(
                        "averageGradient, " + g,
                        Tolerance.sum(g.overlap()),
                        (b, v) -> b.pooling().averageGradient(v.get(0), g.options(), v.get(1)),
                        Operand.random(2, g.y().dims()),
                        Operand.out(g.x().dims())));
    }

    /// Many equal elements: the gradient goes to the first in row-major order.
    private static void ties(List<KernelCase> cases) {
        for (Pool2dOptions options :
                List.of(Pool2dOptions.of(2), Pool2dOptions.of(3).stride(2).padding(1), Pool2dOptions.of(3).stride(1))) {
            Geometry g = Geometry.of(2, 3, 9, 17, options);
            maximum(cases, " with ties", g, Operand.generated(g.x(), i -> i * 5 % 3 / 2.0));
            maximum(cases, " of zeros", g, Operand.generated(g.x(), _ -> -1));
        }
    }

    /// Windows of negative numbers beside padding, of −∞, and with a NaN or the largest numbers.
    private static void special(List<KernelCase> cases) {
        Geometry g = Geometry.of(1, 2, 9, 9, Pool2dOptions.of(3).stride(2).padding(1));
        float[] values = {
            Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -Float.MAX_VALUE, Float.MAX_VALUE, -1e-40f
        };
        for (float value : values) {
            Operand random = Operand.uniform(3, -3, -2, g.x().dims());
            cases.add(
                    KernelCase.of(
                            "maximum with one %s, %s".formatted(value, g),
                            Tolerance.relative(0),
                            (b, v) -> b.pooling().maximum(v.get(0), g.options(), v.get(1)),
                            Operand.generated(g.x(), i -> i % 37 == 0 ? value : random.floats()[i]),
                            Operand.out(g.y().dims())));
            cases.add(
                    KernelCase.of(
                            "maximum of nothing but %s, %s".formatted(value, g),
                            Tolerance.relative(0),
                            (b, v) -> b.pooling().maximum(v.get(0), g.options(), v.get(1)),
                            Operand.generated(g.x(), _ -> value),
                            Operand.out(g.y().dims())));
        }
    }
}
