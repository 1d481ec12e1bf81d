package lamella.backend.cpu.matrix;

import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

/// The right factor of many small products, packed once: as many panels as its columns fill, each as
/// wide as a tile and as deep as the whole reduction.
///
/// [Gemm] packs its factors anew for each product, which a product with few rows does not make up for.
///
/// @param kernels what packed it and multiplies
/// @param depth steps of the reduction
/// @param columns columns of the factor
/// @param packed the panels, one behind the other; from the pool, where the owner gives it back
public record GemmPanels(GemmKernels kernels, int depth, int columns, float[] packed) {
    /// Packs a `[depth, columns]` factor into an array of the pool.
    public static GemmPanels pack(
            GemmKernels kernels, Workers workers, ArrayPool pool, int depth, int columns, GemmOperand b) {
        int width = kernels.columns();
        int panels = Math.ceilDiv(columns, width);
        float[] packed = pool.take(panels * width * depth);
        new GemmTasks(workers)
                .run(
                        panels,
                        GemmPacking.work(b.columnStride(), (long) columns * depth),
                        panel ->
                                GemmPacking.pack(
                                        kernels,
                                        b.array(),
                                        b.at(0, panel * width),
                                        b.columnStride(),
                                        b.rowStride(),
                                        Math.min(width, columns - panel * width),
                                        depth,
                                        width,
                                        packed,
                                        panel * width * depth));
        return new GemmPanels(kernels, depth, columns, packed);
    }

    /// Returns the elements from one row of a product to the next: whole tiles.
    public int stride() {
        return Math.ceilDiv(columns, kernels.columns()) * kernels.columns();
    }

    /// Returns how many rows [#multiply] writes for `rows` wanted ones: whole tiles.
    public int height(int rows) {
        return Math.ceilDiv(rows, kernels.rows()) * kernels.rows();
    }

    /// Computes the product of a few rows with this factor, on the calling thread.
    ///
    /// @param a the left factor, row i of which begins at `offsets[i]`
    /// @param c gets the product, row i at `i · stride()`; what lies behind the wanted rows and columns
    ///     is overwritten too, up to [#height] rows
    public void multiply(int rows, float[] a, int[] offsets, float[] c) {
        int width = kernels.columns();
        int stride = stride();
        for (int j = 0; j < columns; j += width) {
            for (int i = 0; i < rows; i += kernels.rows()) {
                int to = i * stride + j;
                int wanted = rows - i;
                if (wanted >= kernels.rows()) {
                    kernels.panelInPlace(
                            depth, a, 0, offsets, i, packed, j * depth, kernels.zeros(), 0, 0, c, to, stride);
                } else {
                    kernels.outer(depth, a, 0, offsets, i, wanted, packed, j * depth, width, width, c, to, stride);
                }
            }
        }
    }
}
