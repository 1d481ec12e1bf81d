package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.positions;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.SequenceTck;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class PositionsTest extends SequenceTck {
    @Override
    protected Facts facts() {
        return new Facts(positions(), "positions()", Shape.of(3, 4), Shape.of(3, 4), List.of());
    }

    private static float[] waves(int built, int steps, int features) {
        Model model = model(positions(), built, features);
        return model.forward(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(1, steps, features)))).values().toFloats();
    }

    @Test
    void addsWavesThatGrowLonger() {
        Tensor x = Tensor.full(REFERENCE, Shape.of(2, 3, 4), 10);

        float[] y = model(positions(), 3, 4).forward(x).toFloats();

        // sine and cosine of t, then of t / 100
        for (int n = 0; n < 2; n++) {
            for (int t = 0; t < 3; t++) {
                int at = (n * 3 + t) * 4;
                assertEquals(10 + Math.sin(t), y[at], 1e-6);
                assertEquals(10 + Math.cos(t), y[at + 1], 1e-6);
                assertEquals(10 + Math.sin(t / 100.0), y[at + 2], 1e-6);
                assertEquals(10 + Math.cos(t / 100.0), y[at + 3], 1e-6);
            }
        }
    }

    @Test
    void anOddNumberOfFeaturesEndsWithASine() {
        float[] y = waves(2, 2, 3);

        assertEquals(Math.sin(Math.pow(10000, -2 / 3.0)), y[5], 1e-7);
    }

    @Test
    void takesAnyNumberOfSteps() {
        float[] seven = waves(7, 7, 4);

        assertArrayEquals(seven, waves(3, 7, 4));
        assertArrayEquals(seven, waves(9, 7, 4));
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(positions(), Shape.of(3, 7, 5), 7, 3, 0);
    }

    @Test
    void rejectsExamplesThatDoNotFit() {
        rejects(
                """
                positions: one example must have rank 2 (T, features), got 3
                  input    [1, 2, 3]          (one example)
                  at net = positions()\
                """,
                () -> model(positions(), 1, 2, 3));
    }
}
