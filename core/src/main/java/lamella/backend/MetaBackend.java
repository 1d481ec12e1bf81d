package lamella.backend;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.LocalResponseOptions;
import lamella.array.Pool2dOptions;

import java.util.List;
import java.util.Optional;

/// A backend without elements: it allocates nothing and its kernels do nothing but count
/// multiply-adds. A layer that runs on it shows its shapes and its cost.
///
/// An op with one operand on `meta` runs on `meta`, so real parameters can be tried with an input
/// that is only a shape. Reading a value is an [IllegalStateException].
public final class MetaBackend implements Backend {
    private final Kernels kernels = new Kernels();
    private final RecurrentKernels recurrent = new Recurrent();

    /// Returns a new one, with its count at 0.
    public static MetaBackend create() {
        return new MetaBackend();
    }

    private MetaBackend() {}

    /// Returns the multiply-adds of all matrix products and convolutions so far.
    public long multiplyAdds() {
        return kernels.multiplyAdds;
    }

    @Override
    public String name() {
        return "meta";
    }

    @Override
    public String device() {
        return "shapes only";
    }

    @Override
    public int threads() {
        return 1;
    }

    private static final class Nothing extends Storage {
        Nothing(DType type, int size) {
            super(type, size);
        }

        void release() {
            markReleased();
        }
    }

    @Override
    public Storage allocate(DType type, int size) {
        return new Nothing(type, size);
    }

    @Override
    public void release(Storage storage) {
        ((Nothing) storage).release();
    }

    @Override
    public void upload(float[] source, int start, View target) {}

    @Override
    public void upload(int[] source, int start, View target) {}

    @Override
    public void download(View source, float[] target, int start) {
        throw noValues();
    }

    @Override
    public void download(View source, int[] target, int start) {
        throw noValues();
    }

    private static IllegalStateException noValues() {
        return new IllegalStateException("backend 'meta' has shapes only; a value was read");
    }

    @Override
    public ElementwiseKernels elementwise() {
        return kernels;
    }

    @Override
    public ReductionKernels reduction() {
        return kernels;
    }

    @Override
    public MatrixKernels matrix() {
        return kernels;
    }

    @Override
    public ConvolutionKernels convolution() {
        return kernels;
    }

    @Override
    public PoolingKernels pooling() {
        return kernels;
    }

    @Override
    public NormalizationKernels normalization() {
        return kernels;
    }

    @Override
    public SoftmaxKernels softmax() {
        return kernels;
    }

    @Override
    public LayoutKernels layout() {
        return kernels;
    }

    @Override
    public IndexKernels index() {
        return kernels;
    }

    @Override
    public RandomKernels random() {
        return kernels;
    }

    @Override
    public OptimizerKernels optimizer() {
        return kernels;
    }

    @Override
    public Optional<RecurrentKernels> recurrent() {
        return Optional.of(recurrent);
    }

    @Override
    public MemoryUse memory() {
        return new MemoryUse(0, 0, 0, 0, List.of());
    }

    @Override
    public void synchronize() {}

    @Override
    public void close() {}

    private static final class Kernels
            implements ElementwiseKernels,
                    ReductionKernels,
                    MatrixKernels,
                    ConvolutionKernels,
                    PoolingKernels,
                    NormalizationKernels,
                    SoftmaxKernels,
                    LayoutKernels,
                    IndexKernels,
                    RandomKernels,
                    OptimizerKernels {
        private long multiplyAdds;

        @Override
        public void multiply(View a, boolean transposeA, View b, boolean transposeB, View out) {
            multiplyAdds += (long) out.size() * a.dim(transposeA ? -2 : -1);
        }

        @Override
        public void linear(View x, View weight, Optional<View> bias, View out) {
            multiplyAdds += (long) out.size() * weight.dim(1);
        }

        @Override
        public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
            multiplyAdds += (long) out.size() * weight.shape().sizeBetween(1, 4);
        }

        @Override
        public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
            multiplyAdds += (long) outputGradient.size() * weight.shape().sizeBetween(1, 4);
        }

        @Override
        public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
            multiplyAdds += (long) outputGradient.size() * out.shape().sizeBetween(1, 4);
        }

        @Override
        public void unary(Unary op, float alpha, View x, View out) {}

        @Override
        public void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out) {}

        @Override
        public void binary(Binary op, View a, View b, View out) {}

        @Override
        public void select(View condition, View a, View b, View out) {}

        @Override
        public void fill(View out, float value) {}

        @Override
        public void copy(View x, View out) {}

        @Override
        public void toFloat(View x, View out) {}

        @Override
        public void reduce(Reduction op, View x, int[] axes, View out) {}

        @Override
        public void argMaximum(View x, int axis, View out) {}

        @Override
        public void maximum(View x, Pool2dOptions options, View out) {}

        @Override
        public void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out) {}

        @Override
        public void average(View x, Pool2dOptions options, View out) {}

        @Override
        public void averageGradient(View outputGradient, Pool2dOptions options, View out) {}

        @Override
        public void moments(View x, View out) {}

        @Override
        public void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out) {}

        @Override
        public void batchNormGradient(
                View x,
                View scale,
                View moments,
                float epsilon,
                View outputGradient,
                View inputGradient,
                View scaleGradient,
                View shiftGradient) {}

        @Override
        public void layerNorm(View x, View scale, View shift, float epsilon, View out) {}

        @Override
        public void layerNormGradient(
                View x,
                View scale,
                float epsilon,
                View outputGradient,
                View inputGradient,
                View scaleGradient,
                View shiftGradient) {}

        @Override
        public void localResponse(View x, LocalResponseOptions constants, View out) {}

        @Override
        public void localResponseGradient(
                View x, View y, View outputGradient, LocalResponseOptions constants, View out) {}

        @Override
        public void softmax(View x, View out) {}

        @Override
        public void softmaxGradient(View y, View outputGradient, View out) {}

        @Override
        public void logSoftmax(View x, View out) {}

        @Override
        public void logSoftmaxGradient(View y, View outputGradient, View out) {}

        @Override
        public void crossEntropy(View logits, View labels, float smoothing, View out) {}

        @Override
        public void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out) {}

        @Override
        public void permute(View x, int[] order, View out) {}

        @Override
        public void broadcast(View x, View out) {}

        @Override
        public void slice(View x, int[] start, View out) {}

        @Override
        public void pad(View x, int[] start, float value, View out) {}

        @Override
        public void concatenate(List<View> parts, int axis, View out) {}

        @Override
        public void reverse(View x, int axis, View out) {}

        @Override
        public void gather(View table, View indices, View out) {}

        @Override
        public void scatterAdd(View x, View indices, View out) {}

        @Override
        public void uniform(long key, long start, float low, float high, View out) {}

        @Override
        public void normal(long key, long start, float mean, float deviation, View out) {}

        @Override
        public void bernoulli(long key, long start, float probability, View out) {}

        @Override
        public void sgd(Sgd constants, View parameter, View gradient) {}

        @Override
        public void momentum(Sgd constants, View parameter, View gradient, View velocity) {}

        @Override
        public void adam(Adam constants, View parameter, View gradient, View mean, View square) {}

        @Override
        public void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity) {}

        @Override
        public void adagrad(Adagrad constants, View parameter, View gradient, View square) {}
    }

    /// Apart from the other kernels: names such as `forward` mean another thing here.
    private final class Recurrent implements RecurrentKernels {
        @Override
        public int reserveSize(Cell cell, int batch, int steps, int inputs, int hidden) {
            return 0;
        }

        @Override
        public void forward(Run run, Pass values, Optional<View> reserve) {
            kernels.multiplyAdds += multiplyAdds(values);
        }

        @Override
        public void gradient(Run run, Pass values, View reserve, Pass gradients) {
            kernels.multiplyAdds += 2 * multiplyAdds(values);
        }

        private long multiplyAdds(Pass values) {
            int rows = values.x().dim(0) * values.x().dim(1);
            return (long) rows * (values.weights().input().size() + values.weights().hidden().size());
        }
    }
}
