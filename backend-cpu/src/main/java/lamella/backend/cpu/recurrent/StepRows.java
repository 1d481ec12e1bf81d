package lamella.backend.cpu.recurrent;

import lamella.backend.RecurrentKernels.Run;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Where the steps of a batch of sequences stand in matrices with one row for each real step.
///
/// Row `first[n] + t` is step t of sequence n; padding has no row, so that it costs no arithmetic and
/// nothing in it can reach a sum. Sequences are handled in the order of falling length, so that of
/// neighbours the ones that still run are always the first; no result depends on that order.
final class StepRows {
    private static final int CHEAP = 32_768;

    private final boolean reverse;
    private final int[] lengths;
    private final int steps;
    private final int[] order;
    private final int[] first;
    private final int rows;

    /// Lays out the rows of a batch that is padded to `steps` steps.
    StepRows(Run run, int steps) {
        this.reverse = run.reverse();
        this.lengths = run.lengths();
        this.steps = steps;
        int count = lengths.length;
        first = new int[count];
        order = new int[count];
        long[] keys = new long[count];
        int row = 0;
        for (int n = 0; n < count; n++) {
            first[n] = row;
            row += lengths[n];
            keys[n] = (long) -lengths[n] << 32 | n;
        }
        rows = row;
        Arrays.sort(keys);
        for (int i = 0; i < count; i++) {
            order[i] = (int) keys[i];
        }
    }

    /// Returns the number of rows: that of the steps of all sequences.
    int rows() {
        return rows;
    }

    /// Tells whether there is no padding, so that the rows are those of the padded array.
    boolean full() {
        return rows == lengths.length * steps;
    }

    /// Returns the sequence at a place of the order of falling length.
    int sequence(int place) {
        return order[place];
    }

    /// Returns the steps of a sequence.
    int length(int sequence) {
        return lengths[sequence];
    }

    /// Returns the row of the step that a sequence takes as its `turn`th.
    int row(int sequence, int turn) {
        return first[sequence] + time(sequence, turn);
    }

    /// Returns the row of that step in an array padded to all steps.
    int paddedRow(int sequence, int turn) {
        return sequence * steps + time(sequence, turn);
    }

    private int time(int sequence, int turn) {
        return reverse ? lengths[sequence] - 1 - turn : turn;
    }

    /// Returns how many of the sequences at `count` places from `from` on take more than `turn` steps:
    /// the first so many.
    int running(int from, int count, int turn) {
        int running = count;
        while (running > 0 && lengths[order[from + running - 1]] <= turn) {
            running--;
        }
        return running;
    }

    /// Copies the real steps of a padded array together.
    void gather(Workers workers, float[] padded, int at, int width, float[] out) {
        workers.split(
                lengths.length,
                grain(width),
                (start, end) -> {
                    for (int n = start; n < end; n++) {
                        System.arraycopy(padded, at + n * steps * width, out, first[n] * width, lengths[n] * width);
                    }
                });
    }

    /// Copies the real steps to where they stand in a padded array and fills the padding with zeros.
    void scatter(Workers workers, float[] x, int width, float[] padded, int at) {
        workers.split(
                lengths.length,
                grain(width),
                (start, end) -> {
                    for (int n = start; n < end; n++) {
                        System.arraycopy(x, first[n] * width, padded, at + n * steps * width, lengths[n] * width);
                        clearPadding(n, width, padded, at);
                    }
                });
    }

    /// Fills the padding of a sequence with zeros.
    void clearPadding(int sequence, int width, float[] padded, int at) {
        int start = at + sequence * steps * width;
        Arrays.fill(padded, start + lengths[sequence] * width, start + steps * width, 0f);
    }

    private int grain(int width) {
        return Math.max(1, CHEAP / Math.max(1, steps * width));
    }
}
