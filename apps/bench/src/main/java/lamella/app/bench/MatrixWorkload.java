package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

/// A product of two square matrices, in GFLOP/s: 2 · size³ operations each.
///
/// @param size rows and columns of both
record MatrixWorkload(String name, int size) implements Workload {
    private static final double GIGA = 1e9;

    /// Returns this one: a product has no batch.
    @Override
    public Workload batch(int batch) {
        return this;
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        Shape shape = Shape.of(size, size);
        Tensor a = Tensor.of(backend, shape, Task.noise(shape.size(), 1));
        Tensor b = Tensor.of(backend, shape, Task.noise(shape.size(), 2));
        Runnable step = () -> Memory.scope(() -> a.matmul(b));
        stopwatch.first(name, step);
        stopwatch.throughput(name, "sgemm" + size + "_gflops", 2 * Math.pow(size, 3) / GIGA, step);
    }
}
