package lamella.app.imdb.tour;

import static lamella.layers.rnn.RnnLayers.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.imdb.tour.VanishingGradient.Curve;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.layers.rnn.RecurrentCell;
import lamella.nn.Scope;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class VanishingGradientTest {
    private static final int LAST = VanishingGradient.STEPS - 1;

    @Test
    void measuresWhatCanBeToldBeforehand() {
        double[] norms =
                Cpu.with(1, backend -> new VanishingGradient(backend, 1).norms(halving(backend), zeros(backend)));
        // the state stays 0, where tanh' is 1: each step back halves the gradient
        assertEquals(VanishingGradient.STEPS, norms.length);
        for (int distance = 0; distance < norms.length; distance++) {
            double expected = Math.pow(0.5, distance);
            assertEquals(expected, norms[distance], 1e-6 * expected, "distance " + distance);
        }
    }

    private static Tensor zeros(Backend backend) {
        return Tensor.zeros(backend, Shape.of(VanishingGradient.STEPS, 3, 2));
    }

    private static RecurrentCell halving(Backend backend) {
        Scope scope = Scope.root("", backend, RandomSource.of(1));
        RecurrentCell cell = rnn(2).cell(scope, 2);
        scope.parameters().stream()
                .filter(p -> p.path().equals("hiddenWeight"))
                .forEach(p -> p.assign(Tensor.of(backend, Shape.of(2, 2), 0.5f, 0, 0, 0.5f)));
        return cell;
    }

    @Test
    void theGradientOfAnLstmLastsLongerThanThatOfAnRnn() {
        List<Curve> curves = Cpu.with(2, backend -> new VanishingGradient(backend, 1).measure());
        Curve uniform = curves.get(0);
        Curve rnn = curves.get(1);
        Curve lstm = curves.get(2);
        Curve longMemory = curves.get(3);
        assertEquals(
                List.of("RNN, uniform weights", "RNN", "LSTM", "LSTM, long memory"),
                curves.stream().map(Curve::name).toList());
        curves.forEach(curve -> assertEquals(1, curve.norms()[0], 1e-5, curve.name()));
        assertTrue(uniform.norms()[LAST] < 1e-28, "uniform " + uniform.norms()[LAST]);
        assertTrue(rnn.norms()[LAST] > 1e10 * uniform.norms()[LAST], "rnn " + rnn.norms()[LAST]);
        assertTrue(lstm.norms()[LAST] > 1e5 * rnn.norms()[LAST], "lstm " + lstm.norms()[LAST]);
        assertTrue(lstm.norms()[LAST] < 1e-4, "it vanishes too, later: " + lstm.norms()[LAST]);
        assertTrue(longMemory.norms()[LAST] > 1e-4, "long memory " + longMemory.norms()[LAST]);
    }

    @Test
    void theFactorOfAStepIsThatBeyondTheFirstTen() {
        double[] norms = new double[31];
        for (int distance = 0; distance < norms.length; distance++) {
            norms[distance] = distance < 10 ? 1 : Math.pow(0.9, distance - 10);
        }
        assertEquals(0.9, new Curve("any", norms).factor(), 1e-9);
    }

    @Test
    void figuresDoNotDependOnTheNumberOfThreads() {
        double[] one = Cpu.with(1, backend -> new VanishingGradient(backend, 2).measure().get(2).norms());
        double[] two = Cpu.with(2, backend -> new VanishingGradient(backend, 2).measure().get(2).norms());
        assertArrayEquals(one, two, 0);
    }
}
