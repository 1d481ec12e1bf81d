package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.layers.rnn.Run.random;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.nn.Mode;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence.State;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class RecurrentDropoutTest {
    private static final Tensor X = random(7, 3, 5, 2);

    private static double[] train(long seed, RecurrentSpec<?> spec, Tensor x) {
        RecurrentLayer layer = spec.build(Run.scope(), x.shape().from(1));
        return values(Mode.train(RandomSource.of(seed), () -> layer.forward(x)));
    }

    @Test
    void dropsTheSameUnitsAtEachStep() {
        int units = 1000;
        Scope scope = Run.scope();
        RecurrentLayer layer = rnn(units).relu().recurrentDropout(0.5).everyState().build(scope, Shape.of(4, 1));
        // each unit hears the first step and then itself, with weight 1
        float[] identity = new float[units * units];
        for (int i = 0; i < units; i++) {
            identity[i * units + i] = 1;
        }
        Run.set(scope.parameters(), "hiddenWeight", identity);
        float[] ones = new float[units];
        Arrays.fill(ones, 1);
        Run.set(scope.parameters(), "inputWeight", ones);
        Tensor x = tensor(Shape.of(1, 4, 1), 1, 0, 0, 0);

        double[] y = values(Mode.train(RandomSource.of(3), () -> layer.forward(x)));

        int dropped = 0;
        for (int i = 0; i < units; i++) {
            assertEquals(1, y[i]);
            boolean keeps = y[units + i] != 0;
            dropped += keeps ? 0 : 1;
            // scaled by 2 at each step, or 0 from the second on
            for (int t = 1; t < 4; t++) {
                assertEquals(keeps ? Math.pow(2, t) : 0, y[t * units + i]);
            }
        }
        // 500 of 1000 are expected; the deviation is √(1000 · 0.5 · 0.5) = 16
        assertEquals(500, dropped, 4 * 16);
    }

    @Test
    void sequencesAndDirectionsHaveMasksOfTheirOwn() {
        RecurrentSpec<?> spec = rnn(40).recurrentDropout(0.5).bidirectional();
        Tensor twice = Tensor.concatenate(0, X.slice(0, 0, 1), X.slice(0, 0, 1));
        double[] y = train(1, spec, twice);
        assertFalse(Arrays.equals(Arrays.copyOfRange(y, 0, 80), Arrays.copyOfRange(y, 80, 160)));

        // the same weights both ways and a sequence that reads the same both ways
        Scope scope = Run.scope();
        RecurrentLayer layer = spec.build(scope, Shape.of(3, 1));
        Run.copy(scope.parameters().subList(0, 3), scope.parameters().subList(3, 6));
        Tensor palindrome = tensor(Shape.of(1, 3, 1), 1, 2, 1);
        double[] plain = values(layer.forward(palindrome));
        assertArrayEquals(Arrays.copyOfRange(plain, 0, 40), Arrays.copyOfRange(plain, 40, 80));
        double[] dropped = values(Mode.train(RandomSource.of(1), () -> layer.forward(palindrome)));
        assertFalse(Arrays.equals(Arrays.copyOfRange(dropped, 0, 40), Arrays.copyOfRange(dropped, 40, 80)));
    }

    @Test
    void theUpdateGateOfAGruKeepsWhatIsDropped() {
        Scope scope = Run.scope();
        RecurrentLayer layer = gru(8).recurrentDropout(0.5).build(scope, Shape.of(2, 1));
        // update gates shut: the state stays what it was
        float[] bias = new float[24];
        Arrays.fill(bias, 8, 16, 100);
        Run.set(scope.parameters(), "bias", bias);
        Tensor hidden = random(1, 1, 8);
        var initial = new RecurrentState(List.of(new State(hidden, Optional.empty())));

        Tensor y =
                Mode.train(
                        RandomSource.of(1),
                        () -> layer.run(Sequences.of(random(2, 1, 2, 1)), initial).sequences().values());

        assertArrayEquals(values(hidden), values(y), 1e-12);
    }

    @Test
    void dependsOnTheStepsRandomNumbersAlone() {
        RecurrentSpec<?> spec = lstm(8).recurrentDropout(0.5);

        assertArrayEquals(train(7, spec, X), train(7, spec, X));
        assertFalse(Arrays.equals(train(7, spec, X), train(8, spec, X)));
    }

    @Test
    void doesNothingOutsideTraining() {
        RecurrentLayer plain = lstm(8).layers(2).build(Run.scope(), Shape.of(5, 2));
        RecurrentLayer dropping =
                lstm(8).layers(2).dropout(0.5).recurrentDropout(0.5).build(Run.scope(), Shape.of(5, 2));

        assertArrayEquals(values(plain.forward(X)), values(dropping.forward(X)));
    }

    @Test
    void dropoutBetweenLayersLeavesTheFirstLayersInputAndTheLastOnesOutput() {
        Tensor lower = rnnLast(rnn(200).layers(2).dropout(0.5).everyState());
        double[] y = values(lower);

        // tanh of something: nothing is 0 and nothing above 1, as it would be where the output is dropped and scaled
        assertEquals(0, Arrays.stream(y).filter(v -> v == 0 || Math.abs(v) > 1).count());
        // half of what the second layer hears is 0, so it differs from the layer without dropout
        assertFalse(Arrays.equals(values(rnnLast(rnn(200).layers(2).everyState())), y));
        // without anything between, a first layer alone hears all
        assertArrayEquals(train(1, rnn(20), X), values(rnn(20).build(Run.scope(), Shape.of(5, 2)).forward(X)));
    }

    private static Tensor rnnLast(Rnn spec) {
        RecurrentLayer layer = spec.build(Run.scope(), Shape.of(5, 2));
        return Mode.train(RandomSource.of(1), () -> layer.forward(X));
    }

    @Test
    void paddingChangesNothing() {
        RecurrentLayer layer = lstm(8).layers(2).dropout(0.5).recurrentDropout(0.5).build(Run.scope(), Shape.of(5, 2));
        Tensor garbage = X.slice(1, 0, 3).pad(1, 0, 2, Float.NaN);
        Tensor zeros = X.slice(1, 0, 3).pad(1, 0, 2, 0);

        double[] y = values(Mode.train(RandomSource.of(1), () -> forward(layer, garbage)));

        assertArrayEquals(values(Mode.train(RandomSource.of(1), () -> forward(layer, zeros))), y);
        assertEquals(0, Arrays.stream(y).filter(Double::isNaN).count());
    }

    private static Tensor forward(RecurrentLayer layer, Tensor x) {
        return layer.forward(Sequences.of(x, 3, 3, 2)).values();
    }
}
