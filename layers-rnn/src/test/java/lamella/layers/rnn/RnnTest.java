package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.tck.SequenceTck;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class RnnTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double glorot = Math.sqrt(6.0 / (4 + 6));
        return new Facts(
                rnn(6),
                "rnn(6)",
                Shape.of(5, 4),
                Shape.of(6),
                List.of(
                        State.parameter("inputWeight", Shape.of(6, 4), -glorot, glorot),
                        State.parameter("hiddenWeight", Shape.of(6, 6), -1, 1),
                        State.parameter("bias", Shape.of(6), 0, 0)));
    }

    /// Every state of two steps, 2 and −1, through one unit with weights 0.5 and −0.3 and a bias of 0.25.
    private static double[] twoSteps(Rnn spec) {
        Scope scope = Run.scope();
        RecurrentLayer layer = spec.everyState().build(scope, Shape.of(2, 1));
        Run.set(scope.parameters(), "inputWeight", 0.5f);
        Run.set(scope.parameters(), "hiddenWeight", -0.3f);
        Run.set(scope.parameters(), "bias", 0.25f);
        return values(layer.forward(tensor(Shape.of(1, 2, 1), 2, -1)));
    }

    @Test
    void twoStepsByHand() {
        double first = Math.tanh(0.5 * 2 + 0.25);
        double second = Math.tanh(0.5 * -1 + 0.25 - 0.3 * first);

        assertArrayEquals(new double[] {first, second}, twoSteps(rnn(1)), 1e-7);
    }

    @Test
    void twoRectifiedStepsByHand() {
        // 1.25, then max(0, -0.5 + 0.25 - 0.375)
        assertArrayEquals(new double[] {1.25, 0}, twoSteps(rnn(1).relu()), 1e-7);
        assertEquals("rnn(1).relu().layers(3)", rnn(1).layers(3).relu().toString());
    }

    @Test
    void rejectsNonsense() {
        rejects("rnn: hidden must be at least 1, got 0", () -> rnn(0));
        rejects("rnn: recurrentDropout must be in [0, 1), got -0.5", () -> rnn(4).recurrentDropout(-0.5));
        rejectsFields(
                "rnn: rectified must be true or false, got 1", Map.of("layer", "rnn", "hidden", 3, "rectified", 1));
    }
}
