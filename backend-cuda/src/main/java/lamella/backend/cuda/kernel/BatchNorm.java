package lamella.backend.cuda.kernel;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnBatchNormMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnTensorDescriptor;

import lamella.array.Shape;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;
import lamella.backend.cuda.runtime.Libraries;

/// Batch normalisation by cuDNN, for `[N, C]` and `[N, C, ...]`.
///
/// Versions of cuDNN refuse batches of more than 65535 images forward and of more than 131070 backward.
/// Forward they go in slices; backward, where sums are over the whole batch, kernels of our own take over.
final class BatchNorm {
    /// The most images of a call of cuDNN.
    static final int MOST_IMAGES = 65_535;

    private final Device device;
    private final KernelFile kernels;
    private final Reductions reductions;

    BatchNorm(Device device, KernelFile kernels) {
        this.device = device;
        this.kernels = kernels;
        reductions = new Reductions(device);
    }

    /// The sizes of a batch as cuDNN sees them.
    private record Batch(int mode, int images, int channels, int height, int width) {
        static Batch of(View x) {
            Shape shape = x.shape();
            boolean plain = shape.rank() == 2;
            return new Batch(
                    plain
                            ? cudnnBatchNormMode.CUDNN_BATCHNORM_PER_ACTIVATION
                            : cudnnBatchNormMode.CUDNN_BATCHNORM_SPATIAL,
                    shape.dim(0),
                    shape.dim(1),
                    plain ? 1 : shape.dim(2),
                    plain ? 1 : shape.sizeBetween(3, shape.rank()));
        }

        cudnnTensorDescriptor images(Libraries libraries) {
            return libraries.descriptor(cudnnDataType.CUDNN_DATA_FLOAT, images, channels, height, width);
        }

        cudnnTensorDescriptor parameters(Libraries libraries) {
            return libraries.descriptor(cudnnDataType.CUDNN_DATA_FLOAT, 1, channels, 1, 1);
        }
    }

    void forward(View x, View scale, View shift, View moments, float epsilon, View out) {
        int images = x.size() == 0 ? 0 : x.dim(0);
        for (int start = 0; start < images; start += MOST_IMAGES) {
            int count = Math.min(MOST_IMAGES, images - start);
            View from = x.rows(start, count);
            forward(
                    Batch.of(from),
                    CudaStorage.address(from),
                    CudaStorage.address(scale),
                    CudaStorage.address(shift),
                    CudaStorage.address(moments),
                    epsilon,
                    CudaStorage.address(out.rows(start, count)));
        }
    }

    private void forward(Batch batch, long x, long scale, long shift, long mean, float epsilon, long out) {
        device.issue(
                "cudnnBatchNormalizationForwardInference",
                libraries -> {
                    var shape = batch.images(libraries);
                    int status =
                            JCudnn.cudnnBatchNormalizationForwardInference(
                                    libraries.dnn(),
                                    batch.mode,
                                    libraries.one(),
                                    libraries.zero(),
                                    shape,
                                    new Address(x),
                                    shape,
                                    new Address(out),
                                    batch.parameters(libraries),
                                    new Address(scale),
                                    new Address(shift),
                                    new Address(mean),
                                    new Address(variances(batch, mean)),
                                    epsilon);
                    CudaException.checkDnn(status, "cudnnBatchNormalizationForwardInference");
                },
                batch.mode,
                batch.images,
                batch.channels,
                batch.height,
                batch.width,
                x,
                scale,
                shift,
                mean,
                Kernel.bits(epsilon),
                out);
    }

    /// Returns the address of the variances, which follow the means.
    private static long variances(Batch batch, long means) {
        return means + (long) batch.channels * Float.BYTES;
    }

    /// Where the operands of the gradients lie.
    ///
    /// @param inverse 1 / √(variance + epsilon) of each channel
    private record Operands(
            long x,
            long scale,
            long mean,
            long inverse,
            long outputGradient,
            long inputGradient,
            long scaleGradient,
            long shiftGradient) {}

    void backward(View x, View scale, View moments, float epsilon, NormGradients gradients) {
        Batch batch = Batch.of(x);
        if (batch.channels == 0) {
            return;
        }
        // cuDNN takes the inverse deviations that it would have kept itself
        try (var inverse = device.scratch((long) batch.channels * Float.BYTES)) {
            long mean = CudaStorage.address(moments);
            var operands =
                    new Operands(
                            CudaStorage.address(x),
                            CudaStorage.address(scale),
                            mean,
                            inverse.address(),
                            CudaStorage.address(gradients.output()),
                            CudaStorage.address(gradients.input()),
                            CudaStorage.address(gradients.scale()),
                            CudaStorage.address(gradients.shift()));
            kernels.over(
                    "inverse_deviation",
                    batch.channels,
                    inverse.address(),
                    variances(batch, mean),
                    Kernel.bits(epsilon),
                    batch.channels);
            if (x.size() > 0 && batch.images <= MOST_IMAGES) {
                backward(batch, epsilon, operands);
            } else {
                Channels channels = Channels.of(x);
                sums(channels, operands);
                input(channels, x.size(), operands);
            }
        }
    }

    private void backward(Batch batch, float epsilon, Operands at) {
        device.issue(
                "cudnnBatchNormalizationBackward",
                libraries -> {
                    var shape = batch.images(libraries);
                    int status =
                            JCudnn.cudnnBatchNormalizationBackward(
                                    libraries.dnn(),
                                    batch.mode,
                                    libraries.one(),
                                    libraries.zero(),
                                    libraries.one(),
                                    libraries.zero(),
                                    shape,
                                    new Address(at.x),
                                    shape,
                                    new Address(at.outputGradient),
                                    shape,
                                    new Address(at.inputGradient),
                                    batch.parameters(libraries),
                                    new Address(at.scale),
                                    new Address(at.scaleGradient),
                                    new Address(at.shiftGradient),
                                    epsilon,
                                    new Address(at.mean),
                                    new Address(at.inverse));
                    CudaException.checkDnn(status, "cudnnBatchNormalizationBackward");
                },
                batch.mode,
                batch.images,
                batch.channels,
                batch.height,
                batch.width,
                Kernel.bits(epsilon),
                at.x,
                at.scale,
                at.mean,
                at.inverse,
                at.outputGradient,
                at.inputGradient,
                at.scaleGradient,
                at.shiftGradient);
    }

    /// The gradients of shift and scale.
    private void sums(Channels channels, Operands at) {
        int parts = channels.tiles().parts();
        if (parts == 1) {
            sums(channels, at, at.shiftGradient, at.scaleGradient);
            return;
        }
        int count = channels.channels();
        long bytes = (long) parts * count * Float.BYTES;
        try (var scratch = device.scratch(2 * bytes)) {
            long shifts = scratch.address();
            long scales = shifts + bytes;
            sums(channels, at, shifts, scales);
            reductions.reduce(Reduction.SUM, shifts, 1, parts, count, at.shiftGradient, 1);
            reductions.reduce(Reduction.SUM, scales, 1, parts, count, at.scaleGradient, 1);
        }
    }

    private void sums(Channels channels, Operands at, long shifts, long scales) {
        kernels.blocks(
                "batch_norm_sums",
                channels.tiles().blocks(),
                shifts,
                scales,
                at.x,
                at.outputGradient,
                at.mean,
                at.inverse,
                channels.slot(0),
                channels.slot(1),
                channels.slot(2),
                channels.slot(3),
                channels.slot(4),
                channels.slot(5));
    }

    private void input(Channels channels, int n, Operands at) {
        kernels.over(
                "batch_norm_input",
                n,
                at.inputGradient,
                at.x,
                at.outputGradient,
                at.mean,
                at.inverse,
                at.scale,
                at.shiftGradient,
                at.scaleGradient,
                channels.channels(),
                channels.inner(),
                Kernel.bits(channels.count()),
                n);
    }
}
