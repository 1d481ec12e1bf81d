package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.copy;
import static lamella.layers.rnn.Run.random;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

class RecurrentLayerTest {
    private static final int BATCH = 3;
    private static final int STEPS = 6;
    private static final int INPUTS = 2;
    private static final int HIDDEN = 3;
    private static final Tensor X = random(7, BATCH, STEPS, INPUTS);

    /// A layer and the parameters that it made.
    private record Made(RecurrentLayer layer, List<Parameter> parameters) {
        static Made of(RecurrentSpec<?> spec, int inputs) {
            Scope scope = Run.scope();
            RecurrentLayer layer = spec.build(scope, Shape.of(STEPS, inputs));
            // biases too should matter
            for (Parameter parameter : scope.parameters()) {
                parameter.assign(random(parameter.path().hashCode(), parameter.shape().dims()));
            }
            return new Made(layer, scope.parameters());
        }

        RecurrentLayer.Output run(Sequences x) {
            return layer.run(x, layer.zeroState(REFERENCE, x.values().shape().dim(0)));
        }

        Gradients gradients(Supplier<Tensor> output) {
            return Autograd.differentiate(
                    parameters,
                    () -> {
                        Tensor y = output.get();
                        return y.multiply(random(99, y.shape().dims())).sum();
                    });
        }
    }

    static Stream<RecurrentSpec<?>> kinds() {
        return Stream.of(rnn(HIDDEN), rnn(HIDDEN).relu(), lstm(HIDDEN), lstm(HIDDEN).peepholes(), gru(HIDDEN));
    }

    private static Sequences padded(float padding, int... lengths) {
        float[] x = X.toFloats();
        for (int n = 0; n < BATCH; n++) {
            Arrays.fill(x, (n * STEPS + lengths[n]) * INPUTS, (n + 1) * STEPS * INPUTS, padding);
        }
        return Sequences.of(Run.tensor(X.shape(), x), lengths);
    }

    private static void assertSame(Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape());
        assertArrayEquals(values(expected), values(actual), 1e-12);
    }

    private static void assertSame(State expected, State actual) {
        assertSame(expected.hidden(), actual.hidden());
        assertEquals(expected.cell().isPresent(), actual.cell().isPresent());
        expected.cell().ifPresent(cell -> assertSame(cell, actual.cell().orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSequenceIsItsStepsOneByOne(RecurrentSpec<?> spec) {
        Scope scope = Run.scope();
        RecurrentLayer layer = spec.everyState().build(scope, Shape.of(STEPS, INPUTS));
        RecurrentCell cell = spec.cell(Run.scope(), INPUTS);

        RecurrentLayer.Output out = layer.run(Sequences.of(X), layer.zeroState(REFERENCE, BATCH));

        State state = cell.zeroState(REFERENCE, BATCH);
        for (int t = 0; t < STEPS; t++) {
            state = cell.step(step(X, t), state);
            assertSame(state.hidden(), step(out.sequences().values(), t));
        }
        assertSame(state, out.state().parts().getFirst());
        assertSame(state.hidden(), layerOf(spec).forward(X));
    }

    private static RecurrentLayer layerOf(RecurrentSpec<?> spec) {
        return spec.build(Run.scope(), Shape.of(STEPS, INPUTS));
    }

    private static Tensor step(Tensor x, int t) {
        return x.slice(1, t, t + 1).reshape(x.shape().without(1));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readsOnWhereItStopped(RecurrentSpec<?> spec) {
        Made made = Made.of(spec.everyState().layers(2), INPUTS);
        Sequences first = Sequences.of(X.slice(1, 0, 4));
        Sequences second = Sequences.of(X.slice(1, 4, STEPS));

        RecurrentLayer.Output whole = made.run(Sequences.of(X));
        RecurrentLayer.Output half = made.run(first);
        RecurrentLayer.Output rest = made.layer().run(second, half.state());

        assertSame(
                whole.sequences().values(),
                Tensor.concatenate(1, half.sequences().values(), rest.sequences().values()));
        for (int i = 0; i < 2; i++) {
            assertSame(whole.state().parts().get(i), rest.state().parts().get(i));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void gradientsFlowThroughTheStateUnlessItIsDetached(RecurrentSpec<?> spec) {
        Made made = Made.of(spec.layers(2), INPUTS);
        Sequences first = Sequences.of(X.slice(1, 0, 4));
        Sequences second = Sequences.of(X.slice(1, 4, STEPS));
        RecurrentState constant = made.run(first).state();

        Gradients whole = made.gradients(() -> made.run(Sequences.of(X)).sequences().values());
        Gradients passed = made.gradients(() -> made.layer().run(second, made.run(first).state()).sequences().values());
        Gradients detached =
                made.gradients(() -> made.layer().run(second, made.run(first).state().detach()).sequences().values());
        Gradients truncated = made.gradients(() -> made.layer().run(second, constant).sequences().values());

        for (Parameter parameter : made.parameters()) {
            assertSame(whole.of(parameter), passed.of(parameter));
            assertSame(truncated.of(parameter), detached.of(parameter));
        }
        Parameter weight = made.parameters().getFirst();
        assertFalse(Arrays.equals(values(whole.of(weight)), values(truncated.of(weight))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void reverseReadsFromTheEndAndKeepsStepsInTheirPlaces(RecurrentSpec<?> spec) {
        RecurrentLayer backward = layerOf(spec.everyState().reverse());
        RecurrentLayer forward = layerOf(spec.everyState());

        assertSame(forward.forward(X.reverse(1)).reverse(1), backward.forward(X));
        assertSame(step(backward.forward(X), 0), layerOf(spec.reverse()).forward(X));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void twoDirectionsAreTwoLayers(RecurrentSpec<?> spec) {
        for (Merge merge : Merge.values()) {
            Made both = Made.of(spec.everyState().bidirectional(merge), INPUTS);
            Made forward = Made.of(spec.everyState(), INPUTS);
            Made backward = Made.of(spec.everyState().reverse(), INPUTS);
            int each = forward.parameters().size();
            copy(both.parameters().subList(0, each), forward.parameters());
            copy(both.parameters().subList(each, 2 * each), backward.parameters());
            Sequences x = padded(Float.NaN, 6, 2, 0);

            RecurrentLayer.Output out = both.run(x);
            RecurrentLayer.Output f = forward.run(x);
            RecurrentLayer.Output b = backward.run(x);

            Tensor left = f.sequences().values();
            Tensor right = b.sequences().values();
            Tensor expected = merge == Merge.SUM ? left.add(right) : Tensor.concatenate(2, left, right);
            assertSame(expected, out.sequences().values());
            assertSame(f.state().parts().getFirst(), out.state().parts().getFirst());
            assertSame(b.state().parts().getFirst(), out.state().parts().getLast());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theLastStateOfTwoDirectionsIsThatOfTheLastAndTheFirstStep(RecurrentSpec<?> spec) {
        Tensor every = layerOf(spec.bidirectional().everyState()).forward(X);
        Tensor last = layerOf(spec.bidirectional()).forward(X);

        assertEquals(Shape.of(BATCH, 2 * HIDDEN), last.shape());
        assertSame(step(every, STEPS - 1).slice(1, 0, HIDDEN), last.slice(1, 0, HIDDEN));
        assertSame(step(every, 0).slice(1, HIDDEN, 2 * HIDDEN), last.slice(1, HIDDEN, 2 * HIDDEN));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stackedLayersAreAChain(RecurrentSpec<?> spec) {
        Made stacked = Made.of(spec.layers(2).bidirectional(), INPUTS);
        Made lower = Made.of(spec.bidirectional().everyState(), INPUTS);
        Made upper = Made.of(spec.bidirectional(), 2 * HIDDEN);
        int each = lower.parameters().size();
        copy(stacked.parameters().subList(0, each), lower.parameters());
        copy(stacked.parameters().subList(each, 2 * each), upper.parameters());
        Sequences x = padded(Float.NaN, 4, 6, 1);

        RecurrentLayer.Output out = stacked.run(x);
        RecurrentLayer.Output below = lower.run(x);
        RecurrentLayer.Output above = upper.run(below.sequences());

        assertSame(above.sequences().values(), out.sequences().values());
        for (int i = 0; i < 2; i++) {
            assertSame(below.state().parts().get(i), out.state().parts().get(i));
            assertSame(above.state().parts().get(i), out.state().parts().get(2 + i));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void paddingIsLeftOut(RecurrentSpec<?> spec) {
        Made made = Made.of(spec.everyState().layers(2).bidirectional(), INPUTS);
        int[] lengths = {4, 6, 1};
        Sequences x = padded(Float.NaN, lengths);

        RecurrentLayer.Output out = made.run(x);
        Tensor y = out.sequences().values();

        assertArrayEquals(lengths, out.sequences().lengths().orElseThrow());
        for (int n = 0; n < BATCH; n++) {
            Tensor alone = X.slice(0, n, n + 1).slice(1, 0, lengths[n]);
            RecurrentLayer.Output expected = made.run(Sequences.of(alone));
            assertSame(expected.sequences().values(), y.slice(0, n, n + 1).slice(1, 0, lengths[n]));
            double[] behind = values(y.slice(0, n, n + 1).slice(1, lengths[n], STEPS));
            assertArrayEquals(new double[behind.length], behind);
            for (int i = 0; i < 4; i++) {
                State state = out.state().parts().get(i);
                assertSame(expected.state().parts().get(i).hidden(), state.hidden().slice(0, n, n + 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void noGradientComesFromPadding(RecurrentSpec<?> spec) {
        Made made = Made.of(spec.everyState().layers(2).bidirectional(), INPUTS);
        int[] lengths = {4, 6, 0};
        Parameter input = Parameter.of("x", padded(Float.NaN, lengths).values(), true);
        var parameters = new ArrayList<>(made.parameters());
        parameters.add(input);

        Gradients gradients = of(made, parameters, Sequences.of(input.value(), lengths));
        Gradients expected = of(made, parameters, padded(0.5f, lengths));

        for (Parameter parameter : made.parameters()) {
            double[] gradient = values(gradients.of(parameter));
            assertArrayEquals(values(expected.of(parameter)), gradient, parameter.path());
            assertTrue(Arrays.stream(gradient).allMatch(Double::isFinite), parameter.path());
        }
        double[] gradient = values(gradients.of(input));
        for (int i = 0; i < gradient.length; i++) {
            int step = i / INPUTS % STEPS;
            int length = lengths[i / (INPUTS * STEPS)];
            assertEquals(step < length, gradient[i] != 0, "step " + step + " of " + length);
        }
    }

    private static Gradients of(Made made, List<Parameter> parameters, Sequences x) {
        return Autograd.differentiate(
                parameters,
                () -> {
                    // the weights are not 0 in the padding
                    Tensor y = made.run(x).sequences().values();
                    return y.multiply(random(99, y.shape().dims())).sum();
                });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingToReadLeavesTheState(RecurrentSpec<?> spec) {
        RecurrentLayer layer = layerOf(spec.everyState());
        RecurrentState state = layer.run(Sequences.of(X), layer.zeroState(REFERENCE, BATCH)).state();

        RecurrentLayer.Output none = layer.run(padded(1, 0, 6, 0), state);
        RecurrentLayer.Output empty =
                layer.run(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(BATCH, 0, INPUTS))), state);

        State before = state.parts().getFirst();
        assertSame(row(before, 0), row(none.state().parts().getFirst(), 0));
        assertSame(row(before, 2), row(none.state().parts().getFirst(), 2));
        assertSame(before, empty.state().parts().getFirst());
        assertEquals(Shape.of(BATCH, 0, HIDDEN), empty.sequences().values().shape());
    }

    private static State row(State state, int n) {
        return new State(state.hidden().slice(0, n, n + 1), state.cell().map(cell -> cell.slice(0, n, n + 1)));
    }

    @Test
    void anyNumberOfStepsWillDo() {
        RecurrentLayer layer = layerOf(gru(HIDDEN));

        assertEquals(Shape.of(2, HIDDEN), layer.forward(random(1, 2, 11, INPUTS)).shape());
        assertEquals(Shape.of(0, HIDDEN), layer.forward(random(1, 0, 11, INPUTS)).shape());
    }

    @Test
    void aStateThatIsKeptOutlivesTheMemoryScopeOfItsStep() {
        RecurrentLayer layer = layerOf(lstm(HIDDEN));
        var kept = new RecurrentState[1];
        Memory.scope(() -> kept[0] = layer.run(Sequences.of(X), layer.zeroState(REFERENCE, BATCH)).state().keep());

        State expected = layer.run(Sequences.of(X), layer.zeroState(REFERENCE, BATCH)).state().parts().getFirst();
        assertSame(expected, kept[0].parts().getFirst());
    }

    @Test
    void rejectsStatesThatAreNotItsOwn() {
        RecurrentLayer layer = layerOf(lstm(HIDDEN).layers(2));
        Sequences x = Sequences.of(X);
        State part = layer.zeroState(REFERENCE, BATCH).parts().getFirst();
        State noCell = new State(part.hidden(), Optional.empty());
        State wide = new State(part.hidden(), Optional.of(Tensor.zeros(REFERENCE, Shape.of(BATCH, 4))));

        rejects(
                "lstm: a state has 2 parts, one for each layer and direction, got 1",
                () -> layer.run(x, new RecurrentState(List.of(part))));
        rejects("lstm: part 1 of the state has no cell", () -> layer.run(x, new RecurrentState(List.of(part, noCell))));
        rejects(
                """
                lstm: part 1 of the state must be [3, 3], got [3, 4]
                  cell     [3, 4]             (N, H)\
                """,
                () -> layer.run(x, new RecurrentState(List.of(part, wide))));
        rejects(
                """
                lstm: part 0 of the state must be [3, 3], got [2, 3]
                  hidden   [2, 3]             (N, H)\
                """,
                () -> layer.run(x, layer.zeroState(REFERENCE, 2)));
        rejects(
                "gru: part 0 of the state has a cell",
                () -> layerOf(gru(HIDDEN)).run(x, new RecurrentState(List.of(part))));
    }
}
