package lamella.app.bench;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.LayoutKernels;
import lamella.tensor.Tensor;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

import java.util.List;

/// Rearrangements of `[A, B, C]`.
public class LayoutBenchmark extends KernelBenchmark {
    private static final int[] SWAP_OUTER = {1, 0, 2};
    private static final int[] SWAP_INNER = {0, 2, 1};
    private static final int[] CORNER = {0, 1, 0};

    /// `A x B x C`: texts as vectors, attention heads, an image of 64 channels and its positions, primes, long
    /// and thin, few.
    @Param({"32x80x128", "32x64x256", "4x64x3136", "31x37x41", "2x100003x3", "1x3x2"})
    public String size;

    private Backend backend;
    private LayoutKernels kernels;
    private Tensor x;
    private Tensor outerSwapped;
    private Tensor innerSwapped;
    private Tensor spread;
    private Tensor inner;
    private Tensor padded;
    private Tensor joined;
    private Tensor reversed;

    /// Makes the operands and checks the results.
    @Setup
    public void prepare() {
        backend = open();
        kernels = backend.layout();
        int[] e = extents(size);
        int b = e[1];
        int c = e[2];
        x = noise(Shape.of(e[0], b, c));
        outerSwapped = zeros(Shape.of(b, e[0], c));
        innerSwapped = zeros(Shape.of(e[0], c, b));
        spread = zeros(Shape.of(2, e[0], b, c));
        inner = zeros(Shape.of(e[0], b - 2, c));
        padded = zeros(x.shape());
        joined = zeros(Shape.of(e[0], 2 * b, c));
        reversed = zeros(x.shape());
        float[] values = x.toFloats();
        swapOuter();
        check(outerSwapped, i -> values[(i / c % e[0] * b + i / c / e[0]) * c + i % c]);
        swapInner();
        check(innerSwapped, i -> values[(i / b / c * b + i % b) * c + i / b % c]);
        broadcast();
        check(spread, i -> values[i % values.length]);
        slice();
        check(inner, i -> values[(i / c / (b - 2) * b + i / c % (b - 2) + 1) * c + i % c]);
        pad();
        check(padded, i -> i / c % b == 0 || i / c % b == b - 1 ? 0 : values[i]);
        concatenate();
        check(joined, i -> values[(i / c / (2 * b) * b + i / c % b) * c + i % c]);
        reverse();
        check(reversed, i -> values[(i / c / b * b + b - 1 - i / c % b) * c + i % c]);
    }

    /// `[A, B, C]` to `[B, A, C]`: time first.
    @Benchmark
    public void swapOuter() {
        kernels.permute(x.view(), SWAP_OUTER, outerSwapped.view());
        backend.synchronize();
    }

    /// `[A, B, C]` to `[A, C, B]`: channels last.
    @Benchmark
    public void swapInner() {
        kernels.permute(x.view(), SWAP_INNER, innerSwapped.view());
        backend.synchronize();
    }

    /// Everything twice.
    @Benchmark
    public void broadcast() {
        kernels.broadcast(x.view(), spread.view());
        backend.synchronize();
    }

    /// Without the first and the last of the middle axis.
    @Benchmark
    public void slice() {
        kernels.slice(x.view(), CORNER, inner.view());
        backend.synchronize();
    }

    /// With zeros there instead.
    @Benchmark
    public void pad() {
        kernels.pad(inner.view(), CORNER, 0, padded.view());
        backend.synchronize();
    }

    /// The array beside itself, along the middle axis.
    @Benchmark
    public void concatenate() {
        kernels.concatenate(List.of(x.view(), x.view()), 1, joined.view());
        backend.synchronize();
    }

    /// The middle axis backwards.
    @Benchmark
    public void reverse() {
        kernels.reverse(x.view(), 1, reversed.view());
        backend.synchronize();
    }
}
