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
    /// @param random for augmentation
    /// @param buffers where large arrays come from; they are valid until the batch was used
    Batch batch(int[] indices, RandomSource random, Buffers buffers);

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
