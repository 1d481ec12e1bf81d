package lamella.backend.cpu.matrix;

/// The innermost loops of matrix products and convolutions: small blocks of the result, held in
/// registers while the reduction runs.
///
/// A tile has [#rows()] rows and [#columns()] columns. Its left factor is packed: step p of the
/// reduction reads `rows()` consecutive elements, one for each row. Its right factor is read a
/// stretch of up to `columns()` elements for each step. All elements of a result are summed in the
/// order of p, so that the result does not depend on how the work is cut.
public interface GemmKernels {
    /// Returns the rows of a tile.
    int rows();

    /// Returns the columns of a tile, a multiple of [#lanes()].
    int columns();

    /// Returns the columns that are computed at once.
    int lanes();

    /// Returns the rows of a block of [#dots].
    int dotRows();

    /// Returns the columns of a block of [#dots].
    int dotColumns();

    /// Returns a row of zeros for [#panel]: what a tile is added to where there is nothing yet.
    float[] zeros();

    /// Returns how many columns [#tile] and [#gather] write for `columns` wanted ones.
    int written(int columns);

    /// c[ci + i·stride + j] = Σ a[ai + rows()·p + i] · b[bi + step·p + j], p < depth, for all rows
    /// of a tile and [#written] columns.
    void tile(int depth, float[] a, int ai, float[] b, int bi, int step, int columns, float[] c, int ci, int stride);

    /// c[ci + i·stride + j] = before[at + i·step + j] + Σ a[ai + rows()·p + i] · b[bi + columns()·p +
    /// j], p < depth, for a whole tile of packed factors. `before` may be `c`.
    void panel(
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
            int stride);

    /// c[ci + i·stride + j] = before[at + i·step + j] + Σ a[ai + offsets[oi + i] + p] · b[bi +
    /// columns()·p + j], p < depth, for a whole tile of a packed right factor. `before` may be `c`.
    void panelInPlace(
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
            int stride);

    /// c[ci + i·stride + j] = Σ a[ai + rows()·p + i] · b[bi + offsets[oi + p] + j], p < depth, for
    /// all rows of a tile and [#written] columns.
    void gather(
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
            int stride);

    /// c[ci + i·stride + j] = Σ a[ai + offsets[oi + i] + p] · b[bi + step·p + j], p < depth, for
    /// all rows of a tile and [#written] columns. The rows from `rows` on are copies of the last
    /// wanted one.
    void outer(
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
            int stride);

    /// c[ci + i·stride + j] += tile[i·columns() + j] for i < rows, j < columns.
    void add(float[] tile, int rows, int columns, float[] c, int ci, int stride);

    /// c[ci + offsets[oi + i] + j] += tile[i·columns() + j] for i < rows, j < columns.
    void addAt(float[] tile, int rows, int columns, float[] c, int ci, int[] offsets, int oi);

    /// panel[to + p·width + i] = x[at + p·along + i], i < width, p < depth: packs what is contiguous in
    /// each step.
    ///
    /// @param width [#rows()] or [#columns()]
    void copyPanel(float[] x, int at, int along, int depth, int width, float[] panel, int to);

    /// Packs the first rows of a left factor, as many groups of some whole panels as there are: element p
    /// of row i at `to + (i / rows() · depth + p) · rows() + i % rows()`.
    ///
    /// @param along elements from one step to the next; rows are next to each other
    /// @return how many rows are packed, a multiple of [#rows()]; 0 where this is no faster than [#copyPanel]
    int copyPanels(float[] x, int at, int along, int depth, int rows, float[] panels, int to);

    /// panel[to + p·width + i] = x[at + i·across + p], i < rows, for the first steps p: packs what is
    /// contiguous along the reduction.
    ///
    /// @return how many steps are packed; 0 where there is no faster way than a plain loop
    int turnPanel(float[] x, int at, int across, int rows, int depth, int width, float[] panel, int to);

    /// sums[i · dotColumns() + j] = Σ a[i, s, p] · b[j, s, p] over the segments s and the steps p <
    /// depth, where row i of a starts at `ai + i·aStride + s·aSegment` and column j of b at `bi +
    /// offsets[oi + j] + s·bSegment`.
    ///
    /// The rows from `rows` on and the columns from `columns` on are copies of the last wanted one.
    /// With several segments, depth must be a multiple of [#lanes()].
    ///
    /// @param sums workspace of at least dotRows() · dotColumns() · lanes() elements
    void dots(
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
            float[] sums);
}
