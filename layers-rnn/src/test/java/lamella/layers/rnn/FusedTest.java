package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Fused kernels and cells step by step say the same, in double.
class FusedTest {
    private static final int BATCH = 4;
    private static final int STEPS = 5;
    private static final int INPUTS = 3;

    static Stream<RecurrentSpec<?>> specs() {
        return Stream.of(rnn(4), rnn(4).relu(), lstm(4), gru(4))
                .flatMap(
                        kind ->
                                Stream.of(
                                        kind,
                                        kind.everyState(),
                                        kind.reverse(),
                                        kind.bidirectional(Merge.SUM).everyState(),
                                        kind.layers(2).bidirectional().everyState()));
    }

    /// What a pass gives: outputs, last states, and the gradients of parameters, input and initial state.
    private static List<double[]> run(RecurrentSpec<?> spec, ReferenceBackend backend, int... lengths) {
        Scope scope = Scope.root("", backend, RandomSource.of(1));
        RecurrentLayer layer = spec.build(scope, Shape.of(STEPS, INPUTS));
        var checked = new ArrayList<Parameter>();
        for (Parameter parameter : scope.parameters()) {
            parameter.assign(random(backend, parameter.path().hashCode(), parameter.shape()));
            checked.add(parameter);
        }
        Parameter x = Parameter.of("x", random(backend, 1, Shape.of(BATCH, STEPS, INPUTS)), true);
        checked.add(x);
        var initial = new ArrayList<State>();
        for (State zero : layer.zeroState(backend, BATCH).parts()) {
            Parameter hidden = Parameter.of("hidden", random(backend, initial.size(), zero.hidden().shape()), true);
            checked.add(hidden);
            var cell = zero.cell().map(c -> Parameter.of("cell", random(backend, 9 + initial.size(), c.shape()), true));
            cell.ifPresent(checked::add);
            initial.add(new State(hidden.value(), cell.map(Parameter::value)));
        }
        var results = new ArrayList<double[]>();
        Gradients gradients =
                Autograd.differentiate(
                        checked,
                        () -> {
                            RecurrentLayer.Output out =
                                    layer.run(Sequences.of(x.value(), lengths), new RecurrentState(initial));
                            results.add(backend.values(out.sequences().values().view()));
                            Tensor loss = weighted(backend, out.sequences().values());
                            for (State state : out.state().parts()) {
                                results.add(backend.values(state.hidden().view()));
                                loss = loss.add(weighted(backend, state.hidden()));
                                if (state.cell().isPresent()) {
                                    results.add(backend.values(state.cell().get().view()));
                                    loss = loss.add(weighted(backend, state.cell().get()));
                                }
                            }
                            return loss;
                        });
        checked.forEach(parameter -> results.add(backend.values(gradients.of(parameter).view())));
        return results;
    }

    private static Tensor weighted(ReferenceBackend backend, Tensor y) {
        return y.multiply(random(backend, 5, y.shape())).sum();
    }

    private static Tensor random(ReferenceBackend backend, long seed, Shape shape) {
        return RandomSource.of(seed).uniform(backend, shape, -1, 1);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void bothPathsAgree(RecurrentSpec<?> spec) {
        ReferenceBackend fused = ReferenceBackend.create();
        ReferenceBackend composed = ReferenceBackend.withoutFusedKernels();
        assertTrue(Recurrence.isFused(fused));
        assertFalse(Recurrence.isFused(composed));
        for (int[] lengths : List.of(new int[] {5, 5, 5, 5}, new int[] {5, 3, 0, 1}, new int[] {0, 0, 0, 0})) {
            List<double[]> expected = run(spec, composed, lengths);
            List<double[]> actual = run(spec, fused, lengths);
            assertEquals(expected.size(), actual.size());
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(
                        expected.get(i), actual.get(i), 1e-12, "result " + i + " " + Arrays.toString(lengths));
            }
        }
    }
}
