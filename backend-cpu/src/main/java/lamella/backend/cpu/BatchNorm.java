package lamella.backend.cpu;

import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

/// Batch normalisation of `[N, C, ...]`. Means first, then squared differences from them: the
/// difference of E\[x²\] and E\[x\]² would lose all its bits where the mean is large.
///
/// Images (many elements for each example and channel) go by whole planes here; feature vectors
/// `[N, C]` in [BatchNormColumns].
final class BatchNorm {
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;
    private final BatchNormColumns columns;

    BatchNorm(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
        this.columns = new BatchNormColumns(workers, pool, primitives);
    }

    /// The extents of x: `batch` examples of `channels` planes of `plane` elements.
    private record Extent(int batch, int channels, int plane) {
        static Extent of(View x) {
            return new Extent(x.dim(0), x.dim(1), x.shape().sizeBetween(2, x.shape().rank()));
        }

        long count() {
            return (long) batch * plane;
        }

        int at(int example, int channel) {
            return (example * channels + channel) * plane;
        }

        /// Channels that are worth a task.
        int grain() {
            return (int) Math.max(1, CpuElementwiseKernels.CHEAP / Math.max(1, count()));
        }
    }

    /// Sets row 0 of `out` to the means and row 1 to the variances.
    void moments(View x, View out) {
        Extent extent = Extent.of(x);
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        int variances = out.offset() + extent.channels();
        if (extent.plane() == 1) {
            columns.moments(x, out);
            return;
        }
        workers.split(
                extent.channels(),
                extent.grain(),
                (start, end) -> {
                    for (int c = start; c < end; c++) {
                        double sum = 0;
                        for (int n = 0; n < extent.batch(); n++) {
                            int at = x.offset() + extent.at(n, c);
                            sum += primitives.sum(from, at, extent.plane());
                        }
                        double mean = sum / extent.count();
                        float rounded = (float) mean;
                        double squares = 0;
                        for (int n = 0; n < extent.batch(); n++) {
                            int at = x.offset() + extent.at(n, c);
                            squares += primitives.squares(from, at, rounded, extent.plane());
                        }
                        to[out.offset() + c] = rounded;
                        to[variances + c] = variance(squares / extent.count(), mean - rounded);
                    }
                });
    }

    /// Returns the variance, given the mean square distance from a number that is `error` off the
    /// mean.
    private static float variance(double meanSquare, double error) {
        double variance = meanSquare - error * error;
        return (float) (variance < 0 ? 0 : variance);
    }

    /// Returns 1 / √(variance + epsilon).
    static float inverseDeviation(float variance, float epsilon) {
        return (float) (1.0 / Math.sqrt((double) variance + epsilon));
    }

    /// out = (x − mean) / √(variance + epsilon) · scale + shift.
    void forward(View x, View scale, View shift, View moments, float epsilon, View out) {
        Extent extent = Extent.of(x);
        int channels = extent.channels();
        if (extent.plane() == 1) {
            columns.forward(x, scale, shift, moments, epsilon, out);
            return;
        }
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        float[] scales = CpuStorage.floats(scale);
        float[] shifts = CpuStorage.floats(shift);
        float[] stats = CpuStorage.floats(moments);
        float[] factors = pool.take(channels);
        for (int c = 0; c < channels; c++) {
            float variance = stats[moments.offset() + channels + c];
            factors[c] = scales[scale.offset() + c] * inverseDeviation(variance, epsilon);
        }
        int planes = extent.batch() * channels;
        workers.split(
                planes,
                Math.max(1, CpuElementwiseKernels.CHEAP / Math.max(1, extent.plane())),
                (start, end) -> {
                    for (int p = start; p < end; p++) {
                        int c = p % channels;
                        int at = p * extent.plane();
                        primitives.normalize(
                                from,
                                x.offset() + at,
                                stats[moments.offset() + c],
                                factors[c],
                                shifts[shift.offset() + c],
                                to,
                                out.offset() + at,
                                extent.plane());
                    }
                });
        pool.give(factors);
    }

    /// The gradients where the moments are those of x. With G = Σ g, H = Σ g (x − mean), m elements
    /// in a channel and r = 1 / √(variance + epsilon): dx = scale · r · (g − G / m − (x − mean) ·
    /// r² · H / m), dscale = r · H, dshift = G.
    void gradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        Extent extent = Extent.of(x);
        if (extent.plane() == 1) {
            columns.gradient(x, scale, moments, epsilon, outputGradient, inputGradient, scaleGradient, shiftGradient);
            return;
        }
        float[] scales = CpuStorage.floats(scale);
        float[] stats = CpuStorage.floats(moments);
        float[] scaleGradients = CpuStorage.floats(scaleGradient);
        float[] shiftGradients = CpuStorage.floats(shiftGradient);
        int channels = extent.channels();
        workers.split(
                channels,
                extent.grain(),
                (start, end) -> {
                    for (int c = start; c < end; c++) {
                        float mean = stats[moments.offset() + c];
                        float variance = stats[moments.offset() + channels + c];
                        double r = 1.0 / Math.sqrt((double) variance + epsilon);
                        double sum = sum(outputGradient, extent, c);
                        double product = product(outputGradient, x, mean, extent, c);
                        scaleGradients[scaleGradient.offset() + c] = (float) (r * product);
                        shiftGradients[shiftGradient.offset() + c] = (float) sum;
                        double factor = scales[scale.offset() + c] * r;
                        double slope = -factor * r * r * product / extent.count();
                        apply(
                                outputGradient,
                                (float) factor,
                                x,
                                mean,
                                (float) slope,
                                (float) (-factor * sum / extent.count()),
                                inputGradient,
                                extent,
                                c);
                    }
                });
    }

    private double sum(View g, Extent extent, int c) {
        float[] gs = CpuStorage.floats(g);
        double sum = 0;
        for (int n = 0; n < extent.batch(); n++) {
            sum += primitives.sum(gs, g.offset() + extent.at(n, c), extent.plane());
        }
        return sum;
    }

    private double product(View g, View x, float mean, Extent extent, int c) {
        float[] gs = CpuStorage.floats(g);
        float[] xs = CpuStorage.floats(x);
        double sum = 0;
        for (int n = 0; n < extent.batch(); n++) {
            int at = extent.at(n, c);
            sum += primitives.dot(gs, g.offset() + at, xs, x.offset() + at, mean, extent.plane());
        }
        return sum;
    }

    /// out = g · factor + (x − mean) · slope + more, in the planes of one channel.
    private void apply(
            View g, float factor, View x, float mean, float slope, float more, View out, Extent extent, int c) {
        float[] gs = CpuStorage.floats(g);
        float[] xs = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        for (int n = 0; n < extent.batch(); n++) {
            int at = extent.at(n, c);
            int oi = out.offset() + at;
            int plane = extent.plane();
            primitives.normalize(xs, x.offset() + at, mean, slope, more, to, oi, plane);
            primitives.combine(gs, g.offset() + at, factor, to, oi, 1f, 0f, to, oi, plane);
        }
    }
}
