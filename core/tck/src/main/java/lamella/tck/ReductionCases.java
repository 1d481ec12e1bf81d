package lamella.tck;

import lamella.array.Shape;
import lamella.backend.ReductionKernels.Reduction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Sums, means, maxima, minima and their places, over each subset of the axes.
final class ReductionCases {
    private ReductionCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Reduction op : Reduction.values()) {
            for (int n : ElementwiseCases.LENGTHS) {
                cases.add(reduce(op, Operand.random(1, n), 0));
            }
            // every subset of four axes
            for (int subset = 0; subset < 16; subset++) {
                int chosen = subset;
                int[] axes =
                        Stream.iterate(0, axis -> axis + 1)
                                .limit(4)
                                .filter(axis -> (chosen >> axis & 1) == 1)
                                .mapToInt(axis -> axis)
                                .toArray();
                cases.add(reduce(op, Operand.random(2, 2, 3, 5, 9), axes));
            }
            cases.add(reduce(op, Operand.random(3)));
            cases.add(reduce(op, Operand.random(3, 17, 33), 0));
            cases.add(reduce(op, Operand.random(3, 17, 33), 1));
            cases.add(reduce(op, Operand.random(3, 300, 1037), 0));
            cases.add(reduce(op, Operand.random(3, 300, 1037), 1));
            cases.add(reduce(op, Operand.random(3, 8, 16, 28, 28), 0, 2, 3));
            cases.add(reduce(op, Operand.random(3, 2, 100_003), 1));
            cases.add(reduce(op, Operand.random(3, 0, 5), 0)); // of none
            cases.add(reduce(op, Operand.random(3, 5, 0), 1));
            cases.add(reduce(op, Operand.random(3, 0, 5), 1)); // nothing to do
            special(cases, op);
        }
        argMaximum(cases);
        return cases.stream();
    }

    private static KernelCase reduce(Reduction op, Operand x, int... axes) {
        Shape kept = x.shape();
        int count = 1;
        for (int i = axes.length - 1; i >= 0; i--) {
            count *= kept.dim(axes[i]);
            kept = kept.without(axes[i]);
        }
        Tolerance tolerance =
                switch (op) {
                    case SUM, MEAN -> Tolerance.sum(count);
                    case MAXIMUM, MINIMUM -> Tolerance.relative(0);
                };
        return KernelCase.of(
                "%s of %s over %s".formatted(op, x.shape(), Arrays.toString(axes)),
                tolerance,
                (b, v) -> b.reduction().reduce(op, v.get(0), axes, v.get(1)),
                x,
                Operand.out(kept.dims()));
    }

    /// A special value at each place of a row; sums that mix ∞ and −∞, or overflow on the way,
    /// depend on the order and are left out.
    private static void special(List<KernelCase> cases, Reduction op) {
        for (float value :
                new float[] {
                    Float.NaN,
                    Float.POSITIVE_INFINITY,
                    Float.NEGATIVE_INFINITY,
                    Float.MAX_VALUE,
                    -Float.MAX_VALUE,
                    1e-40f,
                    -0.0f
                }) {
            int n = 33;
            Operand random = Operand.uniform(4, -1, 0, n, n);
            cases.add(
                    reduce(op, Operand.generated(Shape.of(n, n), i -> i / n == i % n ? value : random.floats()[i]), 1));
        }
        cases.add(reduce(op, Operand.generated(Shape.of(17), _ -> 1e-41), 0));
        cases.add(reduce(op, Operand.generated(Shape.of(3, 65), _ -> Float.NaN), 0));
    }

    private static void argMaximum(List<KernelCase> cases) {
        for (int n : ElementwiseCases.LENGTHS) {
            if (n > 0) {
                cases.add(argMaximum(Operand.random(5, n), 0));
                cases.add(argMaximum(Operand.random(5, 3, n), 1));
            }
        }
        cases.add(argMaximum(Operand.random(6, 5, 7, 9), 0));
        cases.add(argMaximum(Operand.random(6, 5, 7, 9), 1));
        cases.add(argMaximum(Operand.random(6, 5, 7, 9), 2));
        cases.add(argMaximum(Operand.random(6, 1000, 10), 1));
        cases.add(argMaximum(Operand.random(6, 10, 1000), 0));
        cases.add(argMaximum(Operand.random(6, 0, 10), 1));
        // many equal elements: the first counts
        cases.add(argMaximum(Operand.generated(Shape.of(31, 65), i -> i * 7 % 3), 1));
        cases.add(argMaximum(Operand.generated(Shape.of(65, 31), i -> i * 7 % 3), 0));
        cases.add(argMaximum(Operand.generated(Shape.of(3, 33), _ -> Float.NEGATIVE_INFINITY), 1));
        cases.add(argMaximum(Operand.generated(Shape.of(2, 17), i -> i % 2 == 0 ? -0.0 : 0), 1));
        // a NaN at each place, and a second one after it
        int n = 33;
        Operand random = Operand.random(7, n, n);
        cases.add(
                argMaximum(
                        Operand.generated(
                                Shape.of(n, n), i -> i % n == i / n || i % n == n - 1 ? Float.NaN : random.floats()[i]),
                        1));
        cases.add(
                argMaximum(
                        Operand.generated(
                                Shape.of(n, n), i -> i % n == i / n ? Float.POSITIVE_INFINITY : random.floats()[i]),
                        0));
    }

    private static KernelCase argMaximum(Operand x, int axis) {
        return KernelCase.of(
                "argMaximum of %s along %d".formatted(x.shape(), axis),
                Tolerance.exact(),
                (b, v) -> b.reduction().argMaximum(v.get(0), axis, v.get(1)),
                x,
                Operand.outInts(x.shape().without(axis).dims()));
    }
}
