package lamella.app.bench;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
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

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Convolutions of LeNet-5, of the Keras MNIST net and of VGG, forward and both gradients.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class ConvolutionBenchmark {
    /// A layer of a net.
    public enum Layer {
        /// Batch 64, 1 to 6 channels, 5 x 5, padding 2, 28 x 28.
        LENET1(64, 1, 6, 28, 5, 2),
        /// Batch 64, 6 to 16 channels, 5 x 5, 14 x 14.
        LENET2(64, 6, 16, 14, 5, 0),
        /// Batch 128, 1 to 32 channels, 3 x 3, 28 x 28.
        CONVNET1(128, 1, 32, 28, 3, 0),
        /// Batch 128, 32 to 64 channels, 3 x 3, 13 x 13.
        CONVNET2(128, 32, 64, 13, 3, 0),
        /// Batch 4, 64 to 128 channels, 3 x 3, padding 1, 56 x 56.
        VGG(4, 64, 128, 56, 3, 1);

        private final Shape input;
        private final Shape weight;
        private final Conv2dOptions options;

        Layer(int batch, int in, int out, int extent, int kernel, int padding) {
            input = Shape.of(batch, in, extent, extent);
            weight = Shape.of(out, in, kernel, kernel);
            options = Conv2dOptions.defaults().padding(padding);
        }
    }

    /// The layer.
    @Param public Layer layer;

    /// Threads that compute.
    @Param({"1", "2"})
    public int threads;

    private Backend backend;
    private Tensor x;
    private Tensor weight;
    private Tensor y;
    private Tensor inputGradient;
    private Tensor weightGradient;

    /// Makes the operands and checks that the three kernels are adjoint to each other:
    /// ⟨conv(x), y⟩ = ⟨x, inputGradient(y)⟩ = ⟨w, weightGradient(x, y)⟩.
    @Setup
    public void prepare() {
        backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads));
        var random = RandomSource.of(1);
        x = random.uniform(backend, layer.input, -1, 1);
        weight = random.uniform(backend, layer.weight, -1, 1);
        y = x.conv2d(weight, layer.options);
        inputGradient = Tensor.zeros(backend, layer.input);
        weightGradient = Tensor.zeros(backend, layer.weight);
        double squares = dot(y, y);
        inputGradient();
        weightGradient();
        check(squares, dot(x, inputGradient));
        check(squares, dot(weight, weightGradient));
    }

    private static double dot(Tensor a, Tensor b) {
        float[] left = a.toFloats();
        float[] right = b.toFloats();
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }

    private static void check(double expected, double actual) {
        if (Math.abs(actual - expected) > 1e-4 * Math.abs(expected)) {
            throw new AssertionError("expected " + expected + " but got " + actual);
        }
    }

    /// Frees the backend.
    @TearDown
    public void close() {
        backend.close();
    }

    /// The output.
    @Benchmark
    public void forward() {
        backend.convolution().forward(x.view(), weight.view(), Optional.empty(), layer.options, y.view());
        backend.synchronize();
    }

    /// The gradient of the input.
    @Benchmark
    public void inputGradient() {
        backend.convolution().inputGradient(y.view(), weight.view(), layer.options, inputGradient.view());
        backend.synchronize();
    }

    /// The gradient of the weight.
    @Benchmark
    public void weightGradient() {
        backend.convolution().weightGradient(x.view(), y.view(), layer.options, weightGradient.view());
        backend.synchronize();
    }
}
