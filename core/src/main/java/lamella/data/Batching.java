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
/// @param bucketing batches whose examples are sorted by length before they are cut; 1 for no sorting
public record Batching(int size, boolean shuffle, boolean dropPartial, int prefetch, int bucketing) {
    /// Rejects sizes and bucketings below 1 and a negative prefetch.
    public Batching {
        if (size < 1) {
            throw new IllegalArgumentException("batches: size must be at least 1, got " + size);
        }
        if (prefetch < 0) {
            throw new IllegalArgumentException("batches: prefetch must be at least 0, got " + prefetch);
        }
        if (bucketing < 1) {
            throw new IllegalArgumentException("batches: bucketing must be at least 1, got " + bucketing);
        }
    }

    /// Returns shuffled batches of `size` examples, the last partial one kept, two made ahead, without
    /// bucketing.
    public static Batching of(int size) {
        return new Batching(size, true, false, 2, 1);
    }

    /// Returns these options with batches of another size.
    public Batching size(int size) {
        return new Batching(size, shuffle, dropPartial, prefetch, bucketing);
    }

    /// Returns these options with or without an order of its own for each epoch.
    public Batching shuffle(boolean shuffle) {
        return new Batching(size, shuffle, dropPartial, prefetch, bucketing);
    }

    /// Returns these options with or without a last partial batch.
    public Batching dropPartial(boolean dropPartial) {
        return new Batching(size, shuffle, dropPartial, prefetch, bucketing);
    }

    /// Returns these options with another number of batches made ahead.
    public Batching prefetch(int prefetch) {
        return new Batching(size, shuffle, dropPartial, prefetch, bucketing);
    }

    /// Returns these options with examples of like length in each batch, so that little of it is padding.
    /// The shuffled examples of so many batches at a time are sorted by [Dataset#length] and cut into
    /// batches; then the batches are shuffled, but for a last partial one, whose examples are of all
    /// lengths. Without shuffling nothing is sorted: the order is the dataset's.
    ///
    /// With bucketing the order of the examples depends on the size of the batches, too, but still on
    /// nothing else than that, the seed and the epoch.
    ///
    /// @param batches as many as are sorted together, 1 for no bucketing
    public Batching bucketing(int batches) {
        return new Batching(size, shuffle, dropPartial, prefetch, batches);
    }

    /// Returns the number of batches in a pass over `examples`.
    public int batches(int examples) {
        return dropPartial ? examples / size : Math.ceilDiv(examples, size);
    }

    /// Starts a pass. The order of the examples depends on the seed and the epoch alone, and an
    /// example's augmentation on these and its place in the order (see [Dataset#random]); without
    /// bucketing neither depends on the size of the batches.
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
