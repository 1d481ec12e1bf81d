package lamella.app.common;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C while something runs that must not stop in the middle: the process ends when it is closed,
/// or when the patience is over.
///
/// {@snippet :
/// try (var interruption = Interruption.watch(Duration.ofSeconds(10))) {
///     while (work() && !interruption.requested()) { ... }
/// }
/// }
public final class Interruption implements AutoCloseable {
    /// The exit status of a process that Ctrl-C ended: 128 + SIGINT.
    static final int STATUS = 130;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    private Interruption(Duration patience) {
        hook = new Thread(() -> onShutdown(patience), "interruption");
    }

    /// Starts to watch.
    public static Interruption watch(Duration patience) {
        var interruption = new Interruption(patience);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// What a verb throws when it has tidied up after an interruption.
    public static final class Interrupted extends RuntimeException {
        /// Makes one.
        public Interrupted() {
            super("interrupted", null, false, false);
        }
    }

    private void onShutdown(Duration patience) {
        requested = true;
        try {
            closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells whether the process was asked to end.
    public boolean requested() {
        return requested;
    }

    /// Lets the process end.
    @Override
    public void close() {
        closed.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested = true; // the process is ending at this very moment
            }
        }
    }
}
