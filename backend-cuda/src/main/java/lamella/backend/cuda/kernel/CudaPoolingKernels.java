package lamella.backend.cuda.kernel;

import lamella.array.Pool2dOptions;
import lamella.backend.PoolingKernels;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// 2-D pooling by kernels of our own: cuDNN's pooling knows no partial windows, and leaves open to which
/// of several equal elements a gradient goes.
///
/// Where one window is all of a plane, a plane is a row to reduce, by many threads.
public final class CudaPoolingKernels implements PoolingKernels {
    private final Device device;
    private final KernelFile kernels;
    private final Reductions reductions;

    /// Makes the kernels of a device.
    public CudaPoolingKernels(Device device) {
        this.device = device;
        kernels = new KernelFile(device, "pooling");
        reductions = new Reductions(device);
    }

    private static boolean global(View x, Pool2dOptions options) {
        return options.kernelHeight() == x.dim(2)
                && options.kernelWidth() == x.dim(3)
                && options.paddingHeight() == 0
                && options.paddingWidth() == 0;
    }

    private static int planes(View x) {
        return x.dim(0) * x.dim(1);
    }

    private static int plane(View x) {
        return x.dim(2) * x.dim(3);
    }

    /// Starts a kernel over `n` elements.
    ///
    /// @param x has the shape of the input
    /// @param y has the shape of the output
    /// @param arrays the kernel's first parameters
    private void launch(String kernel, View x, View y, Pool2dOptions options, int n, long... arrays) {
        long[] values = new long[arrays.length + 13];
        System.arraycopy(arrays, 0, values, 0, arrays.length);
        int at = arrays.length;
        values[at] = Kernel.pair(x.dim(2), x.dim(3));
        values[at + 1] = Kernel.pair(y.dim(2), y.dim(3));
        values[at + 2] = Kernel.pair(options.kernelHeight(), options.kernelWidth());
        values[at + 3] = Kernel.pair(options.strideHeight(), options.strideWidth());
        values[at + 4] = Kernel.pair(options.paddingHeight(), options.paddingWidth());
        values[at + 5] = Divisor.slot(x.dim(2));
        values[at + 6] = Divisor.slot(x.dim(3));
        values[at + 7] = Divisor.slot(y.dim(2));
        values[at + 8] = Divisor.slot(y.dim(3));
        values[at + 9] = Divisor.slot(options.strideHeight());
        values[at + 10] = Divisor.slot(options.strideWidth());
        values[at + 11] = options.countPadding() ? 1 : 0;
        values[at + 12] = n;
        kernels.over(kernel, n, values);
    }

    @Override
    public void maximum(View x, Pool2dOptions options, View out) {
        if (global(x, options) && out.size() > 0) {
            reduce(Reduction.MAXIMUM, x, out, 1);
        } else {
            launch("pool_maximum", x, out, options, out.size(), CudaStorage.address(out), CudaStorage.address(x));
        }
    }

    private void reduce(Reduction op, View x, View out, float divisor) {
        reductions.reduce(op, CudaStorage.address(x), planes(x), plane(x), 1, CudaStorage.address(out), divisor);
    }

    @Override
    public void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out) {
        if (out.size() == 0) {
            return;
        }
        try (var places = device.scratch((long) y.size() * Integer.BYTES)) {
            if (global(x, options)) {
                reductions.argMaximum(CudaStorage.address(x), planes(x), plane(x), 1, places.address());
            } else {
                launch("pool_places", x, y, options, y.size(), places.address(), CudaStorage.address(x));
            }
            launch(
                    "pool_maximum_gradient",
                    x,
                    y,
                    options,
                    out.size(),
                    CudaStorage.address(out),
                    CudaStorage.address(outputGradient),
                    places.address());
        }
    }

    @Override
    public void average(View x, Pool2dOptions options, View out) {
        if (global(x, options) && out.size() > 0) {
            reduce(Reduction.SUM, x, out, plane(x));
        } else {
            launch("pool_average", x, out, options, out.size(), CudaStorage.address(out), CudaStorage.address(x));
        }
    }

    @Override
    public void averageGradient(View outputGradient, Pool2dOptions options, View out) {
        launch(
                "pool_average_gradient",
                out,
                outputGradient,
                options,
                out.size(),
                CudaStorage.address(out),
                CudaStorage.address(outputGradient));
    }
}
