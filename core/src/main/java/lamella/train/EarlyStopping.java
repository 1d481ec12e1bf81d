package lamella.train;

import lamella.tensor.Parameter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/// Ends a training that has stopped to improve, and can bring back its best parameters.
///
/// {@snippet :
/// var stopping = EarlyStopping.onAccuracy(3).restoring(model.state());
/// trainer.fit(train, 100, stopping);
/// }
///
/// It watches the validation, or the training where there is none. Of two epochs with the same accuracy the one with
/// the lower loss is the better one: while a net does not get anything right yet, the loss still tells whether it
/// learns. In a resumed training it looks at the epochs before, too, and so ends where the uninterrupted one would.
public final class EarlyStopping implements Callback {
    private final String name;
    private final boolean higherIsBetter;
    private final Function<Metrics, OptionalDouble> monitored;
    private final int patience;
    private final double minDelta;
    private final Optional<BestParameters> kept;
    private double best;
    private double bestLoss;
    private int bestEpoch;
    private int waited;
    private int epochs;

    private EarlyStopping(EarlyStopping of, int patience, double minDelta, Optional<BestParameters> kept) {
        this.name = of.name;
        this.higherIsBetter = of.higherIsBetter;
        this.monitored = of.monitored;
        this.patience = patience;
        this.minDelta = minDelta;
        this.kept = kept;
    }

    private EarlyStopping(
            String name, boolean higherIsBetter, Function<Metrics, OptionalDouble> monitored, int patience) {
        if (patience < 1) {
            throw new IllegalArgumentException("early stopping: patience must be at least 1, got " + patience);
        }
        this.name = name;
        this.higherIsBetter = higherIsBetter;
        this.monitored = monitored;
        this.patience = patience;
        minDelta = 0;
        kept = Optional.empty();
    }

    /// Stops when the loss did not fall for so many epochs in a row.
    ///
    /// @throws IllegalArgumentException if the patience is below 1
    public static EarlyStopping onLoss(int patience) {
        return new EarlyStopping("loss", false, m -> OptionalDouble.of(m.loss()), patience);
    }

    /// Stops when for so many epochs in a row the accuracy did not rise, nor the loss fall at the best accuracy so far.
    ///
    /// @throws IllegalArgumentException if the patience is below 1
    public static EarlyStopping onAccuracy(int patience) {
        return new EarlyStopping("accuracy", true, Metrics::accuracy, patience);
    }

    /// Returns this for which only changes by more than `minDelta` are improvements.
    ///
    /// @throws IllegalArgumentException if it is negative
    public EarlyStopping minDelta(double minDelta) {
        if (!(minDelta >= 0)) {
            throw new IllegalArgumentException("early stopping: minDelta must be at least 0, got " + minDelta);
        }
        return new EarlyStopping(this, patience, minDelta, kept);
    }

    /// Returns this with copies of the best values of parameters, which are put back when the
    /// training is over: its last epoch was completed, or this stopped it. A training that was
    /// stopped otherwise keeps its newest values, so that a checkpoint taken after it can be resumed;
    /// a checkpoint of a training that is to go on after that is taken in a callback.
    ///
    /// @param state what to bring back: a model's [lamella.nn.Model#state()], at least one
    public EarlyStopping restoring(List<Parameter> state) {
        return new EarlyStopping(this, patience, minDelta, Optional.of(BestParameters.of(state)));
    }

    /// Returns the copies of the best parameters, to be saved in a checkpoint and loaded before a
    /// training is resumed; empty if none are kept.
    public List<Parameter> state() {
        return kept.map(BestParameters::state).orElse(List.of());
    }

    /// Returns the number of the best epoch, 0 if there was none yet.
    public int bestEpoch() {
        return bestEpoch;
    }

    @Override
    public void on(TrainingEvent event, TrainingControl control) {
        switch (event) {
            case TrainingEvent.Started started -> start(started, control);
            case TrainingEvent.StepEnded _ -> {}
            case TrainingEvent.EpochEnded ended -> {
                if (improves(ended.row())) {
                    kept.ifPresent(copies -> copies.keep(ended.epoch()));
                }
                stopIfStale(control);
            }
            case TrainingEvent.Ended ended -> {
                if (stale() || ended.history().rows().size() >= epochs) {
                    kept.ifPresent(copies -> copies.restore(bestEpoch));
                }
            }
        }
    }

    private void start(TrainingEvent.Started started, TrainingControl control) {
        epochs = started.epochs();
        best = higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        bestLoss = Double.POSITIVE_INFINITY;
        bestEpoch = 0;
        waited = 0;
        started.history().rows().forEach(this::improves);
        stopIfStale(control);
    }

    private boolean improves(History.Row row) {
        Metrics metrics = row.validation().orElse(row.train());
        double value =
                monitored
                        .apply(metrics)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "early stopping: epoch " + row.epoch() + " has no " + name));
        boolean better = higherIsBetter ? value > best + minDelta : value < best - minDelta;
        if (better || value == best && metrics.loss() < bestLoss - minDelta) {
            best = value;
            bestLoss = metrics.loss();
            bestEpoch = row.epoch();
            waited = 0;
            return true;
        }
        waited++;
        return false;
    }

    private boolean stale() {
        return waited >= patience;
    }

    private void stopIfStale(TrainingControl control) {
        if (stale()) {
            control.stop(
                    String.format(
                            Locale.ROOT,
                            "no better %s for %d epochs; best %s at epoch %d",
                            name,
                            waited,
                            Figures.brief(best),
                            bestEpoch));
        }
    }
}
