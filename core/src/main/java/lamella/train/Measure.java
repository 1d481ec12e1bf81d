package lamella.train;

import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.tensor.Memory;

/// Computes metrics over a dataset.
final class Measure {
    private final Objective objective;
    private Tally tally = Tally.zero();

    private Measure(Objective objective) {
        this.objective = objective;
    }

    static Metrics of(Objective objective, Dataset dataset, Batching batching) {
        if (dataset.size() == 0) {
            throw new IllegalArgumentException("evaluate: the dataset is empty");
        }
        var measure = new Measure(objective);
        Batching all = batching.shuffle(false).dropPartial(false);
        try (Batches batches = all.epoch(dataset, 0, 0)) {
            while (batches.hasNext()) {
                measure.add(batches.next());
            }
        }
        return measure.tally.metrics();
    }

    private void add(Batch batch) {
        Memory.scope(
                () -> {
                    Objective.Outcome outcome = objective.of(batch);
                    tally = tally.plus(batch, outcome.loss().item(), outcome);
                });
    }
}
