package lamella.backend.cuda.kernel;

import lamella.backend.IndexKernels;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.IndexedOp;
import lamella.backend.cuda.runtime.Kernel;

/// Access by index. An index outside the table is noticed by the kernel, so it is thrown when the program
/// next waits for the device; the row it names is taken as −1.
public final class CudaIndexKernels implements IndexKernels {
    /// Elements of the table that a block of scatterAdd sums: CELLS in `index.cu`.
    private static final int CELL_BITS = 12;

    private static final int MOST_COLUMN_BITS = 6;

    /// From this number of blocks on, a device is busy.
    private static final int BUSY = 512;

    /// Indices of a block below which they are not shared out further.
    private static final int LEAST = 256;

    private static final int THREAD_BITS = Tiles.log(Device.THREADS);
    private static final int WARP_BITS = 5;
    private static final int BUSY_THREADS = BUSY * Device.THREADS;

    private final Device device;
    private final KernelFile kernels;
    private final Reductions reductions;

    /// Makes the kernels of a device.
    public CudaIndexKernels(Device device) {
        this.device = device;
        kernels = new KernelFile(device, "index");
        reductions = new Reductions(device);
    }

    @Override
    public void gather(View table, View indices, View out) {
        int count = indices.size();
        if (count == 0) {
            return;
        }
        int width = table.dim(1);
        int laneBits = lanes(count, width);
        kernels.blocks(
                "gather",
                Tiles.rowBlocks(count, laneBits),
                CudaStorage.address(out),
                CudaStorage.address(table),
                CudaStorage.address(indices),
                count,
                table.dim(0),
                width,
                laneBits,
                device.indexError(IndexedOp.GATHER));
    }

    /// Returns the logarithm of the threads for a row: a warp, or more where rows are few and long.
    private static int lanes(int count, int width) {
        int most = Math.min(THREAD_BITS, Tiles.log(width));
        int bits = Math.min(WARP_BITS, most);
        while (bits < most && (long) count << bits < BUSY_THREADS) {
            bits++;
        }
        return bits;
    }

    @Override
    public void scatterAdd(View x, View indices, View out) {
        int count = indices.size();
        int rows = out.dim(0);
        int width = out.dim(1);
        if (count == 0 && out.size() == 0) {
            return;
        }
        int columnBits = Math.min(MOST_COLUMN_BITS, Tiles.log(width));
        int columns = Math.max(1, Math.ceilDiv(width, 1 << columnBits));
        // also for a table without elements there is a block: it looks at the indices
        int blocks = columns * Math.max(1, Math.ceilDiv(rows, 1 << CELL_BITS - columnBits));
        int most = Math.max(1, Math.min(BUSY / blocks, count / LEAST));
        int chunk = Math.max(1, Math.ceilDiv(count, most));
        int parts = Math.max(1, Math.ceilDiv(count, chunk));
        long target = CudaStorage.address(out);
        if (parts == 1 || out.size() == 0) {
            scatterAdd(x, indices, target, rows, width, columnBits, columns, blocks, parts, chunk);
            return;
        }
        // a small table and many indices: blocks sum ranges of the positions, in their order
        try (var sums = device.scratch((long) parts * out.size() * Float.BYTES)) {
            scatterAdd(x, indices, sums.address(), rows, width, columnBits, columns, blocks * parts, parts, chunk);
            reductions.reduce(Reduction.SUM, sums.address(), 1, parts, out.size(), target, 1);
        }
    }

    private void scatterAdd(
            View x,
            View indices,
            long target,
            int rows,
            int width,
            int columnBits,
            int columns,
            int blocks,
            int parts,
            int chunk) {
        kernels.blocks(
                "scatter_add",
                blocks,
                target,
                CudaStorage.address(x),
                CudaStorage.address(indices),
                Kernel.pair(indices.size(), rows),
                Kernel.pair(width, columnBits),
                Kernel.pair(columns, parts),
                Kernel.pair(chunk, 0),
                device.indexError(IndexedOp.SCATTER_ADD));
    }
}
