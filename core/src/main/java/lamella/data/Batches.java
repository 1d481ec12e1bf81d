package lamella.data;

import lamella.tensor.RandomSource;

import java.util.Iterator;
import java.util.NoSuchElementException;

/// One pass over a dataset, in batches. A batch is valid until the next one is taken, since its
/// arrays are used again: a pass holds as many sets of arrays as it makes batches ahead, plus one.
///
/// Batches made ahead come from a second thread, which ends with the pass or when this is closed.
/// What the dataset throws there is thrown by [#next()].
public final class Batches implements Iterator<Batch>, AutoCloseable {
    private final int count;
    private final BatchSource source;
    private int next;

    private Batches(int count, BatchSource source, int next) {
        this.count = count;
        this.source = source;
        this.next = next;
    }

    static Batches start(Dataset dataset, Batching batching, RandomSource random, int skipped) {
        var maker = new BatchMaker(dataset, batching, random);
        BatchSource source =
                batching.prefetch() == 0
                        ? new DirectBatches(maker)
                        : PrefetchedBatches.start(maker, batching.prefetch(), skipped);
        return new Batches(maker.batches(), source, skipped);
    }

    /// Returns the number of batches in the whole pass.
    public int count() {
        return count;
    }

    @Override
    public boolean hasNext() {
        return next < count;
    }

    /// Returns the next batch; the one before must not be used any more.
    ///
    /// @throws NoSuchElementException after the last
    /// @throws IllegalStateException if this was closed
    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("batches: there are only " + count);
        }
        return source.take(next++);
    }

    /// Ends the second thread, and waits for it.
    @Override
    public void close() {
        source.close();
    }
}
