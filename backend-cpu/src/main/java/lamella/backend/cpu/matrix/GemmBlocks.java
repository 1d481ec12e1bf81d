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

    /// Computes `start + [M, K] · [K, N]`.
    void multiply(int m, int n, int k, GemmOperand a, GemmOperand b, Start start, GemmResult c) {
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
                        var right = new Right(b, b.at(p, j), direct, packedB);
                        var before = p > 0 ? Start.of(c) : start;
                        int at = c.offset() + i * c.rowStride() + j;
                        var block = new Block(steps, left, right, before.from(i, j), c.array(), at, c.rowStride());
                        tiles(height, width, block);
                    }
                }
            }
        } finally {
            pool.give(packedA);
            pool.give(packedB);
            pool.give(offsets);
        }
    }

    /// What a product is added to: element (i, j) is `array[offset + i · rowStep + j · columnStep]`.
    record Start(float[] array, int offset, int rowStep, int columnStep) {
        /// Returns what is in the result already.
        static Start of(GemmResult c) {
            return new Start(c.array(), c.offset(), c.rowStride(), 1);
        }

        /// Returns a row that is added to each row.
        static Start row(float[] array, int offset) {
            return new Start(array, offset, 0, 1);
        }

        /// Returns nothing.
        static Start zeros(GemmKernels kernels) {
            return new Start(kernels.zeros(), 0, 0, 0);
        }

        boolean nothing() {
            return columnStep == 0;
        }

        int at(int row, int column) {
            return offset + row * rowStep + column * columnStep;
        }

        Start from(int row, int column) {
            return new Start(array, at(row, column), rowStep, columnStep);
        }
    }

    /// A block of the result, whose element (i, j) is `c[to + i · stride + j]`, and what it is made of.
    private record Block(int depth, Left left, Right right, Start start, float[] c, int to, int stride) {
        int at(int row, int column) {
            return to + row * stride + column;
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

    private void tiles(int m, int n, Block block) {
        int columns = kernels.columns();
        int panels = Math.ceilDiv(n, columns);
        int most = Math.max(SMALL_TASK_ROWS, TASK / block.depth() / SMALL_TASK_ROWS * SMALL_TASK_ROWS);
        int down = Math.ceilDiv(m, most);
        int taskRows = down * panels < TASKS ? SMALL_TASK_ROWS : most;
        int taskColumns = Math.clamp((long) down * panels / TASKS, 1, 8) * columns;
        int across = Math.ceilDiv(n, taskColumns);
        tasks.run(
                Math.ceilDiv(m, taskRows) * across,
                (long) m * n * block.depth(),
                task -> {
                    int i = task / across * taskRows;
                    int j = task % across * taskColumns;
                    compute(i, Math.min(m, i + taskRows), j, Math.min(n, j + taskColumns), block);
                });
    }

    private void compute(int top, int bottom, int first, int end, Block block) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        float[] tile = pool.take(rows * columns);
        float touched = 0;
        try {
            for (int j = first; j < end; j += columns) {
                int wanted = Math.min(columns, end - j);
                boolean whole = wanted == columns && j >= block.right().direct();
                for (int i = top; i < bottom; i += rows) {
                    int height = Math.min(rows, bottom - i);
                    if (whole && height == rows) {
                        touched += block.start().rowStep() == 0 ? 0 : touch(rows, block, i, j);
                        panel(i, j, block);
                    } else {
                        edge(i, height, j, wanted, block, tile);
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
    private static float touch(int rows, Block block, int top, int column) {
        float sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += block.c()[block.at(top + i, column)];
        }
        return sum;
    }

    /// Computes a whole tile of a packed right factor.
    private void panel(int i, int j, Block block) {
        int depth = block.depth();
        Left left = block.left();
        float[] b = block.right().packed();
        Start start = block.start();
        int at = start.at(i, j);
        int to = block.at(i, j);
        if (left.inPlace()) {
            float[] a = left.a().array();
            int ai = left.at() + i * left.a().rowStride();
            kernels.panelInPlace(
                    depth,
                    a,
                    ai,
                    left.offsets(),
                    0,
                    b,
                    j * depth,
                    start.array(),
                    at,
                    start.rowStep(),
                    block.c(),
                    to,
                    block.stride());
        } else {
            kernels.panel(
                    depth,
                    left.packed(),
                    i * depth,
                    b,
                    j * depth,
                    start.array(),
                    at,
                    start.rowStep(),
                    block.c(),
                    to,
                    block.stride());
        }
    }

    /// Computes a part of a tile, or one whose right factor is read in place: by way of a whole tile apart,
    /// unless a whole one is wanted and there is nothing to add it to.
    private void edge(int i, int height, int j, int wanted, Block block, float[] tile) {
        int columns = kernels.columns();
        int at = block.at(i, j);
        if (block.start().nothing() && height == kernels.rows() && wanted == columns) {
            tile(i, height, j, wanted, block, block.c(), at, block.stride());
            return;
        }
        tile(i, height, j, wanted, block, tile, 0, columns);
        Start start = block.start();
        if (start.nothing()) {
            for (int r = 0; r < height; r++) {
                System.arraycopy(tile, r * columns, block.c(), at + r * block.stride(), wanted);
            }
            return;
        }
        if (start.array() != block.c()) {
            for (int r = 0; r < height; r++) {
                System.arraycopy(start.array(), start.at(i + r, j), block.c(), at + r * block.stride(), wanted);
            }
        }
        kernels.add(tile, height, wanted, block.c(), at, block.stride());
    }

    private void tile(int i, int height, int j, int wanted, Block block, float[] c, int ci, int stride) {
        int depth = block.depth();
        Left left = block.left();
        Right right = block.right();
        boolean direct = j < right.direct();
        float[] b = direct ? right.b().array() : right.packed();
        int bi = direct ? right.at() + j : j * depth;
        int step = direct ? right.b().rowStride() : kernels.columns();
        if (left.inPlace()) {
            float[] a = left.a().array();
            int ai = left.at() + i * left.a().rowStride();
            kernels.outer(depth, a, ai, left.offsets(), 0, height, b, bi, step, wanted, c, ci, stride);
        } else {
            kernels.tile(depth, left.packed(), i * depth, b, bi, step, wanted, c, ci, stride);
        }
    }
}
