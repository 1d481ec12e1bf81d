package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.temporalMaxPool;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class TemporalMaxPoolTest extends SequenceTck {
    private static final float NAN = Float.NaN;

    @Override
    protected Facts facts() {
        return new Facts(temporalMaxPool(3), "temporalMaxPool(3)", Shape.of(7, 2), Shape.of(3, 2), List.of());
    }

    private static Sequences pool(Tensor x, int... lengths) {
        return model(temporalMaxPool(2), 5, 1).forward(Sequences.of(x, lengths));
    }

    @Test
    void theLastWindowMayBeSmaller() {
        assertArrayEquals(
                new float[] {-1, 4, -5},
                model(temporalMaxPool(2), 5, 1).forward(tensor(Shape.of(1, 5, 1), -1, -2, 3, 4, -5)).toFloats());
    }

    @Test
    void paddingIsLeftOut() {
        Sequences y =
                pool(tensor(Shape.of(3, 5, 1), -1, -2, -3, NAN, NAN, 1, 2, 3, 4, 5, NAN, NAN, NAN, NAN, NAN), 3, 5, 0);

        assertArrayEquals(new float[] {-1, -3, 0, 2, 4, 5, 0, 0, 0}, y.values().toFloats());
        assertArrayEquals(new int[] {2, 3, 0}, y.lengths().orElseThrow());
    }

    @Test
    void noGradientReachesThePadding() {
        Parameter x = Parameter.of("x", tensor(Shape.of(2, 5, 1), -1, -2, -3, NAN, NAN, NAN, NAN, NAN, NAN, NAN), true);

        float[] gradient =
                Autograd.differentiate(List.of(x), () -> pool(x.value(), 3, 0).values().sum()).of(x).toFloats();

        assertArrayEquals(new float[] {1, 0, 1, 0, 0, 0, 0, 0, 0, 0}, gradient);
    }

    @Test
    void noStepsStayNoSteps() {
        var none = Tensor.zeros(Run.REFERENCE, Shape.of(2, 0, 3));

        assertEquals(Shape.of(2, 0, 3), temporalMaxPool(2).build(Run.scope(), Shape.of(0, 3)).forward(none).shape());
    }

    @Test
    void rejectsNonsense() {
        rejects("temporalMaxPool: window must be at least 1, got 0", () -> temporalMaxPool(0));
        rejectsFields("temporalMaxPool: field 'window' is missing", Map.of("layer", "temporalMaxPool"));
        rejects(
                """
                temporalMaxPool: one example must have rank 2 (T, features), got 3
                  input    [8, 2, 2]          (one example)
                  at net = temporalMaxPool(4)\
                """,
                () -> model(temporalMaxPool(4), 8, 2, 2));
    }
}
