package lamella.tck;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.Epilogue;
import lamella.backend.Epilogue.Function;
import lamella.backend.View;
import lamella.tck.ConvolutionCases.Geometry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Convolutions and linear maps with what follows them: with and without bias, something added, and functions.
final class FusedCases {
    /// Elements of the largest result: all of a LeNet-5 is below, what is above shows no more of an epilogue.
    private static final int ENOUGH = 15_000;

    private static final Function RELU = new Function(Unary.RELU, 0);
    private static final Function LEAKY = new Function(Unary.LEAKY_RELU, 0.25f);
    private static final Function HALF = new Function(Unary.SCALE, 0.5f);
    private static final Function TANH = new Function(Unary.TANH, 0);

    /// What follows: all of these only add, multiply and choose, so that the tolerance is that of the sum.
    private enum Kind {
        NOTHING(false, false, List.of()),
        BIAS_AND_RELU(true, false, List.of(RELU)),
        ADDED(false, true, List.of()),
        EVERYTHING(true, true, List.of(LEAKY, HALF));

        private final boolean biased;
        private final boolean adds;
        private final List<Function> functions;

        Kind(boolean biased, boolean adds, List<Function> functions) {
            this.biased = biased;
            this.adds = adds;
            this.functions = functions;
        }
    }

    private FusedCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Geometry geometry : ConvolutionCases.geometries()) {
            for (Kind kind : Kind.values()) {
                if (geometry.y().size() <= ENOUGH) {
                    cases.add(convolution(geometry, kind));
                }
            }
        }
        int[][] sizes = {
            {1, 1, 1}, {1, 400, 120}, {7, 1, 8}, {9, 15, 16}, {33, 31, 65}, {65, 300, 17}, {0, 5, 7}, {5, 0, 7}
        };
        for (int[] size : sizes) {
            for (Kind kind : Kind.values()) {
                cases.add(linear(size, kind));
            }
        }
        cases.add(special());
        cases.add(tangent());
        return cases.stream();
    }

    private static KernelCase convolution(Geometry g, Kind kind) {
        return KernelCase.of(
                "convolution, " + kind + ", " + g,
                Tolerance.sum(g.weight().sizeBetween(1, 4) + 2),
                (b, v) ->
                        b.fused()
                                .convolution(
                                        v.get(0), v.get(1), bias(kind, v), g.options(), epilogue(kind, v), v.get(4)),
                Operand.random(1, g.x().dims()),
                Operand.random(2, g.weight().dims()),
                Operand.random(3, g.weight().dim(0)),
                Operand.random(4, g.y().dims()),
                Operand.out(g.y().dims()));
    }

    private static KernelCase linear(int[] size, Kind kind) {
        Shape out = Shape.of(size[0], size[2]);
        return KernelCase.of(
                "linear, %s, %d x %d by %d".formatted(kind, size[0], size[1], size[2]),
                Tolerance.sum(size[1] + 2),
                (b, v) -> b.fused().linear(v.get(0), v.get(1), bias(kind, v), epilogue(kind, v), v.get(4)),
                Operand.random(5, size[0], size[1]),
                Operand.random(6, size[2], size[1]),
                Operand.random(7, size[2]),
                Operand.random(8, out.dims()),
                Operand.out(out.dims()));
    }

    private static Optional<View> bias(Kind kind, List<View> views) {
        return kind.biased ? Optional.of(views.get(2)) : Optional.empty();
    }

    private static Epilogue epilogue(Kind kind, List<View> views) {
        return new Epilogue(kind.adds ? Optional.of(views.get(3)) : Optional.empty(), kind.functions);
    }

    /// A NaN spoils the element to which it is added, also through a rectifier, and no other.
    private static KernelCase special() {
        Operand added = Operand.random(9, 2, 3, 5, 7);
        added.floats()[17] = Float.NaN;
        added.floats()[40] = Float.POSITIVE_INFINITY;
        added.floats()[41] = Float.NEGATIVE_INFINITY;
        return KernelCase.of(
                "convolution with NaN and infinities added, and a rectifier",
                Tolerance.sum(5),
                (b, v) ->
                        b.fused()
                                .convolution(
                                        v.get(0),
                                        v.get(1),
                                        Optional.empty(),
                                        Conv2dOptions.defaults(),
                                        new Epilogue(Optional.of(v.get(2)), List.of(RELU)),
                                        v.get(3)),
                Operand.random(10, 2, 4, 5, 7),
                Operand.random(11, 3, 4, 1, 1),
                added,
                Operand.out(2, 3, 5, 7));
    }

    /// A function whose slope is at most 1: an error of its argument, here of at most 10 terms below 1, does not grow.
    private static KernelCase tangent() {
        return KernelCase.of(
                "linear with a tangent",
                Tolerance.relativeTo(10 * Tolerance.sumUnits(10), 1),
                (b, v) ->
                        b.fused()
                                .linear(
                                        v.get(0),
                                        v.get(1),
                                        Optional.of(v.get(2)),
                                        new Epilogue(Optional.empty(), List.of(TANH)),
                                        v.get(3)),
                Operand.random(12, 17, 9),
                Operand.random(13, 33, 9),
                Operand.random(14, 33),
                Operand.out(17, 33));
    }
}
