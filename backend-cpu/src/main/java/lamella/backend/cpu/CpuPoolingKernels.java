package lamella.backend.cpu;

import lamella.array.Pool2dOptions;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.PoolingKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Pooling, plane by plane, a plane being one channel of one image. Windows of 2 x 2 side by side
/// have loops of their own; others combine their rows first (whole rows, in vectors), and then the
/// columns of what results.
final class CpuPoolingKernels implements PoolingKernels {
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;

    CpuPoolingKernels(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
    }

    /// The extents of one plane and its windows.
    private record Plane(int height, int width, int outHeight, int outWidth, Pool2dOptions options) {
        Plane(View x, View y, Pool2dOptions options) {
            this(x.dim(2), x.dim(3), y.dim(2), y.dim(3), options);
        }

        /// Windows of 2 x 2, side by side, all of them whole.
        boolean halves() {
            return options.kernelHeight() == 2
                    && options.kernelWidth() == 2
                    && options.strideHeight() == 2
                    && options.strideWidth() == 2
                    && options.paddingHeight() == 0
                    && options.paddingWidth() == 0
                    && 2 * outHeight <= height
                    && 2 * outWidth <= width;
        }

        int size() {
            return height * width;
        }

        int outSize() {
            return outHeight * outWidth;
        }

        int top(int row) {
            return Math.max(0, row * options.strideHeight() - options.paddingHeight());
        }

        int bottom(int row) {
            int start = row * options.strideHeight() - options.paddingHeight();
            return Math.min(height, start + options.kernelHeight());
        }

        int left(int column) {
            return Math.max(0, column * options.strideWidth() - options.paddingWidth());
        }

        int right(int column) {
            int start = column * options.strideWidth() - options.paddingWidth();
            return Math.min(width, start + options.kernelWidth());
        }

        float factor(int row, int column) {
            return 1f / options.divisor(row, column, height, width);
        }
    }

    /// Handles each plane once; `x` and `y` are the larger and the smaller array.
    private void forPlanes(View x, View y, Plane plane, Workers.Range body) {
        int planes = x.dim(0) * x.dim(1);
        int work = Math.max(1, Math.max(plane.size(), plane.outSize()));
        workers.split(planes, Math.max(1, CpuElementwiseKernels.COSTLY / work), body);
    }

    @Override
    public void maximum(View x, Pool2dOptions options, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        var plane = new Plane(x, out, options);
        forPlanes(
                x,
                out,
                plane,
                (start, end) -> {
                    for (int p = start; p < end; p++) {
                        int xi = x.offset() + p * plane.size();
                        int oi = out.offset() + p * plane.outSize();
                        if (plane.halves()) {
                            halfMaximum(plane, from, xi, to, oi);
                        } else {
                            maximum(plane, from, xi, to, oi);
                        }
                    }
                });
    }

    private void halfMaximum(Plane plane, float[] x, int xi, float[] out, int oi) {
        int width = plane.width();
        for (int row = 0; row < plane.outHeight(); row++) {
            int top = xi + 2 * row * width;
            int o = oi + row * plane.outWidth();
            primitives.maximum2x2(x, top, top + width, out, o, plane.outWidth());
        }
    }

    private void maximum(Plane plane, float[] x, int xi, float[] out, int oi) {
        float[] line = pool.take(plane.width());
        for (int row = 0; row < plane.outHeight(); row++) {
            combineRows(Binary.MAXIMUM, plane, row, x, xi, line);
            int o = oi + row * plane.outWidth();
            Arrays.fill(out, o, o + plane.outWidth(), Float.NEGATIVE_INFINITY);
            combineColumns(Binary.MAXIMUM, plane, line, out, o);
        }
        pool.give(line);
    }

    /// Sets `line` to the maxima or sums over the rows of x that the windows of an output row see.
    private void combineRows(Binary op, Plane plane, int row, float[] x, int xi, float[] line) {
        int width = plane.width();
        int top = plane.top(row);
        System.arraycopy(x, xi + top * width, line, 0, width);
        for (int i = top + 1; i < plane.bottom(row); i++) {
            primitives.binary(op, line, 0, x, xi + i * width, line, 0, width);
        }
    }

    /// Adds to an output row the columns of `line` that its windows see: for each column of the
    /// window all outputs that have it, so that no maximum or sum waits for the one before it.
    private void combineColumns(Binary op, Plane plane, float[] line, float[] out, int o) {
        int stride = plane.options().strideWidth();
        for (int k = 0; k < plane.options().kernelWidth(); k++) {
            int shift = k - plane.options().paddingWidth();
            int first = Math.max(0, Math.ceilDiv(-shift, stride));
            int end = Math.floorDiv(plane.width() - 1 - shift, stride) + 1;
            int n = Math.min(plane.outWidth(), end) - first;
            int at = first * stride + shift;
            if (n <= 0) {
                continue;
            }
            if (stride == 1) {
                primitives.binary(op, out, o + first, line, at, out, o + first, n);
            } else if (op == Binary.MAXIMUM) {
                for (int i = 0; i < n; i++) {
                    out[o + first + i] = Math.max(out[o + first + i], line[at + i * stride]);
                }
            } else {
                for (int i = 0; i < n; i++) {
                    out[o + first + i] += line[at + i * stride];
                }
            }
        }
    }

    @Override
    public void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out) {
        float[] xs = CpuStorage.floats(x);
        float[] ys = CpuStorage.floats(y);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        var plane = new Plane(x, y, options);
        forPlanes(
                x,
                y,
                plane,
                (start, end) -> {
                    for (int p = start; p < end; p++) {
                        int xi = x.offset() + p * plane.size();
                        int yi = y.offset() + p * plane.outSize();
                        int gi = outputGradient.offset() + p * plane.outSize();
                        int oi = out.offset() + p * plane.size();
                        if (plane.halves()) {
                            halfMaximumGradient(plane, xs, xi, ys, yi, gs, gi, to, oi);
                        } else {
                            maximumGradient(plane, xs, xi, ys, yi, gs, gi, to, oi);
                        }
                    }
                });
    }

    private void halfMaximumGradient(
            Plane plane, float[] x, int xi, float[] y, int yi, float[] g, int gi, float[] out, int oi) {
        int width = plane.width();
        int n = plane.outWidth();
        for (int row = 0; row < plane.outHeight(); row++) {
            int top = xi + 2 * row * width;
            int o = oi + 2 * row * width;
            int w = row * n;
            primitives.maximum2x2Gradient(x, top, top + width, y, yi + w, g, gi + w, out, o, o + width, n);
        }
        clearRest(plane, out, oi);
    }

    /// Clears what no window covers: an odd last row and an odd last column.
    private static void clearRest(Plane plane, float[] out, int oi) {
        int width = plane.width();
        int rows = 2 * plane.outHeight();
        int columns = 2 * plane.outWidth();
        if (columns < width) {
            for (int row = 0; row < rows; row++) {
                Arrays.fill(out, oi + row * width + columns, oi + (row + 1) * width, 0f);
            }
        }
        Arrays.fill(out, oi + rows * width, oi + plane.size(), 0f);
    }

    private static void maximumGradient(
            Plane plane, float[] x, int xi, float[] y, int yi, float[] g, int gi, float[] out, int oi) {
        Arrays.fill(out, oi, oi + plane.size(), 0f);
        for (int row = 0; row < plane.outHeight(); row++) {
            for (int column = 0; column < plane.outWidth(); column++) {
                int window = row * plane.outWidth() + column;
                int largest = firstLargest(plane, x, xi, row, column, y[yi + window]);
                out[oi + largest] += g[gi + window];
            }
        }
    }

    /// Returns the place in the plane of the first element of a window that is its maximum `most`.
    private static int firstLargest(Plane plane, float[] x, int xi, int row, int column, float most) {
        int right = plane.right(column);
        int bottom = plane.bottom(row);
        for (int i = plane.top(row); i < bottom; i++) {
            for (int j = plane.left(column); j < right; j++) {
                float value = x[xi + i * plane.width() + j];
                if (value == most || value != value) {
                    return i * plane.width() + j;
                }
            }
        }
        throw new IllegalArgumentException("maxPool2d: y is not the result for x at row " + row + ", column " + column);
    }

    @Override
    public void average(View x, Pool2dOptions options, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        var plane = new Plane(x, out, options);
        forPlanes(
                x,
                out,
                plane,
                (start, end) -> {
                    for (int p = start; p < end; p++) {
                        int xi = x.offset() + p * plane.size();
                        int oi = out.offset() + p * plane.outSize();
                        if (plane.halves()) {
                            halfAverage(plane, from, xi, to, oi);
                        } else {
                            average(plane, from, xi, to, oi);
                        }
                    }
                });
    }

    private static void halfAverage(Plane plane, float[] x, int xi, float[] out, int oi) {
        int width = plane.width();
        for (int row = 0; row < plane.outHeight(); row++) {
            int top = xi + 2 * row * width;
            int bottom = top + width;
            int o = oi + row * plane.outWidth();
            for (int j = 0; j < plane.outWidth(); j++) {
                float upper = x[top + 2 * j] + x[top + 2 * j + 1];
                float lower = x[bottom + 2 * j] + x[bottom + 2 * j + 1];
                out[o + j] = (upper + lower) * 0.25f;
            }
        }
    }

    private void average(Plane plane, float[] x, int xi, float[] out, int oi) {
        float[] line = pool.take(plane.width());
        for (int row = 0; row < plane.outHeight(); row++) {
            combineRows(Binary.ADD, plane, row, x, xi, line);
            int o = oi + row * plane.outWidth();
            Arrays.fill(out, o, o + plane.outWidth(), 0f);
            combineColumns(Binary.ADD, plane, line, out, o);
            for (int column = 0; column < plane.outWidth(); column++) {
                out[o + column] *= plane.factor(row, column);
            }
        }
        pool.give(line);
    }

    @Override
    public void averageGradient(View outputGradient, Pool2dOptions options, View out) {
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        var plane = new Plane(out, outputGradient, options);
        forPlanes(
                out,
                outputGradient,
                plane,
                (start, end) -> {
                    for (int p = start; p < end; p++) {
                        int gi = outputGradient.offset() + p * plane.outSize();
                        int oi = out.offset() + p * plane.size();
                        if (plane.halves()) {
                            halfAverageGradient(plane, gs, gi, to, oi);
                        } else {
                            averageGradient(plane, gs, gi, to, oi);
                        }
                    }
                });
    }

    private static void halfAverageGradient(Plane plane, float[] g, int gi, float[] out, int oi) {
        int width = plane.width();
        for (int row = 0; row < plane.outHeight(); row++) {
            int top = oi + 2 * row * width;
            int bottom = top + width;
            int w = gi + row * plane.outWidth();
            for (int j = 0; j < plane.outWidth(); j++) {
                float share = g[w + j] * 0.25f;
                out[top + 2 * j] = share;
                out[top + 2 * j + 1] = share;
                out[bottom + 2 * j] = share;
                out[bottom + 2 * j + 1] = share;
            }
        }
        clearRest(plane, out, oi);
    }

    private static void averageGradient(Plane plane, float[] g, int gi, float[] out, int oi) {
        Arrays.fill(out, oi, oi + plane.size(), 0f);
        for (int row = 0; row < plane.outHeight(); row++) {
            int top = plane.top(row);
            int bottom = plane.bottom(row);
            for (int column = 0; column < plane.outWidth(); column++) {
                int left = plane.left(column);
                int right = plane.right(column);
                float share = g[gi + row * plane.outWidth() + column] * plane.factor(row, column);
                for (int i = top; i < bottom; i++) {
                    for (int j = left; j < right; j++) {
                        out[oi + i * plane.width() + j] += share;
                    }
                }
            }
        }
    }
}
