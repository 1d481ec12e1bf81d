package lamella.train;

import java.util.LinkedHashMap;
import java.util.Map;

/// Where a training stands, apart from parameters and optimizer state: enough to go on as if it had
/// never stopped, also in the middle of an epoch. It holds no times, so equal trainings have equal
/// states.
///
/// All random numbers of a step depend on the seed and the step's number, those of an epoch's order
/// and augmentation on the seed, the epoch's number and the examples' places; so these numbers are
/// all of their state.
public final class TrainingState {
    private final long seed;
    private final long steps;
    private final History history;
    private final Tally tally;

    TrainingState(long seed, long steps, History history, Tally tally) {
        this.seed = seed;
        this.steps = steps;
        this.history = history;
        this.tally = tally;
    }

    /// Returns the seed of the training.
    public long seed() {
        return seed;
    }

    /// Returns the number of epochs completed.
    public int epochs() {
        return history.rows().size();
    }

    /// Returns the number of steps taken.
    public long steps() {
        return steps;
    }

    /// Returns the epochs completed.
    public History history() {
        return history;
    }

    /// Returns the sums over the epoch under way.
    Tally tally() {
        return tally;
    }

    /// Returns this state as texts, for the metadata of a model file.
    public Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("training.seed", Long.toString(seed));
        fields.put("training.steps", Long.toString(steps));
        fields.put("training.history", StateText.history(history));
        fields.put("training.epoch", StateText.tally(tally));
        return fields;
    }

    /// Reads a state from what [#toMetadata] wrote; other entries are ignored.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    public static TrainingState of(Map<String, String> metadata) {
        return new TrainingState(
                StateText.whole("training.seed", metadata),
                StateText.count("training.steps", metadata),
                StateText.toHistory("training.history", metadata),
                StateText.toTally("training.epoch", metadata));
    }
}
