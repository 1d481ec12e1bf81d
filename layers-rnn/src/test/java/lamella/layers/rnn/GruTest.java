package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.sigmoid;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.tck.SequenceTck;
import lamella.tensor.Recurrence;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class GruTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double glorot = Math.sqrt(6.0 / (4 + 3));
        return new Facts(
                gru(3),
                "gru(3)",
                Shape.of(5, 4),
                Shape.of(3),
                List.of(
                        State.parameter("inputWeight", Shape.of(9, 4), -glorot, glorot),
                        State.parameter("hiddenWeight", Shape.of(9, 3), -1, 1),
                        State.parameter("bias", Shape.of(9), 0, 0),
                        State.parameter("candidateBias", Shape.of(3), 0, 0)));
    }

    @Test
    void oneStepByHand() {
        Scope scope = Run.scope();
        RecurrentCell cell = gru(1).cell(scope, 1);
        Run.set(scope.parameters(), "inputWeight", 0.5f, -0.25f, 1);
        Run.set(scope.parameters(), "hiddenWeight", 0.1f, 0.2f, -0.3f);
        Run.set(scope.parameters(), "bias", 0, 0.5f, -0.5f);
        Run.set(scope.parameters(), "candidateBias", 0.25f);
        double reset = sigmoid(0.5 * 2 + 0.1 * 0.5 + 0);
        double update = sigmoid(-0.25 * 2 + 0.2 * 0.5 + 0.5);
        double candidate = Math.tanh(1 * 2 - 0.5 + reset * (-0.3 * 0.5 + 0.25));

        var state = new Recurrence.State(tensor(Shape.of(1, 1), 0.5f), Optional.empty());
        Recurrence.State next = cell.step(tensor(Shape.of(1, 1), 2), state);

        assertEquals((1 - update) * candidate + update * 0.5, values(next.hidden())[0], 1e-7);
        assertFalse(next.cell().isPresent());
    }

    @Test
    void rejectsNonsense() {
        rejects("gru: hidden must be at least 1, got -1", () -> gru(-1));
        rejects("gru: layers must be at least 1, got -2", () -> gru(4).layers(-2));
        rejects("gru: dropout must be in [0, 1), got 1.0", () -> gru(4).dropout(1));
        rejectsFields("gru: hidden must be a whole number, got 1.5", Map.of("layer", "gru", "hidden", 1.5));
        rejects(
                """
                gru: one example must have rank 2 (T, features), got 3
                  input    [3, 28, 28]        (one example)
                  at net = gru(4)\
                """,
                () -> Run.model(gru(4), 3, 28, 28));
    }
}
