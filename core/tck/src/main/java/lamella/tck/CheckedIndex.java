package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.IndexKernels;
import lamella.backend.View;

/// Asserts the contract of access by index.
record CheckedIndex(IndexKernels kernels, CheckedBackend.Calls calls) implements IndexKernels {
    @Override
    public void gather(View table, View indices, View out) {
        CheckedCall call =
                calls.of("index.gather")
                        .reads("table", table)
                        .reads("indices", indices, DType.INT32)
                        .writes("out", out)
                        .rank("table", table, 2);
        call.shape("out", out, Shape.of(indices.size(), table.dim(1))).run(() -> kernels.gather(table, indices, out));
    }

    @Override
    public void scatterAdd(View x, View indices, View out) {
        CheckedCall call =
                calls.of("index.scatterAdd")
                        .reads("x", x)
                        .reads("indices", indices, DType.INT32)
                        .writes("out", out)
                        .rank("out", out, 2);
        call.shape("x", x, Shape.of(indices.size(), out.dim(1))).run(() -> kernels.scatterAdd(x, indices, out));
    }
}
