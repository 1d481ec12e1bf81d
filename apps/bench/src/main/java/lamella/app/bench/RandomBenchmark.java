package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Random numbers: initial weights and dropout.
public class RandomBenchmark extends KernelBenchmark {
    private static final long KEY = 0x1234_5678_9abcL;

    /// Elements: one, a prime, the dropout of the MNIST convnet, LeNet-5's largest weight, an embedding.
    @Param({"1", "10007", "204800", "48000", "2560000"})
    public int size;

    private Backend backend;
    private Tensor out;

    /// Makes the array and checks mean and mean square, to five standard errors.
    @Setup
    public void prepare() {
        backend = open();
        out = zeros(Shape.of(size));
        uniform();
        checkMoments("uniform", 0, 1 / 3.0, 4 / 45.0);
        normal();
        checkMoments("normal", 0, 1, 2);
        bernoulli();
        checkMoments("bernoulli", 0.5, 0.5, 0.25);
    }

    private void checkMoments(String what, double mean, double square, double varianceOfSquare) {
        double sum = 0;
        double squares = 0;
        for (float value : out.toFloats()) {
            sum += value;
            squares += (double) value * value;
        }
        near(what + ", mean", mean, sum / size, square - mean * mean);
        near(what + ", square", square, squares / size, varianceOfSquare);
    }

    private void near(String what, double expected, double actual, double variance) {
        if (!(Math.abs(actual - expected) <= 5 * Math.sqrt(variance / size))) {
            throw new AssertionError(what + ": expected " + expected + " but got " + actual);
        }
    }

    /// Uniform between -1 and 1.
    @Benchmark
    public void uniform() {
        backend.random().uniform(KEY, 0, -1, 1, out.view());
        backend.synchronize();
    }

    /// Standard normal.
    @Benchmark
    public void normal() {
        backend.random().normal(KEY, 0, 0, 1, out.view());
        backend.synchronize();
    }

    /// Zeros and ones, half of each.
    @Benchmark
    public void bernoulli() {
        backend.random().bernoulli(KEY, 0, 0.5f, out.view());
        backend.synchronize();
    }
}
