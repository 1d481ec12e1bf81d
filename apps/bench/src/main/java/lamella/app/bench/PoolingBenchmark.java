package lamella.app.bench;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Maxima and means of windows of images.
public class PoolingBenchmark extends KernelBenchmark {
    /// A layer of a net.
    public enum Layer {
        /// Batch 64, 6 channels, 28 x 28, windows of 2.
        LENET1(64, 6, 28, 28, Pool2dOptions.of(2)),
        /// Batch 64, 16 channels, 10 x 10, windows of 2.
        LENET2(64, 16, 10, 10, Pool2dOptions.of(2)),
        /// Batch 128, 32 channels, 26 x 26, windows of 2.
        CONVNET1(128, 32, 26, 26, Pool2dOptions.of(2)),
        /// Batch 128, 64 channels, 11 x 11, windows of 2: the last row and column are left out.
        CONVNET2(128, 64, 11, 11, Pool2dOptions.of(2)),
        /// One image, 64 channels, 112 x 112, windows of 3 that overlap, padding 1.
        RESNET(1, 64, 112, 112, Pool2dOptions.of(3).stride(2).padding(1)),
        /// Batch 8, 512 channels, 7 x 7: the whole image.
        GLOBAL(8, 512, 7, 7, Pool2dOptions.of(7)),
        /// Batch 3, 13 channels, 17 x 19, windows of 3 at each position, padding 1.
        PRIMES(3, 13, 17, 19, Pool2dOptions.of(3).stride(1).padding(1)),
        /// One channel, 2 x 10,007, windows of 2.
        THIN(1, 1, 2, 10_007, Pool2dOptions.of(2));

        private final Shape input;
        private final Shape output;
        private final Pool2dOptions options;

        Layer(int batch, int channels, int height, int width, Pool2dOptions options) {
            input = Shape.of(batch, channels, height, width);
            output = Shape.of(batch, channels, options.outputHeight(height), options.outputWidth(width));
            this.options = options;
        }
    }

    /// The layer.
    @Param public Layer layer;

    private Backend backend;
    private Tensor x;
    private Tensor largest;
    private Tensor means;
    private Tensor above;
    private Tensor gradient;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        x = noise(layer.input);
        largest = zeros(layer.output);
        means = zeros(layer.output);
        above = noise(layer.output);
        gradient = zeros(layer.input);
        float[] values = x.toFloats();
        maximum();
        check(largest, i -> window(values, i, true));
        average();
        check(means, i -> window(values, i, false));
        // both are linear in what they choose from: <pool(x), above> = <x, gradient(above)>
        maximumGradient();
        check(dot(largest, above), dot(x, gradient), "maximum, gradient");
        averageGradient();
        check(dot(means, above), dot(x, gradient), "average, gradient");
    }

    private double window(float[] values, int at, boolean maximum) {
        Pool2dOptions options = layer.options;
        int height = layer.input.dim(2);
        int width = layer.input.dim(3);
        int column = at % layer.output.dim(3) * options.strideWidth() - options.paddingWidth();
        int row = at / layer.output.dim(3) % layer.output.dim(2) * options.strideHeight() - options.paddingHeight();
        int plane = at / layer.output.dim(3) / layer.output.dim(2) * height * width;
        double largest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = Math.max(row, 0); i < Math.min(row + options.kernelHeight(), height); i++) {
            for (int j = Math.max(column, 0); j < Math.min(column + options.kernelWidth(), width); j++) {
                largest = Math.max(largest, values[plane + i * width + j]);
                sum += values[plane + i * width + j];
            }
        }
        return maximum ? largest : sum / (options.kernelHeight() * options.kernelWidth());
    }

    /// The largest of each window.
    @Benchmark
    public void maximum() {
        backend.pooling().maximum(x.view(), layer.options, largest.view());
        backend.synchronize();
    }

    /// Its gradient.
    @Benchmark
    public void maximumGradient() {
        backend.pooling().maximumGradient(x.view(), largest.view(), above.view(), layer.options, gradient.view());
        backend.synchronize();
    }

    /// The mean of each window.
    @Benchmark
    public void average() {
        backend.pooling().average(x.view(), layer.options, means.view());
        backend.synchronize();
    }

    /// Its gradient.
    @Benchmark
    public void averageGradient() {
        backend.pooling().averageGradient(above.view(), layer.options, gradient.view());
        backend.synchronize();
    }
}
