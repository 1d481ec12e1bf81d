package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;
import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.RecurrentKernels;
import lamella.tck.GradCheck;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Recurrence.Weights;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

class RecurrentOpsTest {
    /// One input, one hidden unit: weight 2, hidden weight 3, bias 1, from the state 1.
    private static Recurrence.Result rectified(Tensor x, boolean reverse, int... lengths) {
        var weights = new Weights(tensor(Shape.of(1, 1), 2), tensor(Shape.of(1, 1), 3), vector(1), Optional.empty());
        float[] ones = new float[lengths.length];
        Arrays.fill(ones, 1);
        var initial = new State(tensor(Shape.of(lengths.length, 1), ones), Optional.empty());
        return Recurrence.RNN_RELU.run(x, lengths, reverse, initial, weights);
    }

    /// x = 1, 2: 2 + 1 + 3 = 6, then 4 + 1 + 18 = 23.
    @Test
    void runsAllSteps() {
        Recurrence.Result result = rectified(tensor(Shape.of(1, 2, 1), 1, 2), false, 2);

        assertElements(result.states(), Shape.of(1, 2, 1), 6, 23);
        assertElements(result.last().hidden(), Shape.of(1, 1), 23);
        assertEquals(Optional.empty(), result.last().cell());
    }

    /// Backwards 4 + 1 + 3 = 8, then 2 + 1 + 24 = 27; a sequence of length 0 leaves the state as it was.
    @Test
    void stopsAtEachLengthAndRunsBackwards() {
        Tensor x = tensor(Shape.of(2, 3, 1), 1, 2, Float.NaN, Float.NaN, Float.NaN, Float.NaN);

        Recurrence.Result there = rectified(x, false, 2, 0);
        Recurrence.Result back = rectified(x, true, 2, 0);

        assertElements(there.states(), Shape.of(2, 3, 1), 6, 23, 0, 0, 0, 0);
        assertElements(there.last().hidden(), Shape.of(2, 1), 23, 1);
        assertElements(back.states(), Shape.of(2, 3, 1), 27, 8, 0, 0, 0, 0);
        assertElements(back.last().hidden(), Shape.of(2, 1), 27, 1);
    }

    /// All sums are 0: each gate is 1/2 and the candidate 0, so the cell halves at each step.
    @Test
    void anLstmHasACell() {
        var weights = new Weights(zeros(4, 2), zeros(4, 1), zeros(4), Optional.empty());
        var initial = new State(zeros(1, 1), Optional.of(tensor(Shape.of(1, 1), 8)));

        Recurrence.Result result = Recurrence.LSTM.run(zeros(1, 2, 2), new int[] {2}, false, initial, weights);

        float first = (float) Math.tanh(4) / 2;
        float last = (float) Math.tanh(2) / 2;
        assertElements(result.states(), Shape.of(1, 2, 1), first, last);
        assertElements(result.last().hidden(), Shape.of(1, 1), last);
        assertElements(result.last().cell().orElseThrow(), Shape.of(1, 1), 2);
    }

    /// Parameters of all operands, of [2, 4, 2] to 3.
    private record Operands(
            Recurrence kind,
            Parameter x,
            Parameter hidden,
            Parameter cell,
            Parameter input,
            Parameter recurrent,
            Parameter bias,
            Parameter candidate) {
        static Operands of(Recurrence kind) {
            int stacked = 3 * kind.gates();
            return new Operands(
                    kind,
                    parameter("x", 2, 4, 2),
                    parameter("hidden", 2, 3),
                    parameter("cell", 2, 3),
                    parameter("input weight", stacked, 2),
                    parameter("hidden weight", stacked, 3),
                    parameter("bias", stacked),
                    parameter("candidate bias", 3));
        }

        List<Parameter> all() {
            List<Parameter> all = new ArrayList<>(List.of(x, hidden, input, recurrent, bias));
            if (kind == Recurrence.LSTM) {
                all.add(cell);
            }
            if (kind == Recurrence.GRU) {
                all.add(candidate);
            }
            return all;
        }

        Recurrence.Result run(boolean reverse, int... lengths) {
            var initial = new State(hidden.value(), Optional.of(cell.value()));
            var weights = new Weights(input.value(), recurrent.value(), bias.value(), Optional.of(candidate.value()));
            return kind.run(x.value(), lengths, reverse, initial, weights);
        }
    }

    /// All results, side by side.
    private static Tensor all(Recurrence.Result result) {
        List<Tensor> parts = new ArrayList<>(List.of(result.states().flatten(0), result.last().hidden().flatten(0)));
        result.last().cell().ifPresent(cell -> parts.add(cell.flatten(0)));
        return Tensor.concatenate(0, parts.toArray(Tensor[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void hasItsGradient(Recurrence kind) {
        Operands operands = Operands.of(kind);
        for (boolean reverse : new boolean[] {false, true}) {
            GradCheck.check(operands.all(), () -> all(operands.run(reverse, 4, 4)));
            GradCheck.check(operands.all(), () -> all(operands.run(reverse, 3, 1)));
            GradCheck.check(operands.all(), () -> all(operands.run(reverse, 4, 0)));
        }
    }

    /// What nothing asks for has no gradient to begin with.
    @ParameterizedTest
    @EnumSource
    void hasTheGradientOfEachResultAlone(Recurrence kind) {
        Operands operands = Operands.of(kind);
        List<Function<Recurrence.Result, Tensor>> results =
                List.of(
                        Recurrence.Result::states,
                        result -> result.last().hidden(),
                        result -> result.last().cell().orElse(result.states()));
        for (Function<Recurrence.Result, Tensor> result : results) {
            GradCheck.check(operands.all(), () -> result.apply(operands.run(false, 3, 2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasTheGradientOfSomeOperandsAlone(Recurrence kind) {
        Operands operands = Operands.of(kind);
        for (Parameter operand : operands.all()) {
            GradCheck.check(List.of(operand), () -> all(operands.run(false, 3, 4)));
        }
    }

    @Test
    void oneStateMayServeAsHiddenStateAndCell() {
        Parameter state = parameter("state", 1, 2);
        var weights =
                new Weights(
                        parameter("input", 8, 1).value(),
                        parameter("recurrent", 8, 2).value(),
                        parameter("bias", 8).value(),
                        Optional.empty());
        Tensor x = parameter("x", 1, 3, 1).value();
        GradCheck.check(
                List.of(state),
                () -> {
                    var initial = new State(state.value(), Optional.of(state.value()));
                    return all(Recurrence.LSTM.run(x, new int[] {3}, false, initial, weights));
                });
    }

    @Test
    void changingTheLengthsLaterChangesNothing() {
        Operands operands = Operands.of(Recurrence.GRU);
        int[] lengths = {3, 1};
        Tensor expected =
                Autograd.gradients(List.of(operands.x().value()), () -> operands.run(false, 3, 1).states().sum())
                        .getFirst();

        Tensor actual =
                Autograd.gradients(
                                List.of(operands.x().value()),
                                () -> {
                                    Tensor states = operands.run(false, lengths).states();
                                    lengths[0] = 1;
                                    lengths[1] = 4;
                                    return states.sum();
                                })
                        .getFirst();

        assertElements(actual, expected.shape(), expected.toFloats());
    }

    @Test
    void itsResultsShareOneStorage() {
        Recurrence.Result result = Operands.of(Recurrence.LSTM).run(false, 4, 4);

        assertSame(result.states().view().storage(), result.last().hidden().view().storage());
        assertEquals(2 * 4 * 3, result.last().hidden().view().offset());
        assertEquals(2 * 4 * 3 + 2 * 3, result.last().cell().orElseThrow().view().offset());
    }

    @Test
    void keepsWhatTheGradientNeedsOnlyWhereOneIsAskedFor() {
        Operands operands = Operands.of(Recurrence.LSTM);
        long flat = 4 * (2 * 4 * 3 + 2 * 2 * 3);
        int reserve = REFERENCE.recurrent().orElseThrow().reserveSize(RecurrentKernels.Cell.LSTM, 2, 4, 2, 3);
        long before = REFERENCE.memory().live();
        Memory.scope(
                () -> {
                    operands.run(false, 4, 4);
                    assertEquals(flat, REFERENCE.memory().live() - before);
                });
        Memory.scope(
                () ->
                        Autograd.differentiate(
                                List.of(operands.x()),
                                () -> {
                                    Recurrence.Result result = operands.run(false, 4, 4);
                                    assertEquals(flat + 4 * reserve, REFERENCE.memory().live() - before);
                                    return result.states().sum();
                                }));
        assertEquals(before, REFERENCE.memory().live());
    }

    @Test
    void aPartThatIsKeptOutlivesItsScope() {
        Tensor last = Memory.scopeKeeping(() -> rectified(tensor(Shape.of(1, 2, 1), 1, 2), false, 2).last().hidden());

        assertElements(last, Shape.of(1, 1), 23);
    }

    @Test
    void runsAnEmptyBatch() {
        Recurrence.Result result = rectified(zeros(0, 2, 1), false);

        assertElements(result.states(), Shape.of(0, 2, 1));
        assertElements(result.last().hidden(), Shape.of(0, 1));
    }

    @Test
    void needsABackendWithTheKernels() {
        try (Backend plain = ReferenceBackend.withoutFusedKernels()) {
            Tensor x = Tensor.zeros(plain, Shape.of(1, 1, 1));
            Tensor one = Tensor.zeros(plain, Shape.of(1, 1));
            var weights = new Weights(one, one, Tensor.zeros(plain, Shape.of(1)), Optional.empty());
            var initial = new State(one, Optional.empty());

            assertTrue(Recurrence.isFused(REFERENCE));
            assertFalse(Recurrence.isFused(plain));
            assertEquals(
                    "backend 'reference' has no fused recurrent kernels",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> Recurrence.RNN_TANH.run(x, new int[] {1}, false, initial, weights))
                            .getMessage());
        }
    }

    @Test
    void needsACellOrACandidateBiasWhereThereIsOne() {
        var initial = new State(zeros(1, 1), Optional.empty());
        for (Recurrence kind : List.of(Recurrence.LSTM, Recurrence.GRU)) {
            int stacked = kind.gates();
            var weights = new Weights(zeros(stacked, 1), zeros(stacked, 1), zeros(stacked), Optional.empty());
            assertThrows(
                    NoSuchElementException.class,
                    () -> kind.run(zeros(1, 1, 1), new int[] {1}, false, initial, weights));
        }
    }
}
