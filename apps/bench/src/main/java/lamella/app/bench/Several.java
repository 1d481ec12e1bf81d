package lamella.app.bench;

import lamella.backend.Backend;

import java.util.List;

/// Workloads under one name, one after the other.
record Several(String name, List<Workload> parts) implements Workload {
    @Override
    public Workload batch(int batch) {
        return new Several(name, parts.stream().map(part -> part.batch(batch)).toList());
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        parts.forEach(part -> part.run(backend, stopwatch));
    }
}
