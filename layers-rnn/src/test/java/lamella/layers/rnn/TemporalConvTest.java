package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.temporalConv;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;
import static lamella.layers.rnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TemporalConvTest extends SequenceTck {
    @Override
    protected Facts facts() {
        double bound = 1 / Math.sqrt(3 * 2);
        return new Facts(
                temporalConv(5, 3),
                "temporalConv(5, 3)",
                Shape.of(4, 2),
                Shape.of(4, 5),
                List.of(
                        State.parameter("weight", Shape.of(5, 3, 2), -bound, bound),
                        State.parameter("bias", Shape.of(5), -bound, bound)));
    }

    @Test
    void looksAtTheStepsAround() {
        Model model = model(temporalConv(1, 3), 4, 2);
        set(model, "weight", 1, 10, 100, 1000, 10_000, 100_000);
        set(model, "bias", 0.5f);

        Tensor y = model.forward(tensor(Shape.of(1, 4, 2), 1, 2, 3, 4, 5, 6, 7, 8));

        // before, at and after each step: the first feature counts 1, the second 10, in each place a hundred times more
        assertArrayEquals(new float[] {432_100.5f - 0 + 0, 654_321 + 0.5f, 876_543 + 0.5f, 8765 + 0.5f}, y.toFloats());
    }

    @Test
    void anEvenKernelLooksOneStepFurtherAhead() {
        Model model = model(temporalConv(1, 2), 3, 1);
        set(model, "weight", 1, 10);
        set(model, "bias", 0);

        assertArrayEquals(new float[] {21, 32, 3}, model.forward(tensor(Shape.of(1, 3, 1), 1, 2, 3)).toFloats());
    }

    @Test
    void theKernelMayBeLongerThanTheSequence() {
        Model model = model(temporalConv(1, 5), 2, 1);
        set(model, "weight", 1, 10, 100, 1000, 10_000);
        set(model, "bias", 0);

        assertArrayEquals(new float[] {2100, 210}, model.forward(tensor(Shape.of(1, 2, 1), 1, 2)).toFloats());
    }

    @Test
    void seesZerosInThePadding() {
        Model model = model(temporalConv(1, 3), 3, 1);
        set(model, "weight", 1, 10, 100);
        set(model, "bias", 0);

        Sequences y = model.forward(Sequences.of(tensor(Shape.of(1, 3, 1), 1, 2, Float.NaN), 2));

        assertArrayEquals(new float[] {210, 21}, y.values().slice(1, 0, 2).toFloats());
        assertArrayEquals(new int[] {2}, y.lengths().orElseThrow());
        assertEquals(2, y.values().toFloats()[2], "and so is finite there");
    }

    @Test
    void rejectsNonsense() {
        rejects("temporalConv: filters must be at least 1, got 0", () -> temporalConv(0, 3));
        rejects("temporalConv: kernel must be at least 1, got 0", () -> temporalConv(3, 0));
        rejectsFields("temporalConv: field 'kernel' is missing", Map.of("layer", "temporalConv", "filters", 3));
        rejects(
                """
                temporalConv: one example must have rank 2 (T, features), got 1
                  input    [8]                (one example)
                  at net = temporalConv(4, 3)\
                """,
                () -> model(temporalConv(4, 3), 8));
    }
}
