package lamella.train;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The way to end a training early, from a callback or another thread (a Ctrl-C handler).
public final class TrainingControl {
    private final AtomicReference<String> reason = new AtomicReference<>();

    TrainingControl() {}

    /// Asks the training to end after the current step, or before its first if none runs. Of
    /// several reasons the first counts.
    ///
    /// @param why what [TrainingEvent.Ended] says
    public void stop(String why) {
        reason.compareAndSet(null, why);
    }

    /// Returns why the training is to end, if it is.
    public Optional<String> stopped() {
        return Optional.ofNullable(reason.get());
    }

    /// Takes the request back, for the next training.
    void clear() {
        reason.set(null);
    }
}
