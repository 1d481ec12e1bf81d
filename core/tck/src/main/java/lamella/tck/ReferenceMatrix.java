package lamella.tck;

import lamella.backend.MatrixKernels;
import lamella.backend.View;

import java.util.Optional;

/// Products of matrices, each element a sum over the inner extent.
final class ReferenceMatrix implements MatrixKernels {
    @Override
    public void multiply(View a, boolean transposeA, View b, boolean transposeB, View out) {
        if (out.shape().rank() == 3) {
            for (int i = 0; i < out.dim(0); i++) {
                multiply(entry(a, i), transposeA, entry(b, i), transposeB, entry(out, i));
            }
            return;
        }
        double[] left = ReferenceStorage.doubles(a);
        double[] right = ReferenceStorage.doubles(b);
        double[] to = ReferenceStorage.doubles(out);
        int rows = out.dim(0);
        int columns = out.dim(1);
        int inner = a.dim(transposeA ? 0 : 1);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                    double x = left[a.offset() + (transposeA ? k * rows + i : i * inner + k)];
                    double y = right[b.offset() + (transposeB ? j * inner + k : k * columns + j)];
                    sum += x * y;
                }
                to[out.offset() + i * columns + j] = sum;
            }
        }
    }

    private static View entry(View batch, int index) {
        return batch.rows(index, 1).reshape(batch.shape().without(0));
    }

    @Override
    public void linear(View x, View weight, Optional<View> bias, View out) {
        multiply(x, false, weight, true, out);
        if (bias.isPresent()) {
            View added = bias.get();
            double[] from = ReferenceStorage.doubles(added);
            double[] to = ReferenceStorage.doubles(out);
            for (int i = 0; i < out.size(); i++) {
                to[out.offset() + i] += from[added.offset() + i % out.dim(1)];
            }
        }
    }
}
