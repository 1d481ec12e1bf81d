package lamella.data;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.IntStream;

/// Labelled sequences of ids in memory, each of a length of its own: texts as numbers of words.
///
/// A batch has inputs [Values.Padded], int32 ids `[N, T]` with T the steps of the longest sequence in
/// it (at least 1), [#PADDING] behind the end of each shorter one, and int32 labels `[N]`.
///
/// {@snippet :
/// SequenceDataset reviews = SequenceDataset.of(ids, labels, 2);
/// try (Batches batches = Batching.of(64).bucketing(50).epoch(reviews, seed, 1)) { ... }
/// }
public final class SequenceDataset implements Dataset {
    /// The id behind the end of a sequence: no word.
    public static final int PADDING = -1;

    private final int[][] sequences;
    private final int[] labels;
    private final int classes;
    private final int[] chosen;

    private SequenceDataset(int[][] sequences, int[] labels, int classes, int[] chosen) {
        this.sequences = sequences;
        this.labels = labels;
        this.classes = classes;
        this.chosen = chosen;
    }

    /// Returns sequences with labels; the arrays of ids are not copied.
    ///
    /// @param sequences the ids of each, none negative
    /// @param labels a class for each sequence, in [0, classes)
    /// @throws IllegalArgumentException if there are not as many labels as sequences, an id is negative or
    ///   a label is no class
    public static SequenceDataset of(Collection<int[]> sequences, int[] labels, int classes) {
        int[][] all = sequences.toArray(int[][]::new);
        if (all.length != labels.length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "sequences: %d labels for %d sequences", labels.length, all.length));
        }
        for (int i = 0; i < all.length; i++) {
            requireIds(all[i], i);
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "sequences: label %d at index %d is outside [0, %d)",
                                labels[i],
                                i,
                                classes));
            }
        }
        int[] chosen = IntStream.range(0, all.length).toArray();
        return new SequenceDataset(all, labels.clone(), classes, chosen);
    }

    private static void requireIds(int[] ids, int index) {
        for (int step = 0; step < ids.length; step++) {
            if (ids[step] < 0) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "sequences: id %d at step %d of sequence %d is negative",
                                ids[step],
                                step,
                                index));
            }
        }
    }

    @Override
    public SequenceDataset select(int... indices) {
        Selection.requireInside(size(), indices);
        return new SequenceDataset(sequences, labels, classes, Selection.look(chosen, indices));
    }

    @Override
    public SequenceDataset subset(int from, int to) {
        return select(Selection.range(size(), from, to));
    }

    @Override
    public int size() {
        return chosen.length;
    }

    /// Returns the number of classes.
    public int classes() {
        return classes;
    }

    /// Returns the label of one sequence.
    public int label(int index) {
        return labels[chosen[index]];
    }

    /// Returns a copy of the ids of one sequence.
    public int[] ids(int index) {
        return sequences[chosen[index]].clone();
    }

    /// Returns the steps of one sequence.
    @Override
    public int length(int index) {
        return sequences[chosen[index]].length;
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        int count = indices.length;
        int[] lengths = buffers.ints(count);
        int[] targets = buffers.ints(count);
        int steps = 1;
        for (int i = 0; i < count; i++) {
            lengths[i] = length(indices[i]);
            targets[i] = label(indices[i]);
            steps = Math.max(steps, lengths[i]);
        }
        int[] ids = buffers.ints(count * steps);
        for (int i = 0; i < count; i++) {
            int start = i * steps;
            System.arraycopy(sequences[chosen[indices[i]]], 0, ids, start, lengths[i]);
            Arrays.fill(ids, start + lengths[i], start + steps, PADDING);
        }
        var inputs = new Values.Padded(new Values.Ints(Shape.of(count, steps), ids), lengths);
        return new Batch(inputs, new Values.Ints(Shape.of(count), targets), count);
    }
}
