package lamella.backend.cpu.matrix;

import lamella.backend.cpu.runtime.ArrayPool;

/// Products in blocks: B a block of the reduction and of its columns at a time, A a block of its rows at
/// a time, both packed by all threads; then tasks, each a block of the result.
///
/// The rows of a task times the reduction of a block are what a second-level cache holds of A, about
/// 100 KiB; a panel of B, up to 32 KiB, passes through the first level. Deep blocks of few rows beat
/// shallow ones of many, because each block but the first reads the result again: 512 x 48 reaches 94
/// GFLOP/s of the tile's 96, 256 x 96 91 (one Zen 3 core, 1024 columns).
final class GemmBlocks {
    /// Elements of the panel of B that a block of the reduction makes, 32 KiB: 512 steps of 16 columns, 1024 of 8.
    /// Panels of 64 columns, with vectors of 512 bits, stream from the second level anyway, see [#SHALLOWEST].
    private static final int PANEL = 8192;

    /// Steps that a block of the reduction may have for all widths.
    private static final int SHALLOWEST = 256;

    /// Elements of A in a task: 96 KiB.
    private static final int TASK = 24 * 1024;

    /// Rows of A that are packed at a time.
    private static final int HEIGHT = 768;

    /// Columns of B that are packed at a time.
    private static final int WIDTH = 2048;

    /// Rows of a task where there would be too few tasks.
    private static final int SMALL_TASK_ROWS = 24;

    /// Tasks that keep a machine busy.
    private static final int TASKS = 8;

    /// Columns up to which a row-major left factor is read in place: packing it costs about as much as
    /// 25 multiply-adds for each element, and reading in place 2 % of them.
    private static final int IN_PLACE = 512;

    /// Left panels that are packed together.
    private static final int TOGETHER = 4;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    GemmBlocks(GemmKernels kernels, GemmTasks tasks, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = tasks;
        this.pool = pool;
    }

    /// Returns the steps of a block of the reduction: as few blocks as there can be, all about equal.
    private int depth(int k) {
        int most = Math.max(SHALLOWEST, PANEL / kernels.columns());
        int blocks = Math.ceilDiv(k, most);
        return Math.ceilDiv(Math.ceilDiv(k, blocks), 8) * 8;
    }

    /// Computes `[M, K] · [K, N]`.
    void multiply(int m, int n, int k, GemmOperand a, GemmOperand b, GemmResult c) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int deep = depth(k);
        int depth = Math.min(k, deep);
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
                for (int p = 0; p < k; p += deep) {
                    int steps = Math.min(deep, k - p);
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
        int rows = TOGETHER * kernels.rows();
        tasks.run(
                Math.ceilDiv(height, rows),
                GemmPacking.work(a.rowStride(), (long) height * steps),
                task ->
                        GemmPacking.packRows(
                                kernels,
                                a.array(),
                                a.at(i + task * rows, p),
                                a.rowStride(),
                                a.columnStride(),
                                Math.min(rows, height - task * rows),
                                steps,
                                packed,
                                task * rows * steps));
    }

    private void tiles(int m, int n, int depth, Left left, Right right, GemmResult c) {
        int columns = kernels.columns();
        int panels = Math.ceilDiv(n, columns);
        int most = Math.max(SMALL_TASK_ROWS, TASK / depth / SMALL_TASK_ROWS * SMALL_TASK_ROWS);
        int down = Math.ceilDiv(m, most);
        int taskRows = down * panels < TASKS ? SMALL_TASK_ROWS : most;
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
        float touched = 0;
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
                        if (c.accumulate()) {
                            touched += touch(rows, c.array(), to, c.rowStride());
                        }
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
            tile[0] = touched;
        } finally {
            pool.give(tile);
        }
    }

    /// Fetches the rows of a tile into the cache while the products are made. Each lies in another page,
    /// so that the processor does not foresee it: 93 instead of 88 GFLOP/s with a depth of 384.
    ///
    /// @return a number that depends on all rows, for the caller to keep: otherwise C2 leaves the loads out
    private static float touch(int rows, float[] c, int to, int stride) {
        float sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += c[to + i * stride];
        }
        return sum;
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
