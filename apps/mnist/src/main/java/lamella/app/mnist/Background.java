package lamella.app.mnist;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Something that is made on a second thread.
final class Background<T> {
    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Background<T> start(String name, Supplier<T> maker) {
        var task = new FutureTask<T>(maker::get);
        Thread.ofPlatform().name(name).daemon().start(task);
        return new Background<>(task);
    }

    /// Waits for it; throws what its maker threw.
    T get() {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("mnist: interrupted while waiting for data", e);
        }
    }
}
