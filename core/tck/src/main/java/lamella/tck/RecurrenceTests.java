package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels.Cell;
import lamella.tensor.Autograd;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.DynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Fused kernels give what the same cell composed from the backend's other kernels gives, and the same
/// gradients. Both are float32, so they may lie twice as far apart as either from the exact values.
record RecurrenceTests(Backend backend) {
    Stream<DynamicTest> all() {
        return Stream.of(Recurrence.values())
                .flatMap(
                        kind -> {
                            RecurrentRun run = RecurrentRun.full(Cell.valueOf(kind.name()), 5, 11, 6, 19);
                            return Stream.of(run, run.mixed(), run.mixed().reversed())
                                    .map(
                                            r ->
                                                    DynamicTest.dynamicTest(
                                                            "fused equals composed, " + r, () -> check(kind, r)));
                        });
    }

    /// A kind of cell, from its operands to the states and the last state.
    private interface Sequence {
        Recurrence.Result run(Tensor x, int[] lengths, boolean reverse, Recurrence.State initial, Recurrence.Weights w);
    }

    private void check(Recurrence kind, RecurrentRun run) {
        // no padding of NaN: 0 · NaN, as composed, is NaN
        Operand x = Operand.random(1, run.batch(), run.steps(), run.inputs());
        List<Operand> operands = run.values(x).stream().filter(o -> o.role() == Operand.Role.INPUT).toList();
        List<Tensor> fused = evaluate(kind::run, run, operands);
        List<Tensor> composed = evaluate(new ComposedRecurrence(kind)::run, run, operands);
        int results = fused.size() - operands.size();
        for (int i = 0; i < fused.size(); i++) {
            int operand = i - results;
            boolean flows = operand < (run.cell().hasCell() ? 3 : 2);
            double units =
                    operand < 0
                            ? RecurrentCases.valueUnits(run)
                            : flows ? RecurrentCases.flowUnits(run) : RecurrentCases.weightUnits(run);
            double scale = operand < 0 || flows ? 1 : RecurrentCases.weightScale(run);
            assertNear(
                    composed.get(i), fused.get(i), units, scale, operand < 0 ? "result " + i : "gradient " + operand);
        }
    }

    private static void assertNear(Tensor expected, Tensor actual, double units, double scale, String what) {
        assertEquals(expected.shape(), actual.shape());
        float[] values = expected.toFloats();
        float[] others = actual.toFloats();
        for (int i = 0; i < values.length; i++) {
            double bound = Tolerance.bound(2 * units, Math.max(Math.abs(values[i]), scale));
            assertEquals(values[i], others[i], bound, what + ", element " + i);
        }
    }

    /// Returns the results, then the gradients of their weighted sum by all operands.
    private List<Tensor> evaluate(Sequence sequence, RecurrentRun run, List<Operand> operands) {
        List<Tensor> in = operands.stream().map(o -> Tensor.of(backend, o.shape(), o.floats())).toList();
        var results = new ArrayList<Tensor>();
        List<Tensor> gradients =
                Autograd.gradients(
                        in,
                        () -> {
                            results.addAll(results(sequence, run, in));
                            Tensor sum = Tensor.zeros(backend, Shape.of());
                            for (int i = 0; i < results.size(); i++) {
                                Tensor result = results.get(i);
                                Operand weight = Operand.random(20 + i, result.shape().dims());
                                sum =
                                        sum.add(
                                                result.multiply(Tensor.of(backend, weight.shape(), weight.floats()))
                                                        .sum());
                            }
                            return sum;
                        });
        results.addAll(gradients);
        return results;
    }

    private static List<Tensor> results(Sequence sequence, RecurrentRun run, List<Tensor> in) {
        var operands = in.iterator();
        Tensor x = operands.next();
        boolean cell = run.cell().hasCell();
        var initial = new Recurrence.State(operands.next(), cell ? Optional.of(operands.next()) : Optional.empty());
        var weights =
                new Recurrence.Weights(
                        operands.next(),
                        operands.next(),
                        operands.next(),
                        run.cell().hasCandidateBias() ? Optional.of(operands.next()) : Optional.empty());
        Recurrence.Result result = sequence.run(x, run.lengths(), run.reverse(), initial, weights);
        var results = new ArrayList<>(List.of(result.states(), result.last().hidden()));
        result.last().cell().ifPresent(results::add);
        return results;
    }
}
