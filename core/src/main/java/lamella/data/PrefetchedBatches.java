package lamella.data;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Makes batches ahead on a thread of its own. Sets of arrays circulate: free, being filled, ready,
/// held by the consumer; their number bounds what is made ahead.
final class PrefetchedBatches implements BatchSource {
    private sealed interface Result {}

    private record Made(Batch batch, Buffers buffers) implements Result {}

    private record Failed(Throwable cause) implements Result {}

    private final BatchMaker maker;
    private final BlockingQueue<Buffers> free = new LinkedBlockingQueue<>();
    private final BlockingQueue<Result> ready = new LinkedBlockingQueue<>();
    private final Thread thread;
    private Result last;
    private volatile boolean closed;

    private PrefetchedBatches(BatchMaker maker, int ahead, int first) {
        this.maker = maker;
        for (int i = 0; i <= ahead; i++) {
            free.add(Buffers.create());
        }
        thread = Thread.ofPlatform().daemon().name("lamella-batches").unstarted(() -> fill(first));
    }

    static PrefetchedBatches start(BatchMaker maker, int ahead, int first) {
        var batches = new PrefetchedBatches(maker, ahead, first);
        batches.thread.start();
        return batches;
    }

    private void fill(int first) {
        try {
            for (int number = first; number < maker.batches(); number++) {
                Buffers buffers = free.take();
                if (closed) {
                    return;
                }
                ready.add(new Made(maker.make(number, buffers), buffers));
            }
        } catch (InterruptedException _) {
            // Closed: nobody waits for a result.
        } catch (Throwable cause) {
            ready.add(new Failed(cause));
        }
    }

    @Override
    public Batch take(int number) {
        if (closed) {
            throw new IllegalStateException("batches: already closed");
        }
        if (last instanceof Made(Batch _, Buffers buffers)) {
            free.add(buffers);
            last = null;
        }
        if (last == null) {
            last = await();
        }
        return switch (last) {
            case Made(Batch batch, Buffers _) -> batch;
            case Failed(RuntimeException cause) -> throw cause;
            case Failed(Error cause) -> throw cause;
            case Failed(Throwable cause) -> throw new IllegalStateException(cause);
        };
    }

    private Result await() {
        try {
            return ready.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("batches: interrupted while waiting for a batch", e);
        }
    }

    /// Ends the thread: it is interrupted where it waits, and finds `closed` where it works.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        free.add(Buffers.create());
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
