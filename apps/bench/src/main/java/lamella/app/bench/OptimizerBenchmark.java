package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.OptimizerKernels;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.function.DoubleUnaryOperator;

/// One update of a parameter by each rule.
public class OptimizerBenchmark extends KernelBenchmark {
    private static final float RATE = 1e-3f;
    private static final OptimizerKernels.Sgd SGD = new OptimizerKernels.Sgd(RATE, 0.9f, false, 0);
    private static final OptimizerKernels.Adam ADAM =
            new OptimizerKernels.Adam(RATE, 0.9f, 0.999f, 1e-8f, 0.1f, 1e-3f, 0, 0);
    private static final OptimizerKernels.RmsProp RMS_PROP = new OptimizerKernels.RmsProp(RATE, 0.9f, 1e-8f, 0, 0);
    private static final OptimizerKernels.Adagrad ADAGRAD = new OptimizerKernels.Adagrad(RATE, 1e-8f, 0);

    /// Elements: a bias, LeNet-5's largest weight, the convnet's, an LSTM's, an embedding of 20,000 words, one
    /// number, a prime.
    @Param({"10", "48000", "18432", "65536", "2560000", "1", "10007"})
    public int size;

    private Backend backend;
    private OptimizerKernels kernels;
    private Tensor parameter;
    private Tensor gradient;
    private Tensor first;
    private Tensor second;

    /// Makes the operands and checks one step of each rule from empty state.
    @Setup
    public void prepare() {
        backend = open();
        kernels = backend.optimizer();
        gradient = noise(Shape.of(size));
        // corrections of the first step: mean and mean square are the gradient and its square
        checkStep(this::adam, RATE, Math::signum);
        checkStep(this::sgd, RATE, g -> g);
        checkStep(this::momentum, RATE, g -> g);
        checkStep(this::rmsProp, RATE / Math.sqrt(0.1), Math::signum);
        checkStep(this::adagrad, RATE, Math::signum);
    }

    /// Compares steps, not parameters: they are small beside those.
    private void checkStep(Runnable rule, double rate, DoubleUnaryOperator step) {
        parameter = zeros(Shape.of(size));
        first = zeros(Shape.of(size));
        second = zeros(Shape.of(size));
        float[] g = gradient.toFloats();
        rule.run();
        check(parameter.multiply(1 / RATE), i -> -rate / RATE * step.applyAsDouble(g[i]));
    }

    /// Plain descent.
    @Benchmark
    public void sgd() {
        kernels.sgd(SGD, parameter.view(), gradient.view());
        backend.synchronize();
    }

    /// With momentum.
    @Benchmark
    public void momentum() {
        kernels.momentum(SGD, parameter.view(), gradient.view(), first.view());
        backend.synchronize();
    }

    /// Adam.
    @Benchmark
    public void adam() {
        kernels.adam(ADAM, parameter.view(), gradient.view(), first.view(), second.view());
        backend.synchronize();
    }

    /// RMSProp.
    @Benchmark
    public void rmsProp() {
        kernels.rmsProp(RMS_PROP, parameter.view(), gradient.view(), second.view(), first.view());
        backend.synchronize();
    }

    /// Adagrad.
    @Benchmark
    public void adagrad() {
        kernels.adagrad(ADAGRAD, parameter.view(), gradient.view(), second.view());
        backend.synchronize();
    }
}
