package lamella.app.bench;

import lamella.backend.Backend;

/// What a step of training takes of a device's memory, beside what must live: see [MustLive].
///
/// @param task the net, of layers that [MustLive] knows
/// @param batch examples of a batch
record MemoryWorkload(String name, Task task, int batch) implements Workload {
    private static final double MEBI = 1 << 20;

    @Override
    public Workload batch(int batch) {
        return new MemoryWorkload(name, task, batch);
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        var training = new Training(backend, task, batch, 1);
        training.step();
        training.step();
        backend.synchronize();
        double must = MustLive.bytes(task.net(), task.input(), batch, task.optimizer().slots().size()) / MEBI;
        double peak = backend.memory().peak() / MEBI;
        stopwatch.value(name, "must_live_mb", must);
        stopwatch.value(name, "peak_live_mb", peak);
        stopwatch.value(name, "peak_to_must_live", peak / must);
    }
}
