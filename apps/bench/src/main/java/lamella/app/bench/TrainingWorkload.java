package lamella.app.bench;

import lamella.backend.Backend;

/// Training steps of a net.
///
/// @param metric what the throughput is called
/// @param task the net and what it learns
/// @param batch examples of a batch
/// @param batches batches in turn
record TrainingWorkload(String name, String metric, Task task, int batch, int batches) implements Workload {
    @Override
    public Workload batch(int batch) {
        return batch == this.batch
                ? this
                : new TrainingWorkload(name, Workload.named(metric, batch), task, batch, batches);
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        var training = new Training(backend, task, batch, batches);
        stopwatch.training(name, metric, batch, training::step, training::firstLoss);
    }
}
