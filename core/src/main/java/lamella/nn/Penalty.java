package lamella.nn;

import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/// A number added to the loss that keeps parameters small. It applies to weights, that is
/// parameters of rank 2 or more, not to biases and scales.
@FunctionalInterface
public interface Penalty {
    /// Returns the penalty, a scalar.
    ///
    /// @param parameters at least one with rank 2 or more
    Tensor of(List<Parameter> parameters);

    /// `strength · Σ |w|`.
    static Penalty l1(float strength) {
        requireStrength(strength);
        return parameters -> sum(parameters, strength, w -> w.abs().sum());
    }

    /// `strength · Σ w²`.
    static Penalty l2(float strength) {
        requireStrength(strength);
        return parameters -> sum(parameters, strength, w -> w.square().sum());
    }

    private static void requireStrength(float strength) {
        if (!(strength >= 0)) {
            throw new IllegalArgumentException("penalty: strength must be at least 0, got " + strength);
        }
    }

    private static Tensor sum(List<Parameter> parameters, float strength, UnaryOperator<Tensor> norm) {
        return parameters.stream()
                .filter(p -> p.shape().rank() >= 2)
                .map(p -> norm.apply(p.value()))
                .reduce(Tensor::add)
                .orElseThrow(() -> new IllegalArgumentException("penalty: there is no parameter of rank 2 or more"))
                .multiply(strength);
    }
}
