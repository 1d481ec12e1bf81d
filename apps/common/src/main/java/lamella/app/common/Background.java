package lamella.app.common;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Something that is made on a second thread.
///
/// {@snippet :
/// var images = Background.start("data", data::test);
/// Backend backend = open();   // meanwhile
/// evaluate(images.get());
/// }
///
/// @param <T> what is made
public final class Background<T> {
    private final String name;
    private final FutureTask<T> task;

    private Background(String name, FutureTask<T> task) {
        this.name = name;
        this.task = task;
    }

    /// Starts to make it.
    ///
    /// @param name what it is called: `data`
    public static <T> Background<T> start(String name, Supplier<T> maker) {
        var task = new FutureTask<T>(maker::get);
        Thread.ofPlatform().name(name).daemon().start(task);
        return new Background<>(name, task);
    }

    /// Waits for it and returns it; throws what its maker threw.
    ///
    /// @throws IllegalStateException if the waiting thread is interrupted
    public T get() {
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
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }
}
