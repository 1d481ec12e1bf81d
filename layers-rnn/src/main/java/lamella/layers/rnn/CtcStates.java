package lamella.layers.rnn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.Arrays;

/// What a path goes through for the labels of each sequence: blank, label 0, blank, label 1, ..., blank.
///
/// @param classes how many there are
/// @param states how many a sequence with the most labels has, 2·L + 1
/// @param counts how many each sequence has
/// @param ids the class of each state, `[N, states]`; the blank behind a sequence's last state
record CtcStates(int classes, int states, int[] counts, int[] ids) {
    static CtcStates of(Sequences labels, int blank, int classes) {
        if (labels.values().type() != DType.INT32) {
            throw new IllegalArgumentException("ctc: labels " + labels.values().shape() + " must be int32");
        }
        int[] all = labels.values().toInts();
        int longest = labels.values().shape().dim(1);
        int[] lengths = labels.stepCounts();
        int states = 2 * longest + 1;
        int[] ids = new int[lengths.length * states];
        Arrays.fill(ids, blank);
        for (int i = 0; i < lengths.length; i++) {
            for (int l = 0; l < lengths[i]; l++) {
                int label = all[i * longest + l];
                requireLabel(label, l, i, blank, classes);
                ids[i * states + 2 * l + 1] = label;
            }
        }
        int[] counts = Arrays.stream(lengths).map(length -> 2 * length + 1).toArray();
        return new CtcStates(classes, states, counts, ids);
    }

    private static void requireLabel(int label, int index, int sequence, int blank, int classes) {
        if (label < 0 || label >= classes || label == blank) {
            String problem = label == blank ? "is the blank" : "is outside [0, " + classes + ")";
            throw new IllegalArgumentException(
                    "ctc: label %s at index %s of sequence %s %s".formatted(label, index, sequence, problem));
        }
    }

    /// Returns where each state's probabilities are in a table `[N·classes, T]`.
    Tensor rows(Backend backend) {
        int[] rows = new int[ids.length];
        Arrays.setAll(rows, i -> i / states * classes + ids[i]);
        return Tensor.ofInts(backend, Shape.of(counts.length, states), rows);
    }

    /// Returns 0 at labels to which a path may come from the label before, without a blank between them, ln 0
    /// elsewhere.
    Tensor skips(Backend backend) {
        float[] skips = new float[ids.length];
        for (int i = 0; i < skips.length; i++) {
            int state = i % states;
            boolean label = state % 2 == 1 && state < counts[i / states];
            boolean may = label && (state == 1 || ids[i] != ids[i - 2]);
            skips[i] = may ? 0 : CtcLoss.LOG_ZERO;
        }
        return Tensor.of(backend, Shape.of(counts.length, states), skips);
    }

    /// Returns 0 where a path may end, at the last label or the blank after it, ln 0 elsewhere.
    Tensor ends(Backend backend) {
        float[] ends = new float[ids.length];
        Arrays.fill(ends, CtcLoss.LOG_ZERO);
        for (int i = 0; i < counts.length; i++) {
            Arrays.fill(ends, i * states + Math.max(0, counts[i] - 2), i * states + counts[i], 0);
        }
        return Tensor.of(backend, Shape.of(counts.length, states), ends);
    }

    /// Returns the scores before the first step, `[N, 2 + states]`: a path comes from just before the first blank,
    /// from where the first step moves to it or skips it.
    Tensor start(Backend backend) {
        int width = 2 + states;
        float[] start = new float[counts.length * width];
        Arrays.fill(start, CtcLoss.LOG_ZERO);
        for (int i = 0; i < counts.length; i++) {
            start[i * width + 1] = 0;
        }
        return Tensor.of(backend, Shape.of(counts.length, width), start);
    }
}
