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
    /// Rows or columns up to which dot products beat packing: packing costs about one step for each
    /// element, which a product with many rows and columns makes up for and a narrow one does not.
    private static final int NARROW = 24;

    private final GemmKernels kernels;
    private final GemmNarrow narrow;
    private final GemmBlocks blocks;

    /// Multiplies with these kernels, on these threads, in workspaces of this pool.
    public Gemm(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        var tasks = new GemmTasks(workers);
        this.narrow = new GemmNarrow(kernels, tasks, pool);
        this.blocks = new GemmBlocks(kernels, tasks, pool);
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
        } else if (narrow(m, n, k, a, b)) {
            narrow.multiply(m, n, k, a, b, c);
        } else {
            var start = c.accumulate() ? GemmBlocks.Start.of(c) : GemmBlocks.Start.zeros(kernels);
            blocks.multiply(m, n, k, a, b, start, c);
        }
    }

    /// Computes `row + [M, K] · [K, N]`: the row, `row[at]` and so on, is added to each row of the product.
    ///
    /// @param c must not accumulate
    public void multiply(int m, int n, int k, GemmOperand a, GemmOperand b, float[] row, int at, GemmResult c) {
        if (m > 0 && n > 0 && k > 0 && !narrow(m, n, k, a, b)) {
            blocks.multiply(m, n, k, a, b, GemmBlocks.Start.row(row, at), c);
            return;
        }
        for (int i = 0; i < m; i++) {
            System.arraycopy(row, at, c.array(), c.offset() + i * c.rowStride(), n);
        }
        multiply(m, n, k, a, b, new GemmResult(c.array(), c.offset(), c.rowStride(), true));
    }

    private boolean narrow(int m, int n, int k, GemmOperand a, GemmOperand b) {
        return Math.min(m, n) <= NARROW && runAlongReduction(k, a, b);
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
}
