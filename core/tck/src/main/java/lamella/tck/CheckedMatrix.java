package lamella.tck;

import lamella.array.Shape;
import lamella.backend.MatrixKernels;
import lamella.backend.View;

import java.util.Optional;

/// Asserts the contract of matrix products.
record CheckedMatrix(MatrixKernels kernels, CheckedBackend.Calls calls) implements MatrixKernels {
    @Override
    public void multiply(View a, boolean transposeA, View b, boolean transposeB, View out) {
        int rank = out.shape().rank();
        CheckedCall call =
                calls.of("matrix.multiply")
                        .reads("a", a)
                        .reads("b", b)
                        .writes("out", out)
                        .require(rank == 2 || rank == 3, "out is " + out.shape() + ", expected rank 2 or 3")
                        .rank("a", a, rank)
                        .rank("b", b, rank);
        int rows = a.dim(transposeA ? -1 : -2);
        int inner = a.dim(transposeA ? -2 : -1);
        int columns = b.dim(transposeB ? -2 : -1);
        Shape right = transposeB ? Shape.of(columns, inner) : Shape.of(inner, columns);
        Shape product = Shape.of(rows, columns);
        call.shape("b", b, rank == 3 ? right.prepend(a.dim(0)) : right)
                .shape("out", out, rank == 3 ? product.prepend(a.dim(0)) : product)
                .run(() -> kernels.multiply(a, transposeA, b, transposeB, out));
    }

    @Override
    public void linear(View x, View weight, Optional<View> bias, View out) {
        CheckedCall call =
                calls.of("matrix.linear")
                        .reads("x", x)
                        .reads("weight", weight)
                        .writes("out", out)
                        .rank("x", x, 2)
                        .rank("weight", weight, 2);
        call.shape("weight", weight, Shape.of(weight.dim(0), x.dim(1)));
        bias.ifPresent(b -> call.reads("bias", b).shape("bias", b, Shape.of(weight.dim(0))));
        call.shape("out", out, Shape.of(x.dim(0), weight.dim(0))).run(() -> kernels.linear(x, weight, bias, out));
    }
}
