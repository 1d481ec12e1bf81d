package lamella.backend.cpu.matrix;

import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// The product of two matrices in single precision: C = A · B or C += A · B.
///
/// Large products follow Goto and van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", ACM Transactions on Mathematical Software 2008: A and B are cut so that a panel
/// of B stays in the first-level cache, a block of A in the second-level one, and both are packed;
/// transposition is only another way of packing. Narrow products whose factors both run along the
/// reduction, A · Bᵀ of row-major matrices, are computed as dot products and need no packing.
///
/// The way of computing depends on the sizes only, and each element is summed by one thread in the
/// order of the reduction; so the result has the same bits for any number of threads.
public final class Gemm {
    /// Steps of the reduction in a block. A panel of B is then 16 KiB with vectors of 256 bits,
    /// half of a first-level cache; the 64 KiB with 512 bits stream from the second level, which
    /// measured no slower than shallower blocks.
    private static final int DEPTH = 256;

    /// Rows of A that are packed at a time.
    private static final int HEIGHT = 1536;

    /// Rows of a task, a multiple of the rows of a tile: 96 · 256 elements are 96 KiB.
    private static final int TASK_ROWS = 96;

    /// Rows of a task where there would be too few tasks.
    private static final int SMALL_TASK_ROWS = 24;

    /// Tasks that keep a machine busy.
    private static final int TASKS = 8;

    /// Columns of B that are packed at a time.
    private static final int WIDTH = 2048;

    /// Rows or columns up to which dot products beat packing: packing costs about one step for each
    /// element, which a product with many rows and columns makes up for and a narrow one does not.
    private static final int NARROW = 24;

    /// Columns up to which a row-major left factor is read in place: packing it costs about as much as
    /// 40 multiply-adds for each element, which then serves too few columns.
    private static final int IN_PLACE = 512;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Multiplies with these kernels, on these threads, in workspaces of this pool.
    public Gemm(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// Returns the fastest kernels; without `vectors` no class of the Vector API is touched.
    public static GemmKernels kernels(boolean vectors) {
        return vectors ? new GemmKernelsVector() : new GemmKernelsPlain();
    }

    /// Computes `[M, K] · [K, N]`.
    public void multiply(int m, int n, int k, GemmOperand a, GemmOperand b, GemmResult c) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            clear(m, n, c);
        } else if (Math.min(m, n) <= NARROW && runAlongReduction(k, a, b)) {
            dots(m, n, k, a, b, c);
        } else {
            packed(m, n, k, a, b, c);
        }
    }

    /// Tells whether both factors are contiguous along a reduction of at least 4 vectors, below
    /// which summing the lanes outweighs the products.
    private boolean runAlongReduction(int k, GemmOperand a, GemmOperand b) {
        return a.columnStride() == 1 && b.rowStride() == 1 && k >= 4 * kernels.lanes();
    }

    private static void clear(int m, int n, GemmResult c) {
        if (!c.accumulate()) {
            for (int i = 0; i < m; i++) {
                int row = c.offset() + i * c.rowStride();
                Arrays.fill(c.array(), row, row + n, 0);
            }
        }
    }

    private void dots(int m, int n, int k, GemmOperand a, GemmOperand b, GemmResult c) {
        // Tasks are stripes along the longer side, each about a quarter of the work that pays for a
        // thread.
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

    private void packed(int m, int n, int k, GemmOperand a, GemmOperand b, GemmResult c) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int depth = Math.min(k, DEPTH);
        boolean inPlace = n <= IN_PLACE && a.columnStride() == 1;
        float[] packedA = pool.take(inPlace ? 0 : Math.ceilDiv(Math.min(m, HEIGHT), rows) * rows * depth);
        int[] offsets = pool.takeInts(rows);
        for (int i = 0; i < rows; i++) {
            offsets[i] = i * a.rowStride();
        }
        float[] packedB = pool.take(Math.ceilDiv(Math.min(n, WIDTH), columns) * columns * depth);
        try {
            for (int j = 0; j < n; j += WIDTH) {
                int width = Math.min(WIDTH, n - j);
                for (int p = 0; p < k; p += DEPTH) {
                    int steps = Math.min(DEPTH, k - p);
                    int direct = direct(m, width, b);
                    packColumns(b, p, j, direct, steps, width, packedB);
                    for (int i = 0; i < m; i += HEIGHT) {
                        int height = Math.min(HEIGHT, m - i);
                        if (!inPlace) {
                            packRows(a, i, p, height, steps, packedA);
                        }
                        var left = new Left(a, a.at(i, p), inPlace, packedA, offsets);
                        var block =
                                new GemmResult(
                                        c.array(),
                                        c.offset() + i * c.rowStride() + j,
                                        c.rowStride(),
                                        c.accumulate() || p > 0);
                        var right = new Right(b, b.at(p, j), direct, packedB);
                        tiles(height, width, steps, left, right, block);
                    }
                }
            }
        } finally {
            pool.give(packedA);
            pool.give(packedB);
            pool.give(offsets);
        }
    }

    /// The left factor of a block: packed, or read in place.
    ///
    /// @param at where the block begins in place
    /// @param offsets where the rows of a tile begin in place, from its first row on
    private record Left(GemmOperand a, int at, boolean inPlace, float[] packed, int[] offsets) {}

    /// The right factor of a block: its first `direct` columns are read in place.
    private record Right(GemmOperand b, int at, int direct, float[] packed) {}

    /// Returns the columns that are read from B itself: where few rows share them, packing them
    /// costs more than it gains.
    private int direct(int m, int width, GemmOperand b) {
        boolean few = m <= 2 * kernels.rows() && b.columnStride() == 1;
        return few ? width / kernels.columns() * kernels.columns() : 0;
    }

    private void packColumns(GemmOperand b, int p, int j, int from, int steps, int width, float[] packed) {
        int columns = kernels.columns();
        int first = from / columns;
        tasks.run(
                Math.ceilDiv(width, columns) - first,
                GemmPacking.work(b.columnStride(), (long) (width - from) * steps),
                task -> {
                    int panel = first + task;
                    GemmPacking.pack(
                            kernels,
                            b.array(),
                            b.at(p, j + panel * columns),
                            b.columnStride(),
                            b.rowStride(),
                            Math.min(columns, width - panel * columns),
                            steps,
                            columns,
                            packed,
                            panel * columns * steps);
                });
    }

    private void packRows(GemmOperand a, int i, int p, int height, int steps, float[] packed) {
        int rows = kernels.rows();
        tasks.run(
                Math.ceilDiv(height, rows),
                GemmPacking.work(a.rowStride(), (long) height * steps),
                panel ->
                        GemmPacking.pack(
                                kernels,
                                a.array(),
                                a.at(i + panel * rows, p),
                                a.rowStride(),
                                a.columnStride(),
                                Math.min(rows, height - panel * rows),
                                steps,
                                rows,
                                packed,
                                panel * rows * steps));
    }

    private void tiles(int m, int n, int depth, Left left, Right right, GemmResult c) {
        int columns = kernels.columns();
        int panels = Math.ceilDiv(n, columns);
        int down = Math.ceilDiv(m, TASK_ROWS);
        int taskRows = down * panels < TASKS ? SMALL_TASK_ROWS : TASK_ROWS;
        int taskColumns = Math.clamp((long) down * panels / TASKS, 1, 8) * columns;
        int across = Math.ceilDiv(n, taskColumns);
        tasks.run(
                Math.ceilDiv(m, taskRows) * across,
                (long) m * n * depth,
                task -> {
                    int i = task / across * taskRows;
                    int j = task % across * taskColumns;
                    int bottom = Math.min(m, i + taskRows);
                    block(i, bottom, j, Math.min(n, j + taskColumns), depth, left, right, c);
                });
    }

    private void block(int top, int bottom, int first, int end, int depth, Left left, Right right, GemmResult c) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        float[] tile = pool.take(rows * columns);
        try {
            for (int j = first; j < end; j += columns) {
                int wanted = Math.min(columns, end - j);
                boolean direct = j < right.direct();
                float[] b = direct ? right.b().array() : right.packed();
                int bi = direct ? right.at() + j : j * depth;
                int step = direct ? right.b().rowStride() : columns;
                for (int i = top; i < bottom; i += rows) {
                    int height = Math.min(rows, bottom - i);
                    int to = c.offset() + i * c.rowStride() + j;
                    if (!direct && height == rows && wanted == columns) {
                        panel(left, i, depth, b, bi, c, to);
                        continue;
                    }
                    tile(left, i, height, depth, b, bi, step, wanted, tile, 0, columns);
                    if (c.accumulate()) {
                        kernels.add(tile, height, wanted, c.array(), to, c.rowStride());
                    } else {
                        copy(tile, columns, height, wanted, c.array(), to, c.rowStride());
                    }
                }
            }
        } finally {
            pool.give(tile);
        }
    }

    private void panel(Left left, int row, int depth, float[] b, int bi, GemmResult c, int to) {
        float[] before = c.accumulate() ? c.array() : kernels.zeros();
        int at = c.accumulate() ? to : 0;
        int step = c.accumulate() ? c.rowStride() : 0;
        if (left.inPlace()) {
            GemmOperand a = left.a();
            int ai = left.at() + row * a.rowStride();
            kernels.panelInPlace(
                    depth, a.array(), ai, left.offsets(), 0, b, bi, before, at, step, c.array(), to, c.rowStride());
        } else {
            kernels.panel(depth, left.packed(), row * depth, b, bi, before, at, step, c.array(), to, c.rowStride());
        }
    }

    private void tile(
            Left left,
            int row,
            int height,
            int depth,
            float[] b,
            int bi,
            int step,
            int wanted,
            float[] c,
            int ci,
            int stride) {
        if (left.inPlace()) {
            GemmOperand a = left.a();
            int ai = left.at() + row * a.rowStride();
            kernels.outer(depth, a.array(), ai, left.offsets(), 0, height, b, bi, step, wanted, c, ci, stride);
        } else {
            kernels.tile(depth, left.packed(), row * depth, b, bi, step, wanted, c, ci, stride);
        }
    }

    private static void copy(float[] tile, int from, int rows, int columns, float[] c, int to, int stride) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(tile, i * from, c, to + i * stride, columns);
        }
    }
}
