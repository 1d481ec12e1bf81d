package lamella.backend.cuda.kernel;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

import java.util.Arrays;
import java.util.Locale;

/// Functions of single elements: a kernel for each op, of four elements a thread where the addresses
/// allow it.
public final class CudaElementwiseKernels implements ElementwiseKernels {
    private static final String[] UNARY = names("unary_", Unary.values());
    private static final String[] GRADIENT = names("gradient_", Unary.values());
    private static final String[] BINARY = names("binary_", Binary.values());
    private static final String[] BROADCAST = names("broadcast_", Binary.values());

    private final KernelFile kernels;

    /// Makes the kernels of a device.
    public CudaElementwiseKernels(Device device) {
        kernels = new KernelFile(device, "elementwise");
    }

    private static String[] names(String prefix, Enum<?>... ops) {
        return Arrays.stream(ops).map(op -> prefix + op.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
    }

    @Override
    public void unary(Unary op, float alpha, View x, View out) {
        int n = out.size();
        kernels.overPacks(
                UNARY[op.ordinal()], n, CudaStorage.address(out), CudaStorage.address(x), n, Kernel.bits(alpha));
    }

    @Override
    public void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out) {
        switch (op) {
            case NEGATE, SCALE -> unary(op, alpha, outputGradient, out);
            case SHIFT -> copy(outputGradient, out);
            case EXP, SQRT, RECIPROCAL, TANH, SIGMOID, RELU -> gradient(op, alpha, y, outputGradient, out);
            case ABSOLUTE, LOG, SQUARE, LEAKY_RELU, ELU, GELU, SILU, SOFTPLUS, POWER, AT_LEAST, AT_MOST ->
                    gradient(op, alpha, x, outputGradient, out);
        }
    }

    private void gradient(Unary op, float alpha, View argument, View outputGradient, View out) {
        int n = out.size();
        kernels.overPacks(
                GRADIENT[op.ordinal()],
                n,
                CudaStorage.address(out),
                CudaStorage.address(outputGradient),
                CudaStorage.address(argument),
                n,
                Kernel.bits(alpha));
    }

    @Override
    public void binary(Binary op, View a, View b, View out) {
        int n = out.size();
        if (n == 0) {
            return;
        }
        // of a size there is no broadcasting but of a single number: the other axes have extent 1
        if ((a.size() == n || a.size() == 1) && (b.size() == n || b.size() == 1)) {
            kernels.overPacks(
                    BINARY[op.ordinal()],
                    n,
                    CudaStorage.address(out),
                    CudaStorage.address(a),
                    a.size() == n ? 1 : 0,
                    CudaStorage.address(b),
                    b.size() == n ? 1 : 0,
                    n);
        } else {
            broadcast(op, a, b, out);
        }
    }

    private void broadcast(Binary op, View a, View b, View out) {
        Shape shape = out.shape();
        long left = CudaStorage.address(a);
        long right = CudaStorage.address(b);
        long to = CudaStorage.address(out);
        int[] leftStrides = Axes.broadcastStrides(a.shape(), shape);
        Axes axes = Axes.of(op.name(), shape, leftStrides, Axes.broadcastStrides(b.shape(), shape));
        boolean packs = KernelFile.aligned(to) && axes.packsFirst(left) && axes.packsSecond(right);
        if (packs) {
            axes.countPacks();
        }
        int n = axes.size();
        long[] values = new long[6 + Axes.SLOTS];
        values[0] = to;
        values[1] = left;
        values[2] = right;
        values[3] = n;
        values[4] = packs ? 1 : 0;
        values[5] = axes.rank();
        axes.write(values, 6);
        kernels.over(BROADCAST[op.ordinal()], n, values);
    }

    @Override
    public void select(View condition, View a, View b, View out) {
        int n = out.size();
        kernels.overPacks(
                "choose",
                n,
                CudaStorage.address(out),
                CudaStorage.address(condition),
                CudaStorage.address(a),
                CudaStorage.address(b),
                n);
    }

    @Override
    public void fill(View out, float value) {
        fill(kernels.device(), out, Float.floatToRawIntBits(value));
    }

    /// Sets every element, of either type, to one word.
    static void fill(Device device, View out, int word) {
        int n = out.size();
        new KernelFile(device, "elementwise").overPacks("fill_words", n, CudaStorage.address(out), word, n);
    }

    @Override
    public void copy(View x, View out) {
        copy(kernels.device(), CudaStorage.address(x), CudaStorage.address(out), out.size());
    }

    /// Copies adjacent words from one address to another.
    static void copy(Device device, long from, long to, int n) {
        if (from != to) {
            new KernelFile(device, "elementwise").overPacks("copy_words", n, to, from, n);
        }
    }

    @Override
    public void toFloat(View x, View out) {
        int n = out.size();
        kernels.overPacks("to_float", n, CudaStorage.address(out), CudaStorage.address(x), n);
    }
}
