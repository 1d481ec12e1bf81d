package lamella.layers.rnn;

import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Layers;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.optim.Optimizer;
import lamella.optim.Optimizers;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class CtcTest {
    /// Logits whose largest is at these classes, NaN behind them.
    private static Sequences logits(int steps, int classes, int[]... paths) {
        float[] logits = new float[paths.length * steps * classes];
        int[] lengths = new int[paths.length];
        for (int i = 0; i < paths.length; i++) {
            lengths[i] = paths[i].length;
            for (int t = 0; t < steps; t++) {
                for (int c = 0; c < classes; c++) {
                    boolean said = t < paths[i].length && paths[i][t] == c;
                    logits[(i * steps + t) * classes + c] = said ? 1 : t < paths[i].length ? -c : Float.NaN;
                }
            }
        }
        return Sequences.of(Tensor.of(REFERENCE, Shape.of(paths.length, steps, classes), logits), lengths);
    }

    @Test
    void greedyMakesRepeatedLabelsOneAndLeavesBlanksOut() {
        Sequences logits =
                logits(6, 3, new int[] {1, 1, 0, 1, 2, 2}, new int[] {0, 0, 2, 0}, new int[] {0, 0, 0}, new int[] {});

        int[][] labels = Ctc.greedy(logits, 0);

        assertEquals(4, labels.length);
        assertArrayEquals(new int[] {1, 1, 2}, labels[0]);
        assertArrayEquals(new int[] {2}, labels[1]);
        assertArrayEquals(new int[] {}, labels[2]);
        assertArrayEquals(new int[] {}, labels[3]);
    }

    @Test
    void anyClassMayBeTheBlank() {
        int[][] labels = Ctc.greedy(logits(6, 3, new int[] {1, 1, 0, 1, 2, 2}), 2);

        assertArrayEquals(new int[] {1, 0, 1}, labels[0]);
    }

    /// Three sounds, each held for a while, with silence between two of one kind.
    private static final int[][] SOUNDS = {{1, 1, 2, 3, 3, 3}, {2, 0, 2, 2, 1}, {3, 3, 1, 1, 0, 1, 2}, {0, 0, 3}};

    private static final int[][] LETTERS = {{1, 2, 3}, {2, 2, 1}, {3, 1, 1, 2}, {3}};

    @Test
    void aNetLearnsTheLettersWithoutBeingToldWhenTheyAreHeard() {
        Sequences sounds = logits(7, 4, SOUNDS);
        Sequences letters = padded(LETTERS);
        Model net = Run.model(Layers.dense(4), 7, 4);
        Optimizer optimizer = Optimizer.of(Optimizers.adam(0.1), net.parameters());
        for (int step = 0; step < 60; step++) {
            optimizer.step(
                    Autograd.differentiate(net.parameters(), () -> Ctc.loss(0).of(net.forward(sounds), letters)), 0.1f);
        }

        assertArrayEquals(LETTERS, Ctc.greedy(net.forward(sounds), 0));
        assertTrue(Ctc.loss(0).of(net.forward(sounds), letters).item() < 0.1);
    }

    private static Sequences padded(int[][] letters) {
        int[] ids = new int[letters.length * 4];
        for (int i = 0; i < letters.length; i++) {
            System.arraycopy(letters[i], 0, ids, i * 4, letters[i].length);
        }
        int[] lengths = Arrays.stream(letters).mapToInt(l -> l.length).toArray();
        return Sequences.of(Tensor.ofInts(REFERENCE, Shape.of(letters.length, 4), ids), lengths);
    }

    @Test
    void rejectsLogitsWithoutTime() {
        rejects(
                """
                ctc: logits must have rank 3 (N, T, classes), got 2
                  logits   [2, 3]\
                """,
                () -> Ctc.greedy(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3))), 0));
    }
}
