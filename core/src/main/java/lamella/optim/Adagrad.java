package lamella.optim;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

import java.util.List;

/// Adagrad: steps scaled by the sum of all squared gradients so far.
///
/// With the gradient g = gradient + weightDecay · parameter:
/// `square += g²; parameter −= learningRate · g / (√square + epsilon)`.
///
/// ## Errors
/// [IllegalArgumentException] if a constant is out of its range.
///
/// ## Source
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
/// Optimization", JMLR 2011, the diagonal form; epsilon as in PyTorch.
///
/// @param learningRate step size, at least 0
/// @param epsilon added to the root, greater than 0
/// @param weightDecay L2 penalty, at least 0
public record Adagrad(float learningRate, float epsilon, float weightDecay) implements OptimizerSpec {
    static final float EPSILON = 1e-10f;

    /// Rejects constants out of range.
    public Adagrad {
        Limits.requireNotNegative("adagrad", "learningRate", learningRate);
        Limits.requirePositive("adagrad", "epsilon", epsilon);
        Limits.requireNotNegative("adagrad", "weightDecay", weightDecay);
    }

    /// Returns this with another step size.
    public Adagrad learningRate(double value) {
        return new Adagrad((float) value, epsilon, weightDecay);
    }

    /// Returns this with another constant added to the root.
    public Adagrad epsilon(double value) {
        return new Adagrad(learningRate, (float) value, weightDecay);
    }

    /// Returns this with an L2 penalty.
    public Adagrad weightDecay(double value) {
        return new Adagrad(learningRate, epsilon, (float) value);
    }

    @Override
    public String kind() {
        return "adagrad";
    }

    @Override
    public List<String> slots() {
        return List.of("square");
    }

    @Override
    public void update(
            OptimizerKernels kernels, View parameter, View gradient, List<View> slots, float learningRate, long step) {
        var constants = new OptimizerKernels.Adagrad(learningRate, epsilon, weightDecay);
        kernels.adagrad(constants, parameter, gradient, slots.get(0));
    }

    @Override
    public String toString() {
        return new SpecText("adagrad", learningRate)
                .add("epsilon", epsilon, EPSILON)
                .add("weightDecay", weightDecay, 0)
                .toString();
    }
}
