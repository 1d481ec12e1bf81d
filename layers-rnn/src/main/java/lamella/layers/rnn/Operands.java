package lamella.layers.rnn;

import lamella.array.ShapeException;
import lamella.tensor.Tensor;

/// What the functions of this package reject, in the same words.
final class Operands {
    private Operands() {}

    /// Rejects operands of another rank than a function can take.
    ///
    /// @param axes what the axes mean: `N, T, D`
    static void requireRank(String function, String role, String axes, Tensor operand) {
        int rank = axes.split(", ").length;
        if (operand.shape().rank() != rank) {
            throw ShapeException.of(
                            function,
                            "%s must have rank %s (%s), got %s".formatted(role, rank, axes, operand.shape().rank()))
                    .operand(role, operand.shape(), "", operand.label());
        }
    }
}
