package lamella.train;

import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Penalty;
import lamella.optim.Clip;
import lamella.optim.Optimizer;
import lamella.optim.OptimizerSpec;
import lamella.optim.Schedule;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Trains a model: shuffled batches, one optimizer step each, epoch after epoch.
///
/// {@snippet :
/// Trainer trainer =
///         Trainer.of(model, Loss.crossEntropy(), adam(1e-3)).batchSize(128).validation(held);
/// History history = trainer.fit(train, 5, progress);
/// }
///
/// A step computes the loss in [Mode#train], differentiates it, clips the gradients and changes the
/// parameters, all within one memory scope. The loss is read before anything changes, in each step:
/// a training whose loss is no number any more ends with a [TrainingException], and parameters and
/// running statistics are as the update before left them. Only the loss is looked at: an update that
/// is too long can leave infinite parameters, which the loss of the next step shows. On the CPU
/// reading costs nothing; on a device that runs ahead of its host it is the point in a step where
/// the host waits.
///
/// Settings are chosen before the first [#fit]; each method returns another trainer, which starts
/// anew. After the first epoch a step takes no storage from the backend, and on the heap only what
/// is small beside a batch: host arrays are used again (see [Batches]).
///
/// A seed stands for one course of training: order and augmentation of an epoch depend on the seed
/// and the epoch's number, dropout on the seed and the step's number, none of them on threads (see
/// [Batching#epoch]).
public final class Trainer {
    private final List<Parameter> parameters;
    private final Objective objective;
    private final OptimizerSpec spec;
    private final Settings settings;
    private final TrainingControl control = new TrainingControl();
    private Optional<Optimizer> optimizer = Optional.empty();
    private History history = History.empty();
    private Tally tally = Tally.zero();

    private Trainer(List<Parameter> parameters, Objective objective, OptimizerSpec spec, Settings settings) {
        this.parameters = List.copyOf(parameters);
        this.objective = objective;
        this.spec = spec;
        this.settings = settings;
    }

    /// Returns a trainer of a model: batches of 32, constant learning rate, no clipping, no
    /// penalty, seed 0, no validation.
    public static Trainer of(Model model, Loss loss, OptimizerSpec optimizer) {
        return new Trainer(model.parameters(), Objective.of(model, loss), optimizer, Settings.defaults());
    }

    /// Returns a trainer of anything that has parameters and a loss.
    ///
    /// @param parameters what is trained
    /// @param loss the loss of a batch, a scalar; [Mode] tells it whether it trains or validates
    public static Trainer of(List<Parameter> parameters, Function<Batch, Tensor> loss, OptimizerSpec optimizer) {
        return new Trainer(parameters, Objective.of(loss), optimizer, Settings.defaults());
    }

    /// Returns a trainer with batches of another size.
    public Trainer batchSize(int size) {
        return batching(settings.batching().size(size));
    }

    /// Returns a trainer that cuts the data in another way.
    public Trainer batching(Batching batching) {
        return with(settings.batching(batching));
    }

    /// Returns a trainer whose learning rate changes by the step.
    public Trainer schedule(Schedule schedule) {
        return with(settings.schedule(schedule));
    }

    /// Returns a trainer that limits the gradients.
    public Trainer clip(Clip clip) {
        return with(settings.clip(clip));
    }

    /// Returns a trainer that adds a penalty to the loss. The losses in events and history are
    /// without it.
    public Trainer penalty(Penalty penalty) {
        return with(settings.penalty(Optional.of(penalty)));
    }

    /// Returns a trainer with other random numbers.
    public Trainer seed(long seed) {
        return with(settings.seed(seed));
    }

    /// Returns a trainer that computes the loss on other examples after each epoch, in inference
    /// mode.
    public Trainer validation(Dataset examples) {
        Batching batching = settings.batching();
        return validation(() -> Measure.of(objective, examples, batching));
    }

    /// Returns a trainer that takes a measurement of its own after each epoch.
    public Trainer validation(Supplier<Metrics> measurement) {
        return with(settings.validation(Optional.of(measurement)));
    }

    private Trainer with(Settings other) {
        return new Trainer(parameters, objective, spec, other);
    }

    /// Returns the optimizer, for saving and loading its state.
    public Optimizer optimizer() {
        if (optimizer.isEmpty()) {
            optimizer = Optional.of(Optimizer.of(spec, parameters));
        }
        return optimizer.get();
    }

    /// Returns the way to end the training early, from any thread.
    public TrainingControl control() {
        return control;
    }

    /// Returns where the training stands. Between two calls of [#fit], and in a callback; with the
    /// model's and the optimizer's state of the same moment it makes a checkpoint. That of an
    /// unfinished training is taken in a callback, or after a [#fit] that was stopped through
    /// [#control].
    public TrainingState state() {
        return new TrainingState(settings.seed(), optimizer().steps(), history, tally);
    }

    /// Goes on where another training stood; the model's and the optimizer's state must have been
    /// loaded. With the same settings and data the result is that of never having stopped, bit by
    /// bit.
    ///
    /// @throws IllegalArgumentException if the state is of another seed
    public Trainer resume(TrainingState state) {
        if (state.seed() != settings.seed()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "resume: the state is of seed %d, the trainer has seed %d",
                            state.seed(),
                            settings.seed()));
        }
        optimizer().steps(state.steps());
        history = state.history();
        tally = state.tally();
        return this;
    }

    /// Trains until an epoch is completed; epochs completed before count.
    ///
    /// @param epochs the number of the last epoch
    /// @return all epochs completed so far
    /// @throws TrainingException if a step's loss is not finite; parameters and running statistics
    ///   are as the step before left them
    /// @throws IllegalArgumentException if the examples make no batch, or the state that was
    ///   resumed does not go with them
    public History fit(Dataset train, int epochs, Callback... callbacks) {
        return new Fit(this, train, epochs, List.of(callbacks)).run();
    }

    /// Returns the learning rate of a step, numbered from 0.
    float learningRate(long step) {
        return settings.schedule().at(spec.learningRate(), step);
    }

    Settings settings() {
        return settings;
    }

    Objective objective() {
        return objective;
    }

    List<Parameter> parameters() {
        return parameters;
    }

    History history() {
        return history;
    }

    Tally tally() {
        return tally;
    }

    void advance(Tally more) {
        tally = more;
    }

    void complete(History.Row row) {
        history = history.with(row);
        tally = Tally.zero();
    }
}
