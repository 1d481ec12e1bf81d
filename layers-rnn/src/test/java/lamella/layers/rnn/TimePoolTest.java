package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.maxOverTime;
import static lamella.layers.rnn.RnnLayers.meanAndMaxOverTime;
import static lamella.layers.rnn.RnnLayers.meanOverTime;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TimePoolTest extends SequenceTck {
    private static final float NAN = Float.NaN;

    /// Three sequences of two features with 3, 2 and no steps.
    private static final Tensor X =
            tensor(Shape.of(3, 3, 2), 1, -2, 3, -4, 2, -9, 5, -1, 7, -3, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN);

    @Override
    protected Facts facts() {
        return new Facts(meanAndMaxOverTime(), "meanAndMaxOverTime()", Shape.of(3, 8), Shape.of(16), List.of());
    }

    private static Sequences pool(TimePool spec, Tensor x) {
        return model(spec, 3, 2).forward(Sequences.of(x, 3, 2, 0));
    }

    @Test
    void takesTheMeanOfTheStepsThatAreThere() {
        assertArrayEquals(new float[] {2, -5, 6, -2, 0, 0}, pool(meanOverTime(), X).values().toFloats());
        assertFalse(pool(meanOverTime(), X).lengths().isPresent());
    }

    @Test
    void takesTheMaximumOfTheStepsThatAreThere() {
        assertArrayEquals(new float[] {3, -2, 7, -1, 0, 0}, pool(maxOverTime(), X).values().toFloats());
    }

    @Test
    void takesBothSideBySide() {
        assertArrayEquals(
                new float[] {2, -5, 3, -2, 6, -2, 7, -1, 0, 0, 0, 0},
                pool(meanAndMaxOverTime(), X).values().toFloats());
    }

    @Test
    void noGradientReachesThePadding() {
        Parameter x = Parameter.of("x", X, true);

        float[] mean = gradient(meanOverTime(), x);
        float third = 1 / 3f;
        assertArrayEquals(
                new float[] {third, third, third, third, third, third, 0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0},
                mean);
        float[] max = gradient(maxOverTime(), x);
        assertArrayEquals(new float[] {0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, max);
    }

    private static float[] gradient(TimePool spec, Parameter x) {
        return Autograd.differentiate(List.of(x), () -> pool(spec, x.value()).values().sum()).of(x).toFloats();
    }

    @Test
    void noStepsAtAllGive0() {
        Tensor none = Tensor.zeros(Run.REFERENCE, Shape.of(2, 0, 3));

        assertArrayEquals(
                new float[12], meanAndMaxOverTime().build(Run.scope(), Shape.of(0, 3)).forward(none).toFloats());
    }

    @Test
    void printsAsCode() {
        assertEquals("meanOverTime()", meanOverTime().toString());
        assertEquals("maxOverTime()", maxOverTime().toString());
    }

    @Test
    void rejectsNonsense() {
        rejectsFields(
                "timePool: pooling must be one of [mean, max, mean-and-max], got 'last'",
                Map.of("layer", "timePool", "pooling", "last"));
        rejects(
                """
                timePool: one example must have rank 2 (T, features), got 1
                  input    [8]                (one example)
                  at net = maxOverTime()\
                """,
                () -> model(maxOverTime(), 8));
    }
}
