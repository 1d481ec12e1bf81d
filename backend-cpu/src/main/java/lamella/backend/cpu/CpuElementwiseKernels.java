package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;
import lamella.backend.cpu.vector.ScalarFunctions;

import java.util.Arrays;

/// Functions of single elements, cut into chunks over the threads.
final class CpuElementwiseKernels implements ElementwiseKernels {
    /// Elements that are worth a task, about 10 µs: of a sum or a product, ...
    static final int CHEAP = 32_768;

    /// ... of an exponential or a tangent, ...
    static final int COSTLY = 8_192;

    /// ... and of a power.
    private static final int SLOW = 512;

    private final Workers workers;
    private final Primitives primitives;

    CpuElementwiseKernels(Workers workers, Primitives primitives) {
        this.workers = workers;
        this.primitives = primitives;
    }

    private static int grain(Unary op) {
        return switch (op) {
            case NEGATE, ABSOLUTE, SQRT, SQUARE, RECIPROCAL -> CHEAP;
            case RELU, LEAKY_RELU, SCALE, SHIFT, AT_LEAST, AT_MOST -> CHEAP;
            case EXP, LOG, TANH, SIGMOID, ELU, GELU, SILU, SOFTPLUS -> COSTLY;
            case POWER -> SLOW;
        };
    }

    /// Returns the cheaper op that a power with this exponent is.
    private static Unary simplified(Unary op, float alpha) {
        if (op == Unary.POWER && alpha == 2f) {
            return Unary.SQUARE;
        }
        return op == Unary.POWER && alpha == -1f ? Unary.RECIPROCAL : op;
    }

    @Override
    public void unary(Unary op, float alpha, View x, View out) {
        Unary simple = simplified(op, alpha);
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        workers.split(
                out.size(),
                grain(simple),
                (start, end) ->
                        primitives.unary(
                                simple, alpha, from, x.offset() + start, to, out.offset() + start, end - start));
    }

    @Override
    public void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out) {
        Unary other = simplified(op, alpha);
        // a reciprocal's slope is computed from y, which need not be there for a power
        Unary simple = other.slopeFrom() == op.slopeFrom() ? other : op;
        float[] xs = CpuStorage.floats(x);
        float[] ys = CpuStorage.floats(y);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        workers.split(
                out.size(),
                grain(simple),
                (start, end) ->
                        primitives.unaryGradient(
                                simple,
                                alpha,
                                xs,
                                x.offset() + start,
                                ys,
                                y.offset() + start,
                                gs,
                                outputGradient.offset() + start,
                                to,
                                out.offset() + start,
                                end - start));
    }

    @Override
    public void binary(Binary op, View a, View b, View out) {
        if (out.size() == 0) {
            return;
        }
        float[] as = CpuStorage.floats(a);
        float[] bs = CpuStorage.floats(b);
        float[] to = CpuStorage.floats(out);
        if (a.shape().equals(out.shape()) && b.shape().equals(out.shape())) {
            workers.split(
                    out.size(),
                    CHEAP,
                    (start, end) ->
                            primitives.binary(
                                    op,
                                    as,
                                    a.offset() + start,
                                    bs,
                                    b.offset() + start,
                                    to,
                                    out.offset() + start,
                                    end - start));
            return;
        }
        var axes =
                new Axes(
                        out.shape().dims(),
                        Axes.broadcastStrides(a.shape(), out.shape()),
                        Axes.broadcastStrides(b.shape(), out.shape()));
        int inner = axes.rank() - 1;
        int n = axes.dim(inner);
        int rows = axes.count(inner);
        if (rows == 1) {
            workers.split(
                    n,
                    CHEAP,
                    (start, end) ->
                            row(
                                    op,
                                    as,
                                    a.offset() + start * axes.first(inner),
                                    axes.first(inner),
                                    bs,
                                    b.offset() + start * axes.second(inner),
                                    axes.second(inner),
                                    to,
                                    out.offset() + start,
                                    end - start));
            return;
        }
        workers.split(
                rows,
                Math.max(1, CHEAP / n),
                (start, end) -> {
                    var at = axes.odometer(inner, start);
                    for (int row = start; row < end; row++, at.next()) {
                        row(
                                op,
                                as,
                                a.offset() + at.first(),
                                axes.first(inner),
                                bs,
                                b.offset() + at.second(),
                                axes.second(inner),
                                to,
                                out.offset() + row * n,
                                n);
                    }
                });
    }

    /// Handles one row, in which each operand has stride 1 or is one number (stride 0).
    private void row(
            Binary op, float[] a, int ai, int aStride, float[] b, int bi, int bStride, float[] out, int oi, int n) {
        if (aStride != 0 && bStride != 0) {
            primitives.binary(op, a, ai, b, bi, out, oi, n);
        } else if (aStride != 0) {
            primitives.binaryRight(op, a, ai, b[bi], out, oi, n);
        } else if (bStride != 0) {
            primitives.binaryLeft(op, a[ai], b, bi, out, oi, n);
        } else {
            Arrays.fill(out, oi, oi + n, ScalarFunctions.binary(op, a[ai], b[bi]));
        }
    }

    @Override
    public void select(View condition, View a, View b, View out) {
        float[] conditions = CpuStorage.floats(condition);
        float[] as = CpuStorage.floats(a);
        float[] bs = CpuStorage.floats(b);
        float[] to = CpuStorage.floats(out);
        workers.split(
                out.size(),
                CHEAP,
                (start, end) ->
                        primitives.select(
                                conditions,
                                condition.offset() + start,
                                as,
                                a.offset() + start,
                                bs,
                                b.offset() + start,
                                to,
                                out.offset() + start,
                                end - start));
    }

    @Override
    public void fill(View out, float value) {
        float[] to = CpuStorage.floats(out);
        workers.split(
                out.size(), CHEAP, (start, end) -> Arrays.fill(to, out.offset() + start, out.offset() + end, value));
    }

    @Override
    public void copy(View x, View out) {
        Object from = CpuStorage.array(x);
        Object to = CpuStorage.array(out);
        workers.split(
                out.size(),
                CHEAP,
                (start, end) -> System.arraycopy(from, x.offset() + start, to, out.offset() + start, end - start));
    }

    @Override
    public void toFloat(View x, View out) {
        int[] from = CpuStorage.ints(x);
        float[] to = CpuStorage.floats(out);
        workers.split(
                out.size(),
                CHEAP,
                (start, end) -> {
                    for (int i = start; i < end; i++) {
                        to[out.offset() + i] = from[x.offset() + i];
                    }
                });
    }
}
