package lamella.backend.cuda.kernel;

import lamella.array.LocalResponseOptions;
import lamella.backend.NormalizationKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// Batch normalisation by cuDNN; its moments, layer and local response normalisation by kernels of our
/// own.
public final class CudaNormalizationKernels implements NormalizationKernels {
    private static final String FILE = "normalization";

    private final Device device;
    private final KernelFile kernels;
    private final BatchNorm batchNorm;
    private final LayerNorm layerNorm;

    /// Makes the kernels of a device.
    public CudaNormalizationKernels(Device device) {
        this.device = device;
        kernels = new KernelFile(device, FILE);
        batchNorm = new BatchNorm(device, kernels);
        layerNorm = new LayerNorm(device, kernels);
    }

    @Override
    public void moments(View x, View out) {
        if (out.size() == 0) {
            return;
        }
        Channels channels = Channels.of(x);
        int count = channels.channels();
        int parts = channels.tiles().parts();
        long target = CudaStorage.address(out);
        long row = (long) count * Float.BYTES;
        if (parts == 1) {
            moments(channels, x, target, target + row);
            return;
        }
        try (var scratch = device.scratch(2 * parts * row)) {
            long squares = scratch.address() + parts * row;
            moments(channels, x, scratch.address(), squares);
            Tiles tiles = Tiles.whole(1, parts, count);
            kernels.blocks(
                    "moments_of_parts",
                    tiles.blocks(),
                    target,
                    scratch.address(),
                    squares,
                    tiles.slot(0),
                    tiles.slot(1),
                    tiles.slot(2),
                    tiles.slot(3),
                    channels.tiles().chunk(),
                    channels.count());
        }
    }

    private void moments(Channels channels, View x, long means, long squares) {
        kernels.blocks(
                "moments",
                channels.tiles().blocks(),
                means,
                squares,
                CudaStorage.address(x),
                channels.slot(0),
                channels.slot(1),
                channels.slot(2),
                channels.slot(3),
                channels.slot(4),
                channels.slot(5));
    }

    @Override
    public void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out) {
        batchNorm.forward(x, scale, shift, moments, epsilon, out);
    }

    @Override
    public void batchNormGradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        var gradients = new NormGradients(outputGradient, inputGradient, scaleGradient, shiftGradient);
        batchNorm.backward(x, scale, moments, epsilon, gradients);
    }

    @Override
    public void layerNorm(View x, View scale, View shift, float epsilon, View out) {
        layerNorm.forward(x, scale, shift, epsilon, out);
    }

    @Override
    public void layerNormGradient(
            View x,
            View scale,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        var gradients = new NormGradients(outputGradient, inputGradient, scaleGradient, shiftGradient);
        layerNorm.backward(x, scale, epsilon, gradients);
    }

    @Override
    public void localResponse(View x, LocalResponseOptions options, View out) {
        int n = out.size();
        kernels.over(
                "local_response",
                n,
                CudaStorage.address(out),
                CudaStorage.address(x),
                Kernel.pair(x.dim(1), plane(x)),
                halfAndFactor(options),
                biasAndBeta(options),
                Divisor.slot(x.dim(1)),
                Divisor.slot(plane(x)),
                n);
    }

    private static int plane(View x) {
        return x.dim(2) * x.dim(3);
    }

    private static long halfAndFactor(LocalResponseOptions options) {
        float factor = (float) ((double) options.alpha() / options.size());
        return Kernel.pair(options.size() / 2, Float.floatToRawIntBits(factor));
    }

    private static long biasAndBeta(LocalResponseOptions options) {
        return Kernel.pair(Float.floatToRawIntBits(options.bias()), Float.floatToRawIntBits(options.beta()));
    }

    @Override
    public void localResponseGradient(View x, View y, View outputGradient, LocalResponseOptions options, View out) {
        int n = out.size();
        if (n == 0) {
            return;
        }
        long extents = Kernel.pair(x.dim(1), plane(x));
        long byChannels = Divisor.slot(x.dim(1));
        long byPlane = Divisor.slot(plane(x));
        try (var ratio = device.scratch((long) n * Float.BYTES)) {
            kernels.over(
                    "local_response_ratio",
                    n,
                    ratio.address(),
                    CudaStorage.address(x),
                    CudaStorage.address(y),
                    CudaStorage.address(outputGradient),
                    extents,
                    halfAndFactor(options),
                    biasAndBeta(options),
                    byChannels,
                    byPlane,
                    n);
            kernels.over(
                    "local_response_input",
                    n,
                    CudaStorage.address(out),
                    CudaStorage.address(x),
                    ratio.address(),
                    CudaStorage.address(outputGradient),
                    extents,
                    halfAndFactor(options),
                    biasAndBeta(options),
                    byChannels,
                    byPlane,
                    n);
        }
    }
}
