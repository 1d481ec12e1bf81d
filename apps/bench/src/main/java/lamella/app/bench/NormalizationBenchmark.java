package lamella.app.bench;

import lamella.array.LocalResponseOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.NormalizationKernels;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Batch, layer and local response normalisation.
public class NormalizationBenchmark extends KernelBenchmark {
    private static final float EPSILON = 1e-5f;
    private static final LocalResponseOptions NEIGHBOURS = new LocalResponseOptions(5, 1e-4f, 0.75f, 2);

    /// `N x C x H x W`: ResNet's first, third and last stage, one image, primes, single positions, few channels.
    @Param({"8x64x56x56", "8x256x14x14", "8x512x7x7", "1x64x112x112", "3x13x17x19", "64x512x1x1", "2x3x224x224"})
    public String size;

    private Backend backend;
    private NormalizationKernels kernels;
    private Tensor x;
    private Tensor above;
    private Tensor scale;
    private Tensor shift;
    private Tensor moments;
    private Tensor y;
    private Tensor inputGradient;
    private Tensor scaleGradient;
    private Tensor shiftGradient;
    private Tensor rows;
    private Tensor rowsAbove;
    private Tensor rowsOut;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        kernels = backend.normalization();
        int[] e = extents(size);
        int c = e[1];
        int positions = e[2] * e[3];
        Shape shape = Shape.of(e);
        x = noise(shape);
        above = noise(shape);
        scale = noise(Shape.of(c));
        shift = noise(Shape.of(c));
        moments = zeros(Shape.of(2, c));
        y = zeros(shape);
        inputGradient = zeros(shape);
        scaleGradient = zeros(Shape.of(c));
        shiftGradient = zeros(Shape.of(c));
        rows = x.reshape(Shape.of(e[0] * positions, c));
        rowsAbove = above.reshape(rows.shape());
        rowsOut = zeros(rows.shape());
        checkBatchNorm(c, positions);
        layerNorm();
        layerNormGradient();
        // the last feature's gradient of the shift is the sum of what comes from above
        check(sum(rowsAbove.toFloats(), 1, c, c - 1), shiftGradient.toFloats()[c - 1], "layer norm, shift");
        localResponse();
        localResponseGradient();
        float[] values = x.toFloats();
        float[] scaled = y.toFloats();
        for (int i = 0; i < values.length; i += values.length / 7 + 1) {
            check(values[i] / Math.pow(2 + 1e-4 / 5 * squares(values, i, c, positions), 0.75), scaled[i], "LRN " + i);
        }
    }

    private void checkBatchNorm(int c, int positions) {
        moments();
        float[] values = x.toFloats();
        double mean = sum(values, positions, c, 0) * c / values.length;
        check(mean, moments.toFloats()[0], "mean");
        batchNorm();
        float[] scales = scale.toFloats();
        float[] shifts = shift.toFloats();
        float[] statistics = moments.toFloats();
        check(
                y,
                i -> {
                    int channel = i / positions % c;
                    double deviation = Math.sqrt(statistics[c + channel] + EPSILON);
                    return (values[i] - statistics[channel]) / deviation * scales[channel] + shifts[channel];
                });
        batchNormGradient();
        check(sum(above.toFloats(), positions, c, 0), shiftGradient.toFloats()[0], "batch norm, shift");
        // whatever is added to a whole channel is taken away by its mean
        double drift = sum(inputGradient.toFloats(), positions, c, 0);
        check(0, drift / values.length, "gradient of a channel");
    }

    /// Returns the sum over one channel of `[N, C, positions]`.
    private static double sum(float[] values, int positions, int channels, int channel) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += i / positions % channels == channel ? values[i] : 0;
        }
        return sum;
    }

    /// Returns the sum of squares over a channel and two neighbours on each side.
    private static double squares(float[] values, int at, int channels, int positions) {
        int channel = at / positions % channels;
        double sum = 0;
        for (int other = Math.max(0, channel - 2); other <= Math.min(channels - 1, channel + 2); other++) {
            double value = values[at + (other - channel) * positions];
            sum += value * value;
        }
        return sum;
    }

    /// Mean and variance of each channel.
    @Benchmark
    public void moments() {
        kernels.moments(x.view(), moments.view());
        backend.synchronize();
    }

    /// Batch normalisation by given moments.
    @Benchmark
    public void batchNorm() {
        kernels.batchNorm(x.view(), scale.view(), shift.view(), moments.view(), EPSILON, y.view());
        backend.synchronize();
    }

    /// Its gradients, with the moments those of the batch.
    @Benchmark
    public void batchNormGradient() {
        kernels.batchNormGradient(
                x.view(),
                scale.view(),
                moments.view(),
                EPSILON,
                above.view(),
                inputGradient.view(),
                scaleGradient.view(),
                shiftGradient.view());
        backend.synchronize();
    }

    /// Layer normalisation of `[N · H · W, C]`.
    @Benchmark
    public void layerNorm() {
        kernels.layerNorm(rows.view(), scale.view(), shift.view(), EPSILON, rowsOut.view());
        backend.synchronize();
    }

    /// Its gradients.
    @Benchmark
    public void layerNormGradient() {
        kernels.layerNormGradient(
                rows.view(),
                scale.view(),
                EPSILON,
                rowsAbove.view(),
                rowsOut.view(),
                scaleGradient.view(),
                shiftGradient.view());
        backend.synchronize();
    }

    /// Local response normalisation over five channels.
    @Benchmark
    public void localResponse() {
        kernels.localResponse(x.view(), NEIGHBOURS, y.view());
        backend.synchronize();
    }

    /// Its gradient.
    @Benchmark
    public void localResponseGradient() {
        kernels.localResponseGradient(x.view(), y.view(), above.view(), NEIGHBOURS, inputGradient.view());
        backend.synchronize();
    }
}
