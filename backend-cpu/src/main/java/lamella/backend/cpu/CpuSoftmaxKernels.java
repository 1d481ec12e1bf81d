package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.SoftmaxKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Softmax by rows. The exponentials of several rows are taken in one run, because a row of 10
/// classes does not fill a vector.
final class CpuSoftmaxKernels implements SoftmaxKernels {
    /// Elements whose exponentials are taken together: 16 KiB.
    private static final int RUN = 4096;

    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;

    CpuSoftmaxKernels(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
    }

    private static int classes(View x) {
        return x.dim(1);
    }

    private static int rowsOf(View x) {
        return classes(x) == 0 ? 0 : x.dim(0);
    }

    private static int rowsPerRun(int classes) {
        return Math.max(1, RUN / classes);
    }

    private void forRows(View x, Workers.Range body) {
        int classes = Math.max(1, classes(x));
        int grain = Math.max(1, CpuElementwiseKernels.COSTLY / classes);
        workers.split(
                rowsOf(x),
                grain,
                (start, end) -> {
                    int step = rowsPerRun(classes);
                    for (int row = start; row < end; row += step) {
                        body.run(row, Math.min(end, row + step));
                    }
                });
    }

    /// Sets out to exp(x − the row's maximum), for a run of rows.
    private void exponentials(float[] x, int xi, float[] out, int oi, int rows, int classes) {
        for (int r = 0; r < rows; r++) {
            int at = xi + r * classes;
            float most = primitives.maximum(x, at, classes);
            primitives.binaryRight(Binary.SUBTRACT, x, at, most, out, oi + r * classes, classes);
        }
        primitives.unary(Unary.EXP, 0f, out, oi, out, oi, rows * classes);
    }

    @Override
    public void softmax(View x, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        int classes = classes(x);
        forRows(
                x,
                (start, end) -> {
                    int o = out.offset() + start * classes;
                    exponentials(from, x.offset() + start * classes, to, o, end - start, classes);
                    for (int r = start; r < end; r++) {
                        int at = out.offset() + r * classes;
                        float factor = (float) (1.0 / primitives.sum(to, at, classes));
                        primitives.binaryRight(Binary.MULTIPLY, to, at, factor, to, at, classes);
                    }
                });
    }

    @Override
    public void softmaxGradient(View y, View outputGradient, View out) {
        float[] ys = CpuStorage.floats(y);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        int classes = classes(y);
        forRows(
                y,
                (start, end) -> {
                    for (int r = start; r < end; r++) {
                        int yi = y.offset() + r * classes;
                        int gi = outputGradient.offset() + r * classes;
                        int oi = out.offset() + r * classes;
                        float dot = (float) primitives.dot(gs, gi, ys, yi, 0f, classes);
                        primitives.binaryRight(Binary.SUBTRACT, gs, gi, dot, to, oi, classes);
                        primitives.binary(Binary.MULTIPLY, to, oi, ys, yi, to, oi, classes);
                    }
                });
    }

    @Override
    public void logSoftmax(View x, View out) {
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        int classes = classes(x);
        forRows(
                x,
                (start, end) -> {
                    int first = x.offset() + start * classes;
                    int o = out.offset() + start * classes;
                    exponentials(from, first, to, o, end - start, classes);
                    for (int r = start; r < end; r++) {
                        int xi = x.offset() + r * classes;
                        int oi = out.offset() + r * classes;
                        float log = logOf(primitives.sum(to, oi, classes));
                        float most = primitives.maximum(from, xi, classes);
                        // First the maximum, then the logarithm: their sum would lose its bits.
                        primitives.normalize(from, xi, most, 1f, -log, to, oi, classes);
                    }
                });
    }

    private static float logOf(double sum) {
        return (float) StrictMath.log(sum);
    }

    @Override
    public void logSoftmaxGradient(View y, View outputGradient, View out) {
        float[] ys = CpuStorage.floats(y);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        int classes = classes(y);
        forRows(
                y,
                (start, end) -> {
                    int count = (end - start) * classes;
                    int o = out.offset() + start * classes;
                    primitives.unary(Unary.EXP, 0f, ys, y.offset() + start * classes, to, o, count);
                    for (int r = start; r < end; r++) {
                        int gi = outputGradient.offset() + r * classes;
                        int oi = out.offset() + r * classes;
                        float sum = (float) primitives.sum(gs, gi, classes);
                        primitives.combine(gs, gi, 1f, to, oi, -sum, 0f, to, oi, classes);
                    }
                });
    }

    private static int label(int[] labels, View view, int row, int classes) {
        int label = labels[view.offset() + row];
        if (label < -1 || label >= classes) {
            throw new IndexOutOfBoundsException(
                    "crossEntropy: label " + label + " at index " + row + " is outside [0, " + classes + ")");
        }
        return label;
    }

    @Override
    public void crossEntropy(View logits, View labels, float smoothing, View out) {
        float[] from = CpuStorage.floats(logits);
        int[] ids = CpuStorage.ints(labels);
        float[] to = CpuStorage.floats(out);
        int classes = classes(logits);
        forRows(
                logits,
                (start, end) -> {
                    float[] work = pool.take((end - start) * classes);
                    int first = logits.offset() + start * classes;
                    exponentials(from, first, work, 0, end - start, classes);
                    for (int r = start; r < end; r++) {
                        int label = label(ids, labels, r, classes);
                        int xi = logits.offset() + r * classes;
                        int wi = (r - start) * classes;
                        to[out.offset() + r] = label < 0 ? 0f : loss(from, xi, work, wi, classes, label, smoothing);
                    }
                    pool.give(work);
                });
    }

    /// Returns the loss of one row.
    ///
    /// @param work from `wi` on, exp(x − the row's maximum); is overwritten
    private float loss(float[] x, int xi, float[] work, int wi, int classes, int label, float smoothing) {
        float most = primitives.maximum(x, xi, classes);
        double log = StrictMath.log(primitives.sum(work, wi, classes));
        double atLabel = (double) most - x[xi + label] + log;
        if (smoothing == 0f) {
            return (float) atLabel;
        }
        // The mean of x − maximum, not of x: large logits would hide their differences.
        primitives.binaryRight(Binary.SUBTRACT, x, xi, most, work, wi, classes);
        double everywhere = log - primitives.sum(work, wi, classes) / classes;
        return (float) ((1.0 - smoothing) * atLabel + smoothing * everywhere);
    }

    @Override
    public void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out) {
        float[] from = CpuStorage.floats(logits);
        int[] ids = CpuStorage.ints(labels);
        float[] gs = CpuStorage.floats(outputGradient);
        float[] to = CpuStorage.floats(out);
        int classes = classes(logits);
        forRows(
                logits,
                (start, end) -> {
                    int first = logits.offset() + start * classes;
                    int o = out.offset() + start * classes;
                    exponentials(from, first, to, o, end - start, classes);
                    for (int r = start; r < end; r++) {
                        int oi = out.offset() + r * classes;
                        int label = label(ids, labels, r, classes);
                        if (label < 0) {
                            Arrays.fill(to, oi, oi + classes, 0f);
                            continue;
                        }
                        float gradient = gs[outputGradient.offset() + r];
                        float factor = (float) (1.0 / primitives.sum(to, oi, classes));
                        float everywhere = smoothing / classes;
                        primitives.normalize(to, oi, 0f, factor, -everywhere, to, oi, classes);
                        to[oi + label] -= 1f - smoothing;
                        primitives.binaryRight(Binary.MULTIPLY, to, oi, gradient, to, oi, classes);
                    }
                });
    }
}
