package lamella.train;

import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Dataset;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// One call of [Trainer#fit].
final class Fit {
    private final Trainer trainer;
    private final Dataset train;
    private final int epochs;
    private final List<Callback> callbacks;
    private final int stepsPerEpoch;
    private final Step step;

    Fit(Trainer trainer, Dataset train, int epochs, List<Callback> callbacks) {
        Batching batching = trainer.settings().batching();
        stepsPerEpoch = batching.batches(train.size());
        if (stepsPerEpoch == 0) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "fit: %d examples make no batch of %d", train.size(), batching.size()));
        }
        if (trainer.tally().batches() > stepsPerEpoch) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "fit: the training stands after step %d of an epoch that has %d",
                            trainer.tally().batches(),
                            stepsPerEpoch));
        }
        this.trainer = trainer;
        this.train = train;
        this.epochs = epochs;
        this.callbacks = callbacks;
        step = new Step(trainer);
    }

    History run() {
        try {
            int next = trainer.history().rows().size() + 1;
            tell(new TrainingEvent.Started(next, epochs, stepsPerEpoch, train.size(), trainer.history()));
            for (int epoch = next; epoch <= epochs && goesOn(); epoch++) {
                runEpoch(epoch);
            }
            tell(new TrainingEvent.Ended(trainer.history(), trainer.control().stopped()));
            return trainer.history();
        } finally {
            trainer.control().clear();
        }
    }

    private void runEpoch(int epoch) {
        Optional<Speed> speed = runSteps(epoch);
        if (trainer.tally().batches() < stepsPerEpoch) {
            return;
        }
        Optional<Metrics> validation = trainer.settings().validation().map(Supplier::get);
        var row =
                new History.Row(
                        epoch,
                        trainer.tally().metrics(),
                        validation,
                        trainer.learningRate(trainer.optimizer().steps() - 1),
                        speed);
        trainer.complete(row);
        tell(new TrainingEvent.EpochEnded(epoch, epochs, row));
    }

    private Optional<Speed> runSteps(int epoch) {
        Batching batching = trainer.settings().batching();
        long seed = trainer.settings().seed();
        int done = trainer.tally().batches();
        long start = System.nanoTime();
        long examples = 0;
        var speed = new Speed(0, 0);
        try (Batches batches = batching.epoch(train, seed, epoch, done)) {
            while (batches.hasNext() && goesOn()) {
                var batch = batches.next();
                step.run(batch);
                examples += batch.size();
                speed = new Speed(examples, (System.nanoTime() - start) / 1e9);
                tell(event(epoch, done, speed));
            }
        }
        return examples == 0 ? Optional.empty() : Optional.of(speed);
    }

    private TrainingEvent event(int epoch, int before, Speed speed) {
        Tally tally = trainer.tally();
        double perStep = speed.seconds() / (tally.batches() - before);
        double left = perStep * (stepsPerEpoch - tally.batches());
        return new TrainingEvent.StepEnded(
                new TrainingEvent.Progress(epoch, epochs, tally.batches(), stepsPerEpoch, speed, left),
                trainer.optimizer().steps(),
                step.loss(),
                tally.metrics(),
                step.learningRate());
    }

    private boolean goesOn() {
        return trainer.control().stopped().isEmpty();
    }

    private void tell(TrainingEvent event) {
        callbacks.forEach(callback -> callback.on(event, trainer.control()));
    }
}
