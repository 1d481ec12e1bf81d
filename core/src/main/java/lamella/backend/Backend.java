package lamella.backend;

import lamella.array.DType;

import java.util.Optional;

/// A device that computes: memory and kernels.
///
/// Kernels are issued in order; they may run later, until [#synchronize()] or a `download`. What a
/// kernel throws (an index outside its table) is then thrown there. One backend may be used by several
/// threads at once.
public interface Backend extends AutoCloseable {
    /// Returns the name of its provider: `cpu`.
    String name();

    /// Returns what it runs on, such as `8 cores, 256-bit vectors`.
    String device();

    /// Returns the number of threads that compute.
    int threads();

    /// Returns storage of undefined content.
    Storage allocate(DType type, int size);

    /// Takes storage back, for reuse. Storage that is never released is freed when it becomes
    /// unreachable, but not reused.
    void release(Storage storage);

    /// Copies `target.size()` float32 elements, from `source[start]` on, to the device.
    void upload(float[] source, int start, View target);

    /// Copies `target.size()` int32 elements, from `source[start]` on, to the device.
    void upload(int[] source, int start, View target);

    /// Copies a float32 array from the device to `target[start]` and on.
    void download(View source, float[] target, int start);

    /// Copies an int32 array from the device to `target[start]` and on.
    void download(View source, int[] target, int start);

    /// Returns the kernels that work element by element.
    ElementwiseKernels elementwise();

    /// Returns sums, maxima and the like.
    ReductionKernels reduction();

    /// Returns matrix products.
    MatrixKernels matrix();

    /// Returns convolutions.
    ConvolutionKernels convolution();

    /// Returns pooling.
    PoolingKernels pooling();

    /// Returns batch, layer and local response normalisation.
    NormalizationKernels normalization();

    /// Returns softmax and the cross-entropy built on it.
    SoftmaxKernels softmax();

    /// Returns permutation, slicing, padding and joining.
    LayoutKernels layout();

    /// Returns gathering and scattering by index.
    IndexKernels index();

    /// Returns random numbers.
    RandomKernels random();

    /// Returns the update rules of the optimizers.
    OptimizerKernels optimizer();

    /// Returns fused recurrent kernels; empty for a backend without: cells then run step by step.
    default Optional<RecurrentKernels> recurrent() {
        return Optional.empty();
    }

    /// Returns convolutions and linear maps with what follows them; composed of the other kernels unless a backend has
    /// a better way.
    default FusedKernels fused() {
        return FusedKernels.composed(this);
    }

    /// Returns what is allocated.
    MemoryUse memory();

    /// Waits until all kernels issued by this thread have run.
    void synchronize();

    /// Frees everything. Closing twice does nothing.
    @Override
    void close();
}
