package lamella.train;

import lamella.data.Batch;
import lamella.nn.Mode;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;

/// One step after the other.
final class Step {
    private final Trainer trainer;
    private final RandomSource seed;
    private Optional<Float> lastFinite = Optional.empty();
    private Objective.Outcome outcome;
    private float learningRate;
    private float loss;

    Step(Trainer trainer) {
        this.trainer = trainer;
        seed = RandomSource.of(trainer.settings().seed());
    }

    /// The loss of the last step's batch, without penalty.
    float loss() {
        return loss;
    }

    float learningRate() {
        return learningRate;
    }

    void run(Batch batch) {
        long before = trainer.optimizer().steps();
        learningRate = trainer.learningRate(before);
        RandomSource random = seed.split("step" + (before + 1));
        try {
            Memory.scope(() -> update(batch, random));
        } finally {
            outcome = null;
        }
    }

    private void update(Batch batch, RandomSource random) {
        var updates = new ArrayList<Runnable>();
        Gradients gradients =
                Autograd.differentiate(
                        trainer.parameters(), () -> Mode.train(random, updates::add, () -> total(batch)));
        loss = outcome.loss().item();
        requireFinite(loss);
        if (trainer.settings().penalty().isPresent()) {
            requireFinite(gradients.result().item());
        }
        lastFinite = Optional.of(loss);
        Tally more = trainer.tally().plus(batch, loss, outcome);
        updates.forEach(Runnable::run);
        trainer.optimizer().step(trainer.settings().clip().apply(gradients), learningRate);
        trainer.advance(more);
    }

    private Tensor total(Batch batch) {
        outcome = trainer.objective().of(batch);
        return trainer.settings()
                .penalty()
                .map(penalty -> outcome.loss().add(penalty.of(trainer.parameters())))
                .orElse(outcome.loss());
    }

    private void requireFinite(float total) {
        if (Float.isFinite(total)) {
            return;
        }
        String before =
                lastFinite.map(last -> "last finite loss " + Figures.brief(last)).orElse("no finite loss before");
        throw new TrainingException(
                String.format(
                        Locale.ROOT,
                        "step %d: loss is %s; %s, learningRate %s",
                        trainer.optimizer().steps() + 1,
                        total,
                        before,
                        learningRate));
    }
}
