package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Batch normalisation of feature vectors `[N, C]`: whole rows at a time, each channel being a
/// column; the sums over the batch are [ColumnSums].
final class BatchNormColumns {
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;
    private final ColumnSums columnSums;

    BatchNormColumns(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
        this.columnSums = new ColumnSums(workers, pool, primitives);
    }

    private void forRows(View x, Workers.Range body) {
        int grain = Math.max(1, CpuElementwiseKernels.COSTLY / Math.max(1, x.dim(1)));
        workers.split(x.dim(0), grain, body);
    }

    private void sumRows(float[] x, int xi, View like, double factor, float[] out, int oi) {
        int channels = like.dim(1);
        if (like.dim(0) == 0) {
            Arrays.fill(out, oi, oi + channels, (float) (0 * factor));
        } else {
            int[] strides = {channels};
            var rows = new Axes(new int[] {like.dim(0)}, strides, strides);
            columnSums.sum(x, xi, rows, channels, factor, out, oi);
        }
    }

    /// As [BatchNorm#moments].
    void moments(View x, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        int channels = x.dim(1);
        int means = out.offset();
        double factor = 1.0 / x.dim(0);
        sumRows(from, x.offset(), x, factor, to, means);
        float[] squares = pool.take(x.size());
        forRows(
                x,
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        int at = row * channels;
                        int xi = x.offset() + at;
                        primitives.binary(Binary.SUBTRACT, from, xi, to, means, squares, at, channels);
                        primitives.binary(Binary.MULTIPLY, squares, at, squares, at, squares, at, channels);
                    }
                });
        sumRows(squares, 0, x, factor, to, means + channels);
        pool.give(squares);
    }

    /// As [BatchNorm#forward].
    void forward(View x, View scale, View shift, View moments, float epsilon, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        float[] scales = CpuStorage.floats(scale);
        float[] shifts = CpuStorage.floats(shift);
        float[] stats = CpuStorage.floats(moments);
        int channels = x.dim(1);
        int means = moments.offset();
        float[] factors = pool.take(channels);
        for (int c = 0; c < channels; c++) {
            float variance = stats[means + channels + c];
            factors[c] = scales[scale.offset() + c] * BatchNorm.inverseDeviation(variance, epsilon);
        }
        forRows(
                x,
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        int xi = x.offset() + row * channels;
                        int oi = out.offset() + row * channels;
                        int si = shift.offset();
                        primitives.binary(Binary.SUBTRACT, from, xi, stats, means, to, oi, channels);
                        primitives.binary(Binary.MULTIPLY, to, oi, factors, 0, to, oi, channels);
                        primitives.binary(Binary.ADD, to, oi, shifts, si, to, oi, channels);
                    }
                });
        pool.give(factors);
    }

    /// As [BatchNorm#gradient].
    void gradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        float[] xs = CpuStorage.floats(x);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] stats = CpuStorage.floats(moments);
        float[] to = CpuStorage.floats(inputGradient);
        float[] scaleGradients = CpuStorage.floats(scaleGradient);
        float[] shiftGradients = CpuStorage.floats(shiftGradient);
        int channels = x.dim(1);
        int means = moments.offset();
        float[] products = pool.take(x.size());
        forRows(
                x,
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        int at = row * channels;
                        int oi = inputGradient.offset() + at;
                        int gi = outputGradient.offset() + at;
                        int xi = x.offset() + at;
                        primitives.binary(Binary.SUBTRACT, xs, xi, stats, means, to, oi, channels);
                        primitives.binary(Binary.MULTIPLY, to, oi, gs, gi, products, at, channels);
                    }
                });
        int scaleAt = scaleGradient.offset();
        int shiftAt = shiftGradient.offset();
        sumRows(products, 0, x, 1.0, scaleGradients, scaleAt);
        sumRows(gs, outputGradient.offset(), x, 1.0, shiftGradients, shiftAt);

        float[] factors = pool.take(channels);
        float[] slopes = pool.take(channels);
        float[] constants = pool.take(channels);
        float[] scales = CpuStorage.floats(scale);
        int batch = x.dim(0);
        for (int c = 0; c < channels; c++) {
            double r = 1.0 / Math.sqrt((double) stats[means + channels + c] + epsilon);
            double factor = scales[scale.offset() + c] * r;
            factors[c] = (float) factor;
            slopes[c] = (float) (-factor * r * r * scaleGradients[scaleAt + c] / batch);
            constants[c] = (float) (-factor * shiftGradients[shiftAt + c] / batch);
            scaleGradients[scaleAt + c] = (float) (r * scaleGradients[scaleAt + c]);
        }
        forRows(
                x,
                (start, end) -> {
                    for (int row = start; row < end; row++) {
                        int at = row * channels;
                        int oi = inputGradient.offset() + at;
                        int gi = outputGradient.offset() + at;
                        primitives.binary(Binary.MULTIPLY, to, oi, slopes, 0, to, oi, channels);
                        primitives.binary(Binary.ADD, to, oi, constants, 0, to, oi, channels);
                        primitives.binary(Binary.MULTIPLY, gs, gi, factors, 0, products, at, channels);
                        primitives.binary(Binary.ADD, to, oi, products, at, to, oi, channels);
                    }
                });
        pool.give(constants);
        pool.give(slopes);
        pool.give(factors);
        pool.give(products);
    }
}
