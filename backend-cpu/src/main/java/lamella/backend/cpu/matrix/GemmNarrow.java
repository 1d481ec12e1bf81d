package lamella.backend.cpu.matrix;

import lamella.backend.cpu.runtime.ArrayPool;

/// Narrow products whose factors both run along the reduction, as dot products: nothing is packed.
///
/// Tasks are stripes along the longer side, each about a quarter of the work that pays for a thread.
final class GemmNarrow {
    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    GemmNarrow(GemmKernels kernels, GemmTasks tasks, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = tasks;
        this.pool = pool;
    }

    /// Computes `[M, K] · [K, N]` where `a` is contiguous along its rows and `b` along its columns.
    void multiply(int m, int n, int k, GemmOperand a, GemmOperand b, GemmResult c) {
        int size = Math.max(m, n);
        int step = m >= n ? kernels.dotRows() : kernels.dotColumns();
        long lines = Math.max(1, GemmTasks.WORTH / 4 / ((long) Math.min(m, n) * k));
        int stripe = (int) Math.min(size, Math.ceilDiv(lines, step) * step);
        int[] offsets = pool.takeInts(n);
        try {
            for (int j = 0; j < n; j++) {
                offsets[j] = j * b.columnStride();
            }
            tasks.run(
                    Math.ceilDiv(size, stripe),
                    (long) m * n * k,
                    task -> {
                        int first = task * stripe;
                        int last = Math.min(size, first + stripe);
                        if (m >= n) {
                            dotBlock(first, last, 0, n, k, a, b, offsets, c);
                        } else {
                            dotBlock(0, m, first, last, k, a, b, offsets, c);
                        }
                    });
        } finally {
            pool.give(offsets);
        }
    }

    private void dotBlock(
            int top, int bottom, int left, int end, int k, GemmOperand a, GemmOperand b, int[] offsets, GemmResult c) {
        int height = kernels.dotRows();
        int width = kernels.dotColumns();
        float[] sums = pool.take(height * width * kernels.lanes());
        try {
            for (int i = top; i < bottom; i += height) {
                int rows = Math.min(height, bottom - i);
                for (int j = left; j < end; j += width) {
                    int columns = Math.min(width, end - j);
                    kernels.dots(
                            k,
                            1,
                            a.array(),
                            a.at(i, 0),
                            a.rowStride(),
                            0,
                            rows,
                            b.array(),
                            b.offset(),
                            offsets,
                            j,
                            0,
                            columns,
                            sums);
                    storeDots(sums, rows, columns, width, i, j, c);
                }
            }
        } finally {
            pool.give(sums);
        }
    }

    private static void storeDots(float[] sums, int rows, int columns, int width, int i, int j, GemmResult c) {
        float[] array = c.array();
        for (int r = 0; r < rows; r++) {
            int to = c.offset() + (i + r) * c.rowStride() + j;
            for (int s = 0; s < columns; s++) {
                float sum = sums[r * width + s];
                array[to + s] = c.accumulate() ? array[to + s] + sum : sum;
            }
        }
    }
}
