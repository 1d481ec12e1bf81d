package lamella.data;

import lamella.tensor.RandomSource;

/// Examples with targets, numbered from 0, of which batches are made on the host.
public interface Dataset {
    /// Returns the number of examples.
    int size();

    /// Makes a batch of chosen examples, in this order. It depends on the arguments alone; it may
    /// be made on another thread than the one that trains.
    ///
    /// @param indices which examples, each in [0, size)
    /// @param random for augmentation: at the beginning of the first example's numbers, from where
    ///   [#random] finds those of the others
    /// @param buffers where large arrays come from; they are valid until the batch was used
    Batch batch(int[] indices, RandomSource random, Buffers buffers);

    /// Returns the number of steps of one example, by which [Batching#bucketing] puts those of like length
    /// together; 1 where all examples are of one size.
    default int length(int index) {
        return 1;
    }

    /// Returns the random numbers of one example of a batch, 2²⁰ blocks of four words. They depend on
    /// the example's place in the whole pass, so an example is augmented alike however the pass is
    /// cut into batches; numbers that [#batch] draws from its own source depend on the batches.
    ///
    /// @param random what [#batch] was given
    /// @param place the example's place in the batch, from 0
    static RandomSource random(RandomSource random, int place) {
        return RandomSource.of(random.key(), random.position() + ((long) place << 20));
    }

    /// Makes a batch of chosen examples in arrays of its own.
    default Batch batch(int[] indices, RandomSource random) {
        return batch(indices, random, Buffers.create());
    }

    /// Returns the chosen examples, in this order; nothing is copied.
    ///
    /// @throws IllegalArgumentException if there is no such example
    default Dataset select(int... indices) {
        return Selection.of(this, indices);
    }

    /// Returns the examples `from` to `to - 1`; nothing is copied.
    ///
    /// @throws IllegalArgumentException if there are no such examples
    default Dataset subset(int from, int to) {
        return select(Selection.range(size(), from, to));
    }
}
