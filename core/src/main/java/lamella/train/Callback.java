package lamella.train;

/// Observes a training, on the thread that trains.
@FunctionalInterface
public interface Callback {
    /// Takes note of an event.
    ///
    /// @param control ends the training after the current step
    void on(TrainingEvent event, TrainingControl control);
}
