package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.sigmoid;
import static lamella.layers.rnn.Run.tensor;
import static lamella.layers.rnn.Run.values;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Scope;
import lamella.tck.SequenceTck;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class LstmTest extends SequenceTck {
    private static final Tensor X = tensor(Shape.of(1, 1), 2);
    private static final Recurrence.State STATE =
            new Recurrence.State(tensor(Shape.of(1, 1), 0.5f), Optional.of(tensor(Shape.of(1, 1), -1)));

    @Override
    protected Facts facts() {
        double glorot = Math.sqrt(6.0 / (4 + 3));
        return new Facts(
                lstm(3),
                "lstm(3)",
                Shape.of(5, 4),
                Shape.of(3),
                List.of(
                        State.parameter("inputWeight", Shape.of(12, 4), -glorot, glorot),
                        State.parameter("hiddenWeight", Shape.of(12, 3), -1, 1),
                        State.fixed("bias", Shape.of(12), 0, 1)));
    }

    /// A cell of one unit for one feature, with weights that can be followed by hand.
    private static RecurrentCell cell(Lstm spec) {
        Scope scope = Run.scope();
        RecurrentCell cell = spec.cell(scope, 1);
        Run.set(scope.parameters(), "inputWeight", 0.5f, -0.25f, 1, 0.75f);
        Run.set(scope.parameters(), "hiddenWeight", 0.1f, 0.2f, -0.3f, 0.4f);
        Run.set(scope.parameters(), "bias", 0, 1, 0.5f, -0.5f);
        if (spec.seesCell()) {
            Run.set(scope.parameters(), "peephole", 0.2f, -0.4f, 0.6f);
        }
        return cell;
    }

    @Test
    void oneStepByHand() {
        double input = sigmoid(0.5 * 2 + 0.1 * 0.5 + 0);
        double forget = sigmoid(-0.25 * 2 + 0.2 * 0.5 + 1);
        double candidate = Math.tanh(1 * 2 + -0.3 * 0.5 + 0.5);
        double output = sigmoid(0.75 * 2 + 0.4 * 0.5 - 0.5);
        double c = forget * -1 + input * candidate;

        Recurrence.State next = cell(lstm(1)).step(X, STATE);

        assertEquals(c, values(next.cell().orElseThrow())[0], 1e-7);
        assertEquals(output * Math.tanh(c), values(next.hidden())[0], 1e-7);
    }

    @Test
    void oneStepWithPeepholesByHand() {
        double input = sigmoid(0.5 * 2 + 0.1 * 0.5 + 0 + 0.2 * -1);
        double forget = sigmoid(-0.25 * 2 + 0.2 * 0.5 + 1 + -0.4 * -1);
        double candidate = Math.tanh(1 * 2 + -0.3 * 0.5 + 0.5);
        double c = forget * -1 + input * candidate;
        double output = sigmoid(0.75 * 2 + 0.4 * 0.5 - 0.5 + 0.6 * c);

        Recurrence.State next = cell(lstm(1).peepholes()).step(X, STATE);

        assertEquals(c, values(next.cell().orElseThrow())[0], 1e-7);
        assertEquals(output * Math.tanh(c), values(next.hidden())[0], 1e-7);
    }

    @Test
    void beginsWithOpenForgetGatesAndOrthogonalGates() {
        Scope scope = Run.scope();
        lstm(2).cell(scope, 3);

        assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0, 0, 0}, Run.get(scope.parameters(), "bias").value().toFloats());
        double[] u = values(Run.get(scope.parameters(), "hiddenWeight").value());
        for (int gate = 0; gate < 4; gate++) {
            int at = 4 * gate;
            assertEquals(1, u[at] * u[at] + u[at + 1] * u[at + 1], 1e-6);
            assertEquals(1, u[at + 2] * u[at + 2] + u[at + 3] * u[at + 3], 1e-6);
            assertEquals(0, u[at] * u[at + 2] + u[at + 1] * u[at + 3], 1e-6);
        }
    }

    @Test
    void holdsWhatItSawWhenItsForgetGateIsOpen() {
        Scope scope = Run.scope();
        RecurrentLayer layer = lstm(1).build(scope, Shape.of(101, 1));
        // input gate open only where x is 1, forget gate open always, output gate open always
        Run.set(scope.parameters(), "inputWeight", 60, 0, 5, 0);
        Run.set(scope.parameters(), "hiddenWeight", 0, 0, 0, 0);
        Run.set(scope.parameters(), "bias", -30, 30, 0, 30);
        float[] steps = new float[101];
        steps[0] = 1;

        Tensor last = layer.forward(tensor(Shape.of(1, 101, 1), steps));

        assertEquals(Math.tanh(Math.tanh(5)), values(last)[0], 1e-6);
    }

    @Test
    void printsAsCode() {
        assertEquals(
                "lstm(8).peepholes().layers(2).bidirectional().everyState().dropout(0.25).recurrentDropout(0.5)",
                lstm(8).recurrentDropout(0.5)
                        .peepholes()
                        .dropout(0.25)
                        .everyState()
                        .bidirectional()
                        .layers(2)
                        .toString());
        assertEquals("lstm(8).bidirectional(Merge.SUM)", lstm(8).reverse().bidirectional(Merge.SUM).toString());
        assertEquals("lstm(8).reverse()", lstm(8).bidirectional(Merge.SUM).reverse().toString());
    }

    @Test
    void rejectsNonsense() {
        rejects("lstm: hidden must be at least 1, got 0", () -> lstm(0));
        rejects("lstm: layers must be at least 1, got 0", () -> lstm(4).layers(0));
        rejects("lstm: dropout must be in [0, 1), got 1.5", () -> lstm(4).dropout(1.5));
        rejects("lstm: recurrentDropout must be in [0, 1), got NaN", () -> lstm(4).recurrentDropout(Double.NaN));
        rejects(
                "lstm: dropout acts between layers, but there is 1 layer",
                () -> lstm(4).dropout(0.5).build(Run.scope(), Shape.of(3, 2)));
        rejects(
                """
                lstm: one example must have rank 2 (T, features), got 1
                  input    [40]               (one example)
                  at net = lstm(4)\
                """,
                () -> Run.model(lstm(4), 40));
        rejects(
                """
                lstm: input must be [N, T, 2], got [1, 3, 4]
                  input    [1, 3, 4]          (N, T, features)\
                """,
                () -> lstm(4).build(Run.scope(), Shape.of(3, 2)).forward(Tensor.zeros(REFERENCE, Shape.of(1, 3, 4))));
    }

    @Test
    void rejectsFieldsThatDoNotFit() {
        rejectsFields("lstm: field 'hidden' is missing", Map.of("layer", "lstm"));
        rejectsFields(
                "lstm: direction must be one of [forward, backward, both], got 'up'",
                Map.of("layer", "lstm", "hidden", 3, "direction", "up"));
        rejectsFields(
                "lstm: merge must be one of [concatenate, sum], got 'mean'",
                Map.of("layer", "lstm", "hidden", 3, "merge", "mean"));
    }
}
