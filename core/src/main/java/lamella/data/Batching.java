package lamella.data;

import lamella.tensor.RandomSource;

/// How a dataset is cut into batches.
///
/// {@snippet :
/// try (Batches batches = Batching.of(64).epoch(train, seed, 1)) {
///     while (batches.hasNext()) {
///         step(batches.next());
///     }
/// }
/// }
///
/// @param size examples in a batch, at least 1
/// @param shuffle whether each epoch has an order of its own
/// @param dropPartial whether a last batch with fewer examples is left out
/// @param prefetch batches made ahead on a second thread; 0 for none
public record Batching(int size, boolean shuffle, boolean dropPartial, int prefetch) {
    /// Rejects sizes below 1 and a negative prefetch.
    public Batching {
        if (size < 1) {
            throw new IllegalArgumentException("batches: size must be at least 1, got " + size);
        }
        if (prefetch < 0) {
            throw new IllegalArgumentException("batches: prefetch must be at least 0, got " + prefetch);
        }
    }

    /// Returns shuffled batches of `size` examples, the last partial one kept, two made ahead.
    public static Batching of(int size) {
        return new Batching(size, true, false, 2);
    }

    /// Returns these options with or without an order of its own for each epoch.
    public Batching shuffle(boolean shuffle) {
        return new Batching(size, shuffle, dropPartial, prefetch);
    }

    /// Returns these options with or without a last partial batch.
    public Batching dropPartial(boolean dropPartial) {
        return new Batching(size, shuffle, dropPartial, prefetch);
    }

    /// Returns these options with another number of batches made ahead.
    public Batching prefetch(int prefetch) {
        return new Batching(size, shuffle, dropPartial, prefetch);
    }

    /// Returns the number of batches in a pass over `examples`.
    public int batches(int examples) {
        return dropPartial ? examples / size : Math.ceilDiv(examples, size);
    }

    /// Starts a pass. The order of the examples depends on the seed and the epoch alone, and an
    /// example's augmentation on these and its place in the order (see [Dataset#random]); neither
    /// depends on the size of the batches.
    ///
    /// @param epoch its number
    public Batches epoch(Dataset dataset, long seed, int epoch) {
        return epoch(dataset, seed, epoch, 0);
    }

    /// Starts a pass in the middle: it goes on as if its first batches had been taken.
    ///
    /// @param skipped batches that are left out
    public Batches epoch(Dataset dataset, long seed, int epoch, int skipped) {
        RandomSource random = RandomSource.of(seed).split("epoch" + epoch);
        return Batches.start(dataset, this, random, skipped);
    }
}
