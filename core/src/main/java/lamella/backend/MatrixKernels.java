package lamella.backend;

import java.util.Optional;

/// Products of matrices.
public interface MatrixKernels {
    /// out = a · b, each optionally transposed: `[M, K] · [K, N] = [M, N]` after transposition.
    ///
    /// With rank 3 the outermost axis is a batch: `[B, M, K] · [B, K, N] = [B, M, N]`. Both operands
    /// and `out` have the same rank, 2 or 3. K may be 0: the product is then 0.
    void multiply(View a, boolean transposeA, View b, boolean transposeB, View out);

    /// out = x · weightᵀ + bias: `[N, in]`, `[out, in]`, `[out]` to `[N, out]`.
    void linear(View x, View weight, Optional<View> bias, View out);
}
