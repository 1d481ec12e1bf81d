package lamella.backend.cpu.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// The threads of the backend: a pool for tasks of a few microseconds.
///
/// A worker that runs out of work spins for about 50 µs before it parks, because waking a parked
/// thread costs as much; so nothing spins while nothing computes. The caller takes part. There is
/// one job at a time; who comes while it runs (a nested call, or another application thread) does
/// its tasks itself.
public final class Workers implements AutoCloseable {
    private static final long SPIN_NANOS = 50_000;

    /// A part of a range of indices.
    @FunctionalInterface
    public interface Range {
        /// Handles the indices `from` to `to - 1`.
        void run(int from, int to);
    }

    private final Worker[] workers;
    private final long spinNanos;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Job current;
    private volatile Thread owner;
    private volatile boolean closed;

    /// Starts `threads - 1` workers.
    public Workers(int threads) {
        // With fewer processors than threads a spinning worker stands in another one's way.
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    /// Returns the number of threads, the caller's among them.
    public int threads() {
        return workers.length + 1;
    }

    /// Runs each task from 0 to `tasks - 1` exactly once, on any thread, and waits for all.
    ///
    /// If tasks throw, the others still run, and the exception of the first of them, by number,
    /// reaches the caller.
    public void run(int tasks, IntConsumer task) {
        if (tasks <= 1 || workers.length == 0 || closed || !busy.compareAndSet(false, true)) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        var job = new Job(tasks, task);
        try {
            owner = Thread.currentThread();
            current = job;
            wake(tasks - 1);
            job.work();
            job.await();
        } finally {
            owner = null;
            current = null;
            busy.set(false);
        }
        job.rethrow();
    }

    /// Cuts `size` indices into parts of `grain` and handles them; with one thread, all at once.
    /// For work whose result does not depend on the cut.
    public void split(int size, int grain, Range body) {
        if (size <= grain || workers.length == 0) {
            if (size > 0) {
                body.run(0, size);
            }
            return;
        }
        int tasks = Math.ceilDiv(size, grain);
        run(tasks, i -> body.run(i * grain, (int) Math.min(size, (i + 1L) * grain)));
    }

    /// Returns a number from 0 to `threads() - 1` that tells the threads of a running job apart, or
    /// -1 if the calling thread is in none.
    int slot() {
        Thread thread = Thread.currentThread();
        if (thread instanceof Worker worker && worker.owner() == this) {
            return worker.slot;
        }
        return thread == owner ? 0 : -1;
    }

    private void wake(int wanted) {
        for (int i = 0; i < Math.min(wanted, workers.length); i++) {
            if (workers[i].parked) {
                LockSupport.unpark(workers[i]);
            }
        }
    }

    /// Ends the workers. Later jobs run on their caller alone.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    /// Tasks that are handed out one by one. A worker that comes late finds none left.
    private static final class Job {
        private final int tasks;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private volatile Thread waiting;
        private int failedTask = Integer.MAX_VALUE;
        private Throwable failure;

        Job(int tasks, IntConsumer task) {
            this.tasks = tasks;
            this.task = task;
            this.unfinished = new AtomicInteger(tasks);
        }

        boolean hasWork() {
            return next.get() < tasks;
        }

        void work() {
            while (hasWork()) {
                int i = next.getAndIncrement();
                if (i >= tasks) {
                    return;
                }
                try {
                    task.accept(i);
                } catch (Throwable e) {
                    fail(i, e);
                }
                if (unfinished.decrementAndGet() == 0) {
                    LockSupport.unpark(waiting);
                }
            }
        }

        private synchronized void fail(int i, Throwable e) {
            if (i < failedTask) {
                failedTask = i;
                failure = e;
            }
        }

        void await() {
            long deadline = System.nanoTime() + 4 * SPIN_NANOS;
            while (unfinished.get() > 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            if (unfinished.get() > 0) {
                waiting = Thread.currentThread();
                while (unfinished.get() > 0) {
                    LockSupport.park(this);
                }
            }
        }

        synchronized void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalStateException(failure);
            }
        }
    }

    private final class Worker extends Thread {
        private final int slot;
        private volatile boolean parked;

        Worker(int slot) {
            super("lamella-cpu-" + slot);
            this.slot = slot;
            setDaemon(true);
        }

        private Workers owner() {
            return Workers.this;
        }

        @Override
        public void run() {
            while (!closed) {
                Job job = current;
                if (job != null && job.hasWork()) {
                    job.work();
                } else {
                    job = null;
                    await();
                }
            }
        }

        private boolean idle() {
            Job job = current;
            return !closed && (job == null || !job.hasWork());
        }

        private void await() {
            long deadline = System.nanoTime() + spinNanos;
            while (idle()) {
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                if (idle()) {
                    LockSupport.park(Workers.this);
                }
                parked = false;
            }
        }
    }
}
