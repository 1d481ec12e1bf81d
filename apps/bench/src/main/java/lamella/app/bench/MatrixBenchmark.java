package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/// Single-precision matrix products of the sizes of real nets, and awkward ones.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class MatrixBenchmark {
    /// M x N x K of `[M, K] · [K, N]`.
    @Param({"1024x1024x1024", "256x256x256", "207x300x515", "64x120x400", "64x512x784", "64x10x512"})
    public String size;

    /// Threads that compute.
    @Param({"1", "2"})
    public int threads;

    private Backend backend;
    private Tensor a;
    private Tensor b;
    private Tensor transposedB;

    /// Makes the factors and checks a few elements of the product.
    @Setup
    public void prepare() {
        String[] parts = size.split("x");
        int m = Integer.parseInt(parts[0]);
        int n = Integer.parseInt(parts[1]);
        int k = Integer.parseInt(parts[2]);
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads));
        var random = RandomSource.of(1);
        a = random.uniform(backend, Shape.of(m, k), -1, 1);
        b = random.uniform(backend, Shape.of(k, n), -1, 1);
        transposedB = b.transpose();
        check(a.matmul(b).toFloats(), m, n, k);
        check(a.linear(transposedB).toFloats(), m, n, k);
    }

    private void check(float[] product, int m, int n, int k) {
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        for (int sample = 0; sample < 50; sample++) {
            int i = sample * 37 % m;
            int j = sample * 53 % n;
            double expected = 0;
            for (int p = 0; p < k; p++) {
                expected += (double) left[i * k + p] * right[p * n + j];
            }
            if (Math.abs(product[i * n + j] - expected) > 1e-4 * Math.sqrt(k)) {
                throw new AssertionError("wrong product at " + i + ", " + j);
            }
        }
    }

    /// Frees the backend.
    @TearDown
    public void close() {
        backend.close();
    }

    /// `[M, K] · [K, N]`.
    @Benchmark
    public void multiply() {
        Memory.scope(() -> a.matmul(b));
        backend.synchronize();
    }

    /// `[M, K] · [N, K]ᵀ`: a dense layer.
    @Benchmark
    public void linear() {
        Memory.scope(() -> a.linear(transposedB));
        backend.synchronize();
    }
}
