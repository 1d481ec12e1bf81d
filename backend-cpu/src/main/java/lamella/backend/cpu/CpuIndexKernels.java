package lamella.backend.cpu;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.IndexKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Arrays;

/// Rows by index. Threads part the rows of the result, so each row is the work of one thread and
/// its additions keep their order.
final class CpuIndexKernels implements IndexKernels {
    private final Workers workers;
    private final Primitives primitives;

    CpuIndexKernels(Workers workers, Primitives primitives) {
        this.workers = workers;
        this.primitives = primitives;
    }

    private static void check(String op, int[] indices, int offset, int count, int rows) {
        for (int i = 0; i < count; i++) {
            int index = indices[offset + i];
            if (index < -1 || index >= rows) {
                throw new IndexOutOfBoundsException(
                        op + ": index " + index + " at position " + i + " is outside [0, " + rows + ")");
            }
        }
    }

    @Override
    public void gather(View table, View indices, View out) {
        int width = table.dim(1);
        int[] rows = CpuStorage.ints(indices);
        check("gather", rows, indices.offset(), indices.size(), table.dim(0));
        float[] from = CpuStorage.floats(table);
        float[] to = CpuStorage.floats(out);
        workers.split(
                indices.size(),
                Math.max(1, CpuElementwiseKernels.CHEAP / Math.max(1, width)),
                (start, end) -> {
                    for (int i = start; i < end; i++) {
                        int row = rows[indices.offset() + i];
                        int o = out.offset() + i * width;
                        if (row < 0) {
                            Arrays.fill(to, o, o + width, 0f);
                        } else {
                            System.arraycopy(from, table.offset() + row * width, to, o, width);
                        }
                    }
                });
    }

    @Override
    public void scatterAdd(View x, View indices, View out) {
        int rows = out.dim(0);
        int width = out.dim(1);
        int count = indices.size();
        int[] targets = CpuStorage.ints(indices);
        check("scatterAdd", targets, indices.offset(), count, rows);
        float[] from = CpuStorage.floats(x);
        float[] to = CpuStorage.floats(out);
        // Each part reads all indices, so there are few of them.
        long work = ((long) rows + count) * width;
        int parts = Math.clamp(work / CpuElementwiseKernels.CHEAP, 1, 8);
        workers.split(
                rows,
                Math.max(1, Math.ceilDiv(rows, parts)),
                (start, end) -> {
                    Arrays.fill(to, out.offset() + start * width, out.offset() + end * width, 0f);
                    for (int i = 0; i < count; i++) {
                        int row = targets[indices.offset() + i];
                        if (row >= start && row < end) {
                            int o = out.offset() + row * width;
                            int xi = x.offset() + i * width;
                            primitives.binary(Binary.ADD, to, o, from, xi, to, o, width);
                        }
                    }
                });
    }
}
