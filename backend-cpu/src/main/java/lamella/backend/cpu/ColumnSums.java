package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Sums over rows, column by column: out`[j]` = Σ x`[r, j]`.
///
/// Rows are added in blocks, in single precision where a block has at most 64 rows, and the blocks
/// in double precision, so that the error does not grow with the number of rows. The blocks depend
/// on the sizes alone.
final class ColumnSums {
    /// Up to this many columns are added in double precision from the start.
    private static final int NARROW = 64;

    private static final int NARROW_BLOCK = 4096;
    private static final int BLOCK = 64;

    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;

    ColumnSums(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
    }

    /// Sets out`[j]` to factor · Σ x`[row, j]`, for `n` columns.
    ///
    /// @param xi where column 0 begins
    /// @param rows the axes over which the rows lie, the first strides being those of x
    void sum(float[] x, int xi, Axes rows, int n, double factor, float[] out, int oi) {
        if (n <= NARROW) {
            sumNarrow(x, xi, rows, n, factor, out, oi);
        } else {
            sumWide(x, xi, rows, n, factor, out, oi);
        }
    }

    private void sumNarrow(float[] x, int xi, Axes axes, int n, double factor, float[] out, int oi) {
        int rows = axes.count(axes.rank());
        int blocks = Math.ceilDiv(rows, NARROW_BLOCK);
        double[] parts = new double[blocks * n];
        workers.run(
                blocks,
                block -> {
                    int start = block * NARROW_BLOCK;
                    int end = Math.min(rows, start + NARROW_BLOCK);
                    var row = axes.odometer(axes.rank(), start);
                    for (int r = start; r < end; r++, row.next()) {
                        int at = xi + row.first();
                        for (int j = 0; j < n; j++) {
                            parts[block * n + j] += x[at + j];
                        }
                    }
                });
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int block = 0; block < blocks; block++) {
                sum += parts[block * n + j];
            }
            out[oi + j] = (float) (sum * factor);
        }
    }

    private void sumWide(float[] x, int xi, Axes axes, int n, double factor, float[] out, int oi) {
        int rows = axes.count(axes.rank());
        int blocks = Math.ceilDiv(rows, BLOCK);
        float[] parts = pool.take(blocks * n);
        int grain = Math.max(1, CpuElementwiseKernels.CHEAP / (BLOCK * n));
        workers.split(
                blocks,
                grain,
                (from, to) -> {
                    for (int block = from; block < to; block++) {
                        int start = block * BLOCK;
                        int end = Math.min(rows, start + BLOCK);
                        addBlock(x, xi, axes, start, end, n, parts, block * n);
                    }
                });
        workers.split(
                n,
                Math.max(64, CpuElementwiseKernels.COSTLY / blocks),
                (from, to) -> {
                    for (int j = from; j < to; j++) {
                        double sum = 0;
                        for (int block = 0; block < blocks; block++) {
                            sum += parts[block * n + j];
                        }
                        out[oi + j] = (float) (sum * factor);
                    }
                });
        pool.give(parts);
    }

    private void addBlock(float[] x, int xi, Axes axes, int start, int end, int n, float[] parts, int at) {
        Arrays.fill(parts, at, at + n, 0f);
        var row = axes.odometer(axes.rank(), start);
        for (int r = start; r < end; r++, row.next()) {
            primitives.binary(Binary.ADD, parts, at, x, xi + row.first(), parts, at, n);
        }
    }
}
