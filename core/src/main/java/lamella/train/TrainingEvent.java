package lamella.train;

import java.util.Optional;

/// What a training tells its callbacks. After a [TrainingException] nothing more is told.
public sealed interface TrainingEvent {
    /// Before the first step.
    ///
    /// @param epoch the number of the epoch that runs first; above 1 in a resumed training
    /// @param epochs the number of the last epoch
    /// @param stepsPerEpoch steps in an epoch
    /// @param examples examples in the dataset
    /// @param history the epochs before, in a resumed training
    record Started(int epoch, int epochs, int stepsPerEpoch, int examples, History history) implements TrainingEvent {}

    /// After a step has changed the parameters.
    ///
    /// @param progress where the training stands
    /// @param step the number of the step in the whole training, from 1
    /// @param loss the loss of this step's batch, without penalty
    /// @param mean loss and accuracy over the epoch so far
    /// @param learningRate the step size of this step
    record StepEnded(Progress progress, long step, double loss, Metrics mean, float learningRate)
            implements TrainingEvent {}

    /// After an epoch and the validation that followed; [Trainer#state()] is that of the boundary.
    ///
    /// @param epoch its number, from 1
    /// @param epochs the number of the last epoch
    /// @param row what the history says of it
    record EpochEnded(int epoch, int epochs, History.Row row) implements TrainingEvent {}

    /// After the last step.
    ///
    /// @param history all epochs that were completed
    /// @param stopped why the training ended before its last epoch, if it did
    record Ended(History history, Optional<String> stopped) implements TrainingEvent {}

    /// Where a training stands within an epoch: what a progress bar shows.
    ///
    /// @param epoch its number, from 1
    /// @param epochs the number of the last epoch
    /// @param step steps of the epoch so far
    /// @param stepsPerEpoch steps in the epoch
    /// @param speed examples and seconds since the epoch began in this run
    /// @param secondsLeft how long the rest of the epoch takes at this speed
    record Progress(int epoch, int epochs, int step, int stepsPerEpoch, Speed speed, double secondsLeft) {}
}
