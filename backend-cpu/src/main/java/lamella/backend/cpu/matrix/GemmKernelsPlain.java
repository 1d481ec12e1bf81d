package lamella.backend.cpu.matrix;

import java.util.Arrays;

/// The kernels as plain loops, for a JVM where the Vector API is not readable.
///
/// The row of a tile is one short loop over arrays, which C2 turns into vector instructions; the
/// sums stay in memory, so that this is several times slower than [GemmKernelsVector].
final class GemmKernelsPlain implements GemmKernels {
    private static final int ROWS = 4;
    private static final int COLUMNS = 16;
    private static final float[] ZEROS = new float[COLUMNS];
    private static final int DOT_ROWS = 2;
    private static final int DOT_COLUMNS = 2;

    @Override
    public int rows() {
        return ROWS;
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    @Override
    public int lanes() {
        return COLUMNS;
    }

    @Override
    public int dotRows() {
        return DOT_ROWS;
    }

    @Override
    public int dotColumns() {
        return DOT_COLUMNS;
    }

    @Override
    public float[] zeros() {
        return ZEROS;
    }

    @Override
    public int written(int columns) {
        return COLUMNS;
    }

    @Override
    public void tile(
            int depth, float[] a, int ai, float[] b, int bi, int step, int columns, float[] c, int ci, int stride) {
        clear(c, ci, stride);
        for (int p = 0; p < depth; p++) {
            add(a, ai + p * ROWS, b, bi + p * step, c, ci, stride);
        }
    }

    @Override
    public void panel(
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        start(before, at, step, c, ci, stride);
        for (int p = 0; p < depth; p++) {
            add(a, ai + p * ROWS, b, bi + p * COLUMNS, c, ci, stride);
        }
    }

    @Override
    public void panelInPlace(
            int depth,
            float[] a,
            int ai,
            int[] offsets,
            int oi,
            float[] b,
            int bi,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        start(before, at, step, c, ci, stride);
        for (int i = 0; i < ROWS; i++) {
            multiplyRow(depth, a, ai + offsets[oi + i], b, bi, COLUMNS, c, ci + i * stride);
        }
    }

    private static void start(float[] before, int at, int step, float[] c, int ci, int stride) {
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(before, at + i * step, c, ci + i * stride, COLUMNS);
        }
    }

    @Override
    public void gather(
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            int[] offsets,
            int oi,
            int columns,
            float[] c,
            int ci,
            int stride) {
        clear(c, ci, stride);
        for (int p = 0; p < depth; p++) {
            add(a, ai + p * ROWS, b, bi + offsets[oi + p], c, ci, stride);
        }
    }

    @Override
    public void outer(
            int depth,
            float[] a,
            int ai,
            int[] offsets,
            int oi,
            int rows,
            float[] b,
            int bi,
            int step,
            int columns,
            float[] c,
            int ci,
            int stride) {
        clear(c, ci, stride);
        for (int i = 0; i < ROWS; i++) {
            multiplyRow(depth, a, ai + offsets[oi + Math.min(i, rows - 1)], b, bi, step, c, ci + i * stride);
        }
    }

    private static void multiplyRow(int depth, float[] a, int from, float[] b, int bi, int step, float[] c, int to) {
        for (int p = 0; p < depth; p++) {
            float x = a[from + p];
            int row = bi + p * step;
            for (int j = 0; j < COLUMNS; j++) {
                c[to + j] += x * b[row + j];
            }
        }
    }

    private static void clear(float[] c, int ci, int stride) {
        for (int i = 0; i < ROWS; i++) {
            Arrays.fill(c, ci + i * stride, ci + i * stride + COLUMNS, 0);
        }
    }

    private static void add(float[] a, int ai, float[] b, int bi, float[] c, int ci, int stride) {
        for (int i = 0; i < ROWS; i++) {
            float x = a[ai + i];
            int row = ci + i * stride;
            for (int j = 0; j < COLUMNS; j++) {
                c[row + j] += x * b[bi + j];
            }
        }
    }

    @Override
    public void add(float[] tile, int rows, int columns, float[] c, int ci, int stride) {
        for (int i = 0; i < rows; i++) {
            addRow(tile, i * COLUMNS, columns, c, ci + i * stride);
        }
    }

    @Override
    public void addAt(float[] tile, int rows, int columns, float[] c, int ci, int[] offsets, int oi) {
        for (int i = 0; i < rows; i++) {
            addRow(tile, i * COLUMNS, columns, c, ci + offsets[oi + i]);
        }
    }

    private static void addRow(float[] tile, int from, int columns, float[] c, int to) {
        for (int j = 0; j < columns; j++) {
            c[to + j] += tile[from + j];
        }
    }

    @Override
    public void copyPanel(float[] x, int at, int along, int depth, int width, float[] panel, int to) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(x, at + p * along, panel, to + p * width, width);
        }
    }

    @Override
    public int copyPanels(float[] x, int at, int along, int depth, int rows, float[] panels, int to) {
        return 0;
    }

    @Override
    public int turnPanel(float[] x, int at, int across, int rows, int depth, int width, float[] panel, int to) {
        return 0;
    }

    @Override
    public void dots(
            int depth,
            int segments,
            float[] a,
            int ai,
            int aStride,
            int aSegment,
            int rows,
            float[] b,
            int bi,
            int[] offsets,
            int oi,
            int bSegment,
            int columns,
            float[] sums) {
        int a1 = Math.min(1, rows - 1) * aStride;
        int b0 = offsets[oi];
        int b1 = offsets[oi + Math.min(1, columns - 1)];
        float s00 = 0;
        float s01 = 0;
        float s10 = 0;
        float s11 = 0;
        for (int segment = 0; segment < segments; segment++) {
            int ay = ai + segment * aSegment;
            int by = bi + segment * bSegment;
            for (int p = 0; p < depth; p++) {
                float x0 = a[ay + p];
                float x1 = a[ay + a1 + p];
                float y0 = b[by + b0 + p];
                float y1 = b[by + b1 + p];
                s00 += x0 * y0;
                s01 += x0 * y1;
                s10 += x1 * y0;
                s11 += x1 * y1;
            }
        }
        sums[0] = s00;
        sums[1] = s01;
        sums[2] = s10;
        sums[3] = s11;
    }
}
