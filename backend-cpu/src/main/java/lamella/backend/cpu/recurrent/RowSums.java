package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Sums over the steps, column by column: blocks of rows in single precision, the blocks in double
/// precision, so that the error does not grow with the number of steps. The blocks depend on the
/// sizes alone.
final class RowSums {
    private static final int BLOCK = 64;
    private static final int CHEAP = 32_768;
    private static final int COLUMNS = 64;

    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;

    RowSums(Workers workers, ArrayPool pool, Primitives primitives) {
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
    }

    /// Sets row 0 of `out` to the sum of the first `count` rows of x.
    void compute(FloatRows x, int count, FloatRows out) {
        int n = out.stride();
        int blocks = Math.ceilDiv(count, BLOCK);
        float[] parts = pool.take(blocks * n);
        workers.split(
                blocks,
                Math.max(1, CHEAP / Math.max(1, BLOCK * n)),
                (from, to) -> {
                    for (int block = from; block < to; block++) {
                        sumBlock(x, block * BLOCK, Math.min(count, (block + 1) * BLOCK), n, parts, block * n);
                    }
                });
        workers.split(
                n,
                Math.max(COLUMNS, CHEAP / Math.max(1, blocks)),
                (from, to) -> {
                    for (int j = from; j < to; j++) {
                        double sum = 0;
                        for (int block = 0; block < blocks; block++) {
                            sum += parts[block * n + j];
                        }
                        out.array()[out.at(0) + j] = (float) sum;
                    }
                });
        pool.give(parts);
    }

    private void sumBlock(FloatRows x, int start, int end, int n, float[] parts, int at) {
        Arrays.fill(parts, at, at + n, 0f);
        for (int row = start; row < end; row++) {
            primitives.binary(Binary.ADD, parts, at, x.array(), x.at(row), parts, at, n);
        }
    }
}
