package lamella.tck;

import lamella.backend.RecurrentKernels.Cell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Fused recurrent kernels: each cell, sizes around vector widths, lengths, both directions; forward
/// alone, and forward and back. A backend need not have them.
final class RecurrentCases {
    /// Batch, steps, inputs, hidden.
    private static final int[][] SIZES = {
        {1, 1, 1, 1},
        {1, 2, 5, 7},
        {3, 9, 5, 8},
        {3, 2, 16, 9},
        {1, 9, 16, 16},
        {3, 9, 1, 17},
        {3, 40, 5, 9},
        {4, 1, 31, 65},
        {32, 1, 16, 8},
        {32, 2, 5, 16},
        {32, 9, 16, 33},
        {32, 40, 5, 17},
        {1, 40, 16, 33},
        {17, 9, 65, 100},
        {0, 9, 5, 7},
        {3, 0, 5, 7}
    };

    private RecurrentCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Cell cell : Cell.values()) {
            for (int[] size : SIZES) {
                RecurrentRun full = RecurrentRun.full(cell, size[0], size[1], size[2], size[3]);
                RecurrentRun mixed = full.mixed();
                for (RecurrentRun run : mixed.isPadded() ? List.of(full, mixed) : List.of(full)) {
                    add(cases, run);
                    add(cases, run.reversed());
                }
            }
            add(cases, RecurrentRun.full(cell, 3, 9, 5, 8).withLengths(0, 0, 0));
            cases.add(withNaN(RecurrentRun.full(cell, 3, 9, 5, 9)));
            cases.add(saturated(RecurrentRun.full(cell, 3, 9, 1, 17)));
        }
        return cases.stream();
    }

    private static void add(List<KernelCase> cases, RecurrentRun run) {
        cases.add(new KernelCase("forward, " + run, run.values(run.x()), run::forward, ofValues(run, 1)));
        cases.add(forwardAndBack(run));
    }

    static KernelCase forwardAndBack(RecurrentRun run) {
        var operands = new ArrayList<>(run.values(run.x()));
        operands.addAll(run.gradients());
        return new KernelCase("forward and back, " + run, operands, run::forwardAndBack, tolerance(run));
    }

    /// A NaN and an infinity spoil what follows in their own sequences and nothing else.
    private static KernelCase withNaN(RecurrentRun run) {
        Operand x = run.x();
        x.floats()[(1 * 9 + 4) * 5 + 2] = Float.NaN;
        x.floats()[(2 * 9 + 6) * 5] = Float.POSITIVE_INFINITY;
        return new KernelCase("forward with NaN and infinity, " + run, run.values(x), run::forward, ofValues(run, 1));
    }

    /// Sums of up to 1e4 in the gates: sigmoid and tanh are at their ends, and nothing overflows. With
    /// one input, the error of a sum is relative to the sum itself.
    private static KernelCase saturated(RecurrentRun run) {
        Operand x = Operand.uniform(1, -1e4, 1e4, run.x().shape().dims());
        double scale = run.cell() == Cell.RNN_RELU ? 1e4 : 1;
        return new KernelCase("forward, saturated, " + run, run.values(x), run::forward, ofValues(run, scale));
    }

    /// Returns the roundings of a state: those of a gate's sum of in + H + 1 terms, as often as
    /// independent errors of T steps add up to, √T.
    static double valueUnits(RecurrentRun run) {
        return Math.sqrt(Math.max(run.steps(), 1)) * Tolerance.sumUnits(run.inputs() + run.hidden() + 1);
    }

    /// Returns the roundings of a gradient that flows through the steps: those of the states, and on
    /// the way back those of a sum over G·H gates at each step.
    static double flowUnits(RecurrentRun run) {
        double back = Tolerance.sumUnits(run.cell().gates() * run.hidden());
        return valueUnits(run) + Math.sqrt(Math.max(run.steps(), 1)) * back;
    }

    /// Returns the roundings of a weight's gradient: those of its terms, and of a sum of N·T terms.
    static double weightUnits(RecurrentRun run) {
        return flowUnits(run) + Tolerance.sumUnits(run.batch() * run.steps());
    }

    /// Returns how large a weight's gradient is: N·T terms near 1, of either sign.
    static double weightScale(RecurrentRun run) {
        return Math.sqrt(Math.max(run.batch() * run.steps(), 1));
    }

    private static Tolerance ofValues(RecurrentRun run, double scale) {
        return Tolerance.relativeTo(valueUnits(run), scale);
    }

    /// The bound of each operand of a forward and a backward pass, by its place and shape.
    private static Tolerance tolerance(RecurrentRun run) {
        Tolerance values = ofValues(run, 1);
        Tolerance flow = Tolerance.relativeTo(flowUnits(run), 1);
        Tolerance weights = Tolerance.relativeTo(weightUnits(run), weightScale(run));
        int first = run.values(run.x()).size();
        int last = first + (run.cell().hasCell() ? 3 : 2);
        return (kernelCase, operand, expected) -> {
            Tolerance tolerance = operand < first ? values : operand < last ? flow : weights;
            return tolerance.allowed(kernelCase, operand, expected);
        };
    }
}
