package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.SoftmaxKernels;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/// Softmax, and the cross-entropy built on it.
public class SoftmaxBenchmark extends KernelBenchmark {
    /// `rows x classes`: one row, digits, the words of the caption decoder, ImageNet's classes, attention of
    /// 4 heads over 64 steps, primes, a single class.
    @Param({"1x10", "64x10", "640x8000", "64x1000", "8192x64", "97x101", "10007x1"})
    public String size;

    private Backend backend;
    private SoftmaxKernels kernels;
    private Tensor logits;
    private Tensor labels;
    private Tensor y;
    private Tensor above;
    private Tensor aboveRow;
    private Tensor losses;
    private Tensor out;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        kernels = backend.softmax();
        int[] extents = extents(size);
        int classes = extents[1];
        Shape shape = Shape.of(extents[0], classes);
        logits = noise(shape);
        labels = indices(Shape.of(extents[0]), classes);
        above = noise(shape);
        aboveRow = noise(Shape.of(extents[0]));
        y = zeros(shape);
        out = zeros(shape);
        losses = zeros(Shape.of(extents[0]));
        float[] values = logits.toFloats();
        int[] label = labels.toInts();
        softmax();
        check(y, i -> Math.exp(values[i] - logOfSum(values, i / classes, classes)));
        logSoftmax();
        check(out, i -> values[i] - logOfSum(values, i / classes, classes));
        crossEntropy();
        check(losses, row -> logOfSum(values, row, classes) - values[row * classes + label[row]]);
        float[] chances = y.toFloats();
        float[] scale = aboveRow.toFloats();
        crossEntropyGradient();
        check(out, i -> (chances[i] - (i % classes == label[i / classes] ? 1 : 0)) * scale[i / classes]);
        float[] given = above.toFloats();
        softmaxGradient();
        check(out, i -> chances[i] * (given[i] - weighted(given, chances, i / classes, classes)));
    }

    private static double logOfSum(float[] values, int row, int classes) {
        double sum = 0;
        for (int i = row * classes; i < (row + 1) * classes; i++) {
            sum += Math.exp(values[i]);
        }
        return Math.log(sum);
    }

    private static double weighted(float[] values, float[] weights, int row, int classes) {
        double sum = 0;
        for (int i = row * classes; i < (row + 1) * classes; i++) {
            sum += (double) values[i] * weights[i];
        }
        return sum;
    }

    /// Softmax of each row.
    @Benchmark
    public void softmax() {
        kernels.softmax(logits.view(), y.view());
        backend.synchronize();
    }

    /// Its gradient.
    @Benchmark
    public void softmaxGradient() {
        kernels.softmaxGradient(y.view(), above.view(), out.view());
        backend.synchronize();
    }

    /// The logarithm of softmax.
    @Benchmark
    public void logSoftmax() {
        kernels.logSoftmax(logits.view(), out.view());
        backend.synchronize();
    }

    /// A loss for each row.
    @Benchmark
    public void crossEntropy() {
        kernels.crossEntropy(logits.view(), labels.view(), 0, losses.view());
        backend.synchronize();
    }

    /// The gradient of the losses.
    @Benchmark
    public void crossEntropyGradient() {
        kernels.crossEntropyGradient(logits.view(), labels.view(), 0, aboveRow.view(), out.view());
        backend.synchronize();
    }
}
