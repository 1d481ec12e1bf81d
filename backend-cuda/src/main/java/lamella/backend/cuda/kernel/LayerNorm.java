package lamella.backend.cuda.kernel;

import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// Layer normalisation: rows each by a few threads; the gradients of scale and shift, which are sums over
/// rows, by blocks of columns and parts of the rows.
final class LayerNorm {
    private final Device device;
    private final KernelFile kernels;
    private final Reductions reductions;

    LayerNorm(Device device, KernelFile kernels) {
        this.device = device;
        this.kernels = kernels;
        reductions = new Reductions(device);
    }

    void forward(View x, View scale, View shift, float epsilon, View out) {
        if (out.size() == 0) {
            return;
        }
        int laneBits = Tiles.lanes(x.dim(1));
        kernels.blocks(
                "layer_norm",
                Tiles.rowBlocks(x.dim(0), laneBits),
                CudaStorage.address(out),
                CudaStorage.address(x),
                CudaStorage.address(scale),
                CudaStorage.address(shift),
                x.dim(0),
                x.dim(1),
                Kernel.bits(epsilon),
                laneBits);
    }

    void backward(View x, View scale, float epsilon, NormGradients gradients) {
        int rows = x.dim(0);
        int features = x.dim(1);
        if (features == 0) {
            return;
        }
        long bytes = (long) rows * Float.BYTES;
        try (var moments = device.scratch(2 * bytes)) {
            long means = moments.address();
            long inverses = means + bytes;
            if (rows > 0) {
                int laneBits = Tiles.lanes(features);
                kernels.blocks(
                        "layer_norm_input",
                        Tiles.rowBlocks(rows, laneBits),
                        CudaStorage.address(gradients.input()),
                        means,
                        inverses,
                        CudaStorage.address(x),
                        CudaStorage.address(scale),
                        CudaStorage.address(gradients.output()),
                        rows,
                        features,
                        Kernel.bits(epsilon),
                        laneBits);
            }
            parameters(x, means, inverses, gradients);
        }
    }

    private void parameters(View x, long means, long inverses, NormGradients gradients) {
        int features = x.dim(1);
        Tiles tiles = Tiles.of(1, x.dim(0), features);
        long scales = CudaStorage.address(gradients.scale());
        long shifts = CudaStorage.address(gradients.shift());
        long[] from = {CudaStorage.address(x), CudaStorage.address(gradients.output()), means, inverses};
        if (tiles.parts() == 1) {
            parameters(tiles, from, scales, shifts);
            return;
        }
        long bytes = (long) tiles.parts() * features * Float.BYTES;
        try (var parts = device.scratch(2 * bytes)) {
            long scaleParts = parts.address();
            long shiftParts = scaleParts + bytes;
            parameters(tiles, from, scaleParts, shiftParts);
            reductions.reduce(Reduction.SUM, scaleParts, 1, tiles.parts(), features, scales, 1);
            reductions.reduce(Reduction.SUM, shiftParts, 1, tiles.parts(), features, shifts, 1);
        }
    }

    /// @param from the addresses of x, of the gradient, and of each row's mean and inverse deviation
    private void parameters(Tiles tiles, long[] from, long scales, long shifts) {
        kernels.blocks(
                "layer_norm_parameters",
                tiles.blocks(),
                scales,
                shifts,
                from[0],
                from[1],
                from[2],
                from[3],
                tiles.slot(0),
                tiles.slot(1),
                tiles.slot(2),
                tiles.slot(3));
    }
}
