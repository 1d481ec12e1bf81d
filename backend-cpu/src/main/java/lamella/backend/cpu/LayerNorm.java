package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Layer normalisation: each row by its own mean and variance, then scale and shift by feature.
final class LayerNorm {
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;
    private final ColumnSums columnSums;

    LayerNorm(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
        this.columnSums = new ColumnSums(workers, pool, primitives);
    }

    private static int grain(int features) {
        return Math.max(1, CpuElementwiseKernels.COSTLY / Math.max(1, features));
    }

    private double mean(float[] x, int xi, int n) {
        return primitives.sum(x, xi, n) / n;
    }

    /// Returns 1 / √(variance + epsilon) of a row.
    private double inverseDeviation(float[] x, int xi, double mean, int n, float epsilon) {
        float rounded = (float) mean;
        double error = mean - rounded;
        double variance = primitives.squares(x, xi, rounded, n) / n - error * error;
        return 1.0 / Math.sqrt((variance < 0 ? 0 : variance) + epsilon);
    }

    /// out = (x − mean) / √(variance + epsilon) · scale + shift.
    void forward(View x, View scale, View shift, float epsilon, View out) {
        float[] from = CpuStorage.floats(x);
        float[] scales = CpuStorage.floats(scale);
        float[] shifts = CpuStorage.floats(shift);
        float[] to = CpuStorage.floats(out);
        int n = x.dim(1);
        workers.split(
                n == 0 ? 0 : x.dim(0),
                grain(n),
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        int xi = x.offset() + row * n;
                        int oi = out.offset() + row * n;
                        double mean = mean(from, xi, n);
                        float inverse = (float) inverseDeviation(from, xi, mean, n, epsilon);
                        primitives.normalize(from, xi, (float) mean, inverse, 0f, to, oi, n);
                        primitives.binary(Binary.MULTIPLY, to, oi, scales, scale.offset(), to, oi, n);
                        primitives.binary(Binary.ADD, to, oi, shifts, shift.offset(), to, oi, n);
                    }
                });
    }

    /// The gradients. With x̂ the normalised row, h = g · scale and means over the row: dx = (h −
    /// mean(h) − x̂ · mean(h · x̂)) / √(variance + epsilon); dscale = Σ g · x̂ and dshift = Σ g
    /// over the rows.
    void gradient(
            View x,
            View scale,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        float[] xs = CpuStorage.floats(x);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] scales = CpuStorage.floats(scale);
        float[] to = CpuStorage.floats(inputGradient);
        int n = x.dim(1);
        int rows = x.dim(0);
        if (n == 0) {
            return;
        }
        float[] products = pool.take(rows * n);
        workers.split(
                rows,
                grain(n),
                (start, end) -> {
                    float[] normalized = pool.take(n);
                    for (int row = start; row < end; row++) {
                        int xi = x.offset() + row * n;
                        int gi = outputGradient.offset() + row * n;
                        int oi = inputGradient.offset() + row * n;
                        double mean = mean(xs, xi, n);
                        float inverse = (float) inverseDeviation(xs, xi, mean, n, epsilon);
                        primitives.normalize(xs, xi, (float) mean, inverse, 0f, normalized, 0, n);
                        primitives.binary(Binary.MULTIPLY, gs, gi, normalized, 0, products, row * n, n);
                        primitives.binary(Binary.MULTIPLY, gs, gi, scales, scale.offset(), to, oi, n);
                        double h = primitives.sum(to, oi, n) / n;
                        double slope = primitives.dot(to, oi, normalized, 0, 0f, n) / n;
                        primitives.combine(
                                to,
                                oi,
                                inverse,
                                normalized,
                                0,
                                (float) (-slope * inverse),
                                (float) (-h * inverse),
                                to,
                                oi,
                                n);
                    }
                    pool.give(normalized);
                });
        sumRows(products, 0, rows, n, scaleGradient);
        sumRows(gs, outputGradient.offset(), rows, n, shiftGradient);
        pool.give(products);
    }

    private void sumRows(float[] x, int xi, int rows, int n, View out) {
        float[] to = CpuStorage.floats(out);
        if (rows == 0) {
            Arrays.fill(to, out.offset(), out.offset() + n, 0f);
            return;
        }
        int[] strides = {n};
        var axes = new Axes(new int[] {rows}, strides, strides);
        columnSums.sum(x, xi, axes, n, 1.0, to, out.offset());
    }
}
