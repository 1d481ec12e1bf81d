package lamella.backend.cpu.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The kernels on the Vector API; see [GemmTile], [GemmPanelTile], [GemmPanelOuter],
/// [GemmGather], [GemmOuter], [GemmDots],
/// [GemmCopies] and [GemmTurns] for why they look as they do. Only this class and those name a type of the Vector API.
final class GemmKernelsVector implements GemmKernels {
    /// The widest species, but no more than 512 bits, for which the folds of [GemmDots] suffice.
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    static final int ROWS = 6;

    /// Columns of a tile: 24 sums need the 32 registers that come with vectors of 512 bits.
    static final int COLUMNS = (SPECIES.length() == 16 ? 4 : 2) * SPECIES.length();

    private static final VectorSpecies<Float> S = SPECIES;
    private static final int LANES = S.length();
    private static final float[] ZEROS = new float[COLUMNS];

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
        return LANES;
    }

    @Override
    public int dotRows() {
        return GemmDots.ROWS;
    }

    @Override
    public int dotColumns() {
        return GemmDots.COLUMNS;
    }

    @Override
    public float[] zeros() {
        return ZEROS;
    }

    @Override
    public int written(int columns) {
        return columns <= LANES ? LANES : columns <= 2 * LANES ? 2 * LANES : COLUMNS;
    }

    @Override
    public void tile(
            int depth, float[] a, int ai, float[] b, int bi, int step, int columns, float[] c, int ci, int stride) {
        GemmTile.tile(depth, a, ai, b, bi, step, columns, c, ci, stride);
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
        GemmPanelTile.panel(depth, a, ai, b, bi, before, at, step, c, ci, stride);
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
        GemmPanelOuter.panel(depth, a, ai, offsets, oi, b, bi, before, at, step, c, ci, stride);
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
        GemmGather.gather(depth, a, ai, b, bi, offsets, oi, columns, c, ci, stride);
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
        GemmOuter.outer(depth, a, ai, offsets, oi, rows, b, bi, step, columns, c, ci, stride);
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
        int j = 0;
        for (; j + LANES <= columns; j += LANES) {
            FloatVector v = FloatVector.fromArray(S, tile, from + j);
            v.add(FloatVector.fromArray(S, c, to + j)).intoArray(c, to + j);
        }
        for (; j < columns; j++) {
            c[to + j] += tile[from + j];
        }
    }

    @Override
    public void copyPanel(float[] x, int at, int along, int depth, int width, float[] panel, int to) {
        GemmCopies.copyPanel(x, at, along, depth, width, panel, to);
    }

    @Override
    public int copyPanels(float[] x, int at, int along, int depth, int rows, float[] panels, int to) {
        return GemmCopies.copyPanels(x, at, along, depth, rows, panels, to);
    }

    @Override
    public int turnPanel(float[] x, int at, int across, int rows, int depth, int width, float[] panel, int to) {
        return GemmTurns.turnPanel(x, at, across, rows, depth, width, panel, to);
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
        GemmDots.dots(depth, segments, a, ai, aStride, aSegment, rows, b, bi, offsets, oi, bSegment, columns, sums);
    }
}
