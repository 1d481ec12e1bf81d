package lamella.backend.cpu.recurrent;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmPacking;
import lamella.backend.cpu.matrix.GemmResult;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

/// Products that are summed over all steps, the gradients of weights: out = bᵀ · a for matrices with a
/// row for each step.
///
/// The result is small and the sum is long, so the tasks are parts of the sum, each a product on one
/// thread; their results are added in order. That takes two barriers, where a product on all threads
/// takes three for each 256 steps. Each part is computed as aᵀ · b and turned at the end: b, the wider
/// one, is packed faster as a right factor. The parts depend on the number of steps alone.
final class StepProducts {
    /// Steps that [Gemm] takes at once.
    private static final int BLOCK = 256;

    private static final int MOST_PARTS = 16;

    /// Elements of the result that are worth a task.
    private static final int WORTH = 4 * 1024;

    private final GemmKernels kernels;
    private final Workers workers;
    private final ArrayPool pool;
    private final Primitives primitives;
    private final Gemm gemm;

    StepProducts(GemmKernels kernels, Workers workers, ArrayPool pool, Primitives primitives) {
        this.kernels = kernels;
        this.workers = workers;
        this.pool = pool;
        this.primitives = primitives;
        this.gemm = new Gemm(kernels, workers, pool);
    }

    /// Sets `[columns, width]` elements from `out[at]` on.
    ///
    /// @param steps rows of a and b
    /// @param a the left factor, all its columns: the width
    /// @param columns of b
    void compute(int steps, FloatRows a, FloatRows b, int columns, float[] out, int at) {
        int width = a.stride();
        int size = width * columns;
        int blocks = Math.max(1, Math.ceilDiv(steps, BLOCK));
        int length = BLOCK * Math.ceilDiv(blocks, MOST_PARTS);
        int parts = Math.max(1, Math.ceilDiv(steps, length));
        float[] sums = pool.take(parts * size);
        new GemmTasks(workers)
                .run(
                        parts,
                        (long) steps * size,
                        part -> {
                            int start = part * length;
                            gemm.multiply(
                                    width,
                                    columns,
                                    Math.min(length, steps - start),
                                    new GemmOperand(a.array(), a.at(start), 1, a.stride()),
                                    new GemmOperand(b.array(), b.at(start), b.stride(), 1),
                                    new GemmResult(sums, part * size, columns, false));
                        });
        workers.split(
                columns,
                Math.max(kernels.lanes(), WORTH / Math.max(1, width)),
                (from, to) -> {
                    add(sums, parts, width, columns, from, to);
                    int depth = to - from;
                    GemmPacking.pack(kernels, sums, from, columns, 1, width, depth, width, out, at + from * width);
                });
        pool.give(sums);
    }

    /// Adds the columns `from` to `to - 1` of all parts to those of the first.
    private void add(float[] sums, int parts, int width, int columns, int from, int to) {
        for (int row = 0; row < width; row++) {
            int sum = row * columns + from;
            for (int part = 1; part < parts; part++) {
                int other = sum + part * width * columns;
                primitives.binary(Binary.ADD, sums, sum, sums, other, sums, sum, to - from);
            }
        }
    }
}
