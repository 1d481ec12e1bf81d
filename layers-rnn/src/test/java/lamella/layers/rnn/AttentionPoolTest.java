package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.attentionPool;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;
import static lamella.layers.rnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class AttentionPoolTest extends SequenceTck {
    private static final float LN3 = (float) Math.log(3);
    private static final float NAN = Float.NaN;

    @Override
    protected Facts facts() {
        double keyBound = Math.sqrt(6.0 / (5 + 4));
        return new Facts(
                attentionPool(5),
                "attentionPool(5)",
                Shape.of(3, 4),
                Shape.of(4),
                List.of(
                        State.parameter("keyWeight", Shape.of(5, 4), -keyBound, keyBound),
                        State.parameter("query", Shape.of(5), 0, 0),
                        State.parameter("score", Shape.of(5), -1, 1)));
    }

    private static Model byHand(int steps) {
        Model model = model(attentionPool(1), steps, 2);
        set(model, "keyWeight", 100, 0);
        set(model, "query", 0);
        set(model, "score", LN3);
        return model;
    }

    @Test
    void stepsWithHigherScoresCountMore() {
        // the first feature says whether a step matters: tanh 0 = 0 and tanh 100 = 1
        var y = byHand(2).forward(tensor(Shape.of(1, 2, 2), 0, 4, 1, 8));

        assertEquals(Shape.of(1, 2), y.shape());
        assertArrayEquals(new float[] {0.75f, 7}, y.toFloats(), 1e-6f);
    }

    @Test
    void theQueryShiftsTheKeys() {
        Model model = byHand(2);
        set(model, "query", 50);

        // now both steps are worth the same
        assertArrayEquals(
                new float[] {0.5f, 6}, model.forward(tensor(Shape.of(1, 2, 2), 0, 4, 1, 8)).toFloats(), 1e-6f);
    }

    @Test
    void paddingDoesNotCount() {
        Sequences x = Sequences.of(tensor(Shape.of(3, 2, 2), 0, 4, 1, 8, 3, 5, NAN, NAN, NAN, NAN, NAN, 1), 2, 1, 0);

        Sequences y = byHand(2).forward(x);

        assertEquals(true, y.lengths().isEmpty());
        assertArrayEquals(new float[] {0.75f, 7, 3, 5, 0, 0}, y.values().toFloats(), 1e-6f);
    }

    @Test
    void tellsWhatEachStepWeighs() {
        AttentionPool.Built pool =
                attentionPool(3).build(Scope.root("pool", Run.REFERENCE, RandomSource.of(1)), Shape.of(4, 2));
        Sequences x = Sequences.of(Samples.noise(Run.REFERENCE, 1, 2, 4, 2), 4, 1);

        Attended found = pool.attend(x);

        assertEquals(Shape.of(2, 4), found.weights().shape());
        assertArrayEquals(new float[] {1, 1}, found.weights().sum(1).toFloats(), 1e-6f);
        assertArrayEquals(new float[] {1, 0, 0, 0}, found.weights().slice(0, 1, 2).toFloats());
        assertArrayEquals(pool.forward(x).values().toFloats(), found.output().toFloats());
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(attentionPool(9), Shape.of(3, 7, 5), 7, 3, 0);
    }

    @Test
    void rejectsNonsense() {
        rejects("attentionPool: units must be at least 1, got 0", () -> attentionPool(0));
        rejectsFields("attentionPool: field 'units' is missing", Map.of("layer", "attentionPool"));
        rejects(
                """
                attentionPool: one example must have rank 2 (T, features), got 1
                  input    [4]                (one example)
                  at net = attentionPool(3)\
                """,
                () -> model(attentionPool(3), 4));
    }
}
