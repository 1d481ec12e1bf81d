package lamella.tck;

import lamella.backend.IndexKernels;
import lamella.backend.View;

import java.util.Arrays;

/// Access by index, row by row.
final class ReferenceIndex implements IndexKernels {
    @Override
    public void gather(View table, View indices, View out) {
        requireInside("gather", indices, table.dim(0));
        double[] from = ReferenceStorage.doubles(table);
        int[] rows = ReferenceStorage.ints(indices);
        double[] to = ReferenceStorage.doubles(out);
        int width = table.dim(1);
        for (int i = 0; i < indices.size(); i++) {
            int row = rows[indices.offset() + i];
            for (int d = 0; d < width; d++) {
                to[out.offset() + i * width + d] = row == -1 ? 0 : from[table.offset() + row * width + d];
            }
        }
    }

    @Override
    public void scatterAdd(View x, View indices, View out) {
        requireInside("scatterAdd", indices, out.dim(0));
        double[] from = ReferenceStorage.doubles(x);
        int[] rows = ReferenceStorage.ints(indices);
        double[] to = ReferenceStorage.doubles(out);
        int width = out.dim(1);
        Arrays.fill(to, out.offset(), out.offset() + out.size(), 0);
        for (int i = 0; i < indices.size(); i++) {
            int row = rows[indices.offset() + i];
            if (row != -1) {
                for (int d = 0; d < width; d++) {
                    to[out.offset() + row * width + d] += from[x.offset() + i * width + d];
                }
            }
        }
    }

    private static void requireInside(String op, View indices, int rows) {
        int[] cells = ReferenceStorage.ints(indices);
        for (int i = 0; i < indices.size(); i++) {
            int index = cells[indices.offset() + i];
            if (index < -1 || index >= rows) {
                throw new IndexOutOfBoundsException(
                        op + ": index " + index + " at position " + i + " is outside [0, " + rows + ")");
            }
        }
    }
}
