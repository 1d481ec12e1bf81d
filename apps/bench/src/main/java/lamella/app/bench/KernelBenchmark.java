package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;

/// What the benchmarks of kernels have in common: the protocol, the backend, and how results are checked.
/// A superclass, since JMH takes its annotations from nowhere else.
///
/// Sizes are those of layers of the workloads, and awkward ones: a single element, primes, long and thin.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public abstract class KernelBenchmark {
    /// Checked elements of a result.
    private static final int SAMPLES = 50;

    /// Threads that compute.
    @Param({"1", "2"})
    public int threads;

    private final RandomSource random = RandomSource.of(1);
    private Backend backend;

    /// Opens the backend; the first line of each set-up.
    final Backend open() {
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads));
        return backend;
    }

    /// Frees the backend.
    @TearDown
    public void close() {
        backend.close();
    }

    /// Returns numbers between -1 and 1.
    final Tensor noise(Shape shape) {
        return random.uniform(backend, shape, -1, 1);
    }

    final Tensor zeros(Shape shape) {
        return Tensor.zeros(backend, shape);
    }

    /// Returns whole numbers below a bound, in no order.
    final Tensor indices(Shape shape, int bound) {
        int[] values = new int[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (int) (random.nextFloat() * bound);
        }
        return Tensor.ofInts(backend, shape, values);
    }

    /// Returns the numbers of a name such as `64x120`.
    static int[] extents(String name) {
        String[] parts = name.split("x");
        int[] extents = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            extents[i] = Integer.parseInt(parts[i]);
        }
        return extents;
    }

    /// Returns the sum of the products of two arrays' elements.
    static double dot(Tensor a, Tensor b) {
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }

    /// Compares elements here and there with what they should be, to one part in 10,000.
    static void check(Tensor result, IntToDoubleFunction expected) {
        float[] actual = result.toFloats();
        for (int sample = 0; sample < SAMPLES; sample++) {
            int at = (int) (sample * 7919L % actual.length);
            check(expected.applyAsDouble(at), actual[at], "element " + at);
        }
    }

    /// Compares one number, to one part in 10,000.
    static void check(double expected, double actual, String what) {
        if (!(Math.abs(actual - expected) <= 1e-4 * Math.max(1, Math.abs(expected)))) {
            throw new AssertionError(what + ": expected " + expected + " but got " + actual);
        }
    }
}
