package lamella.optim;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

import java.util.List;

/// Adam, and AdamW: steps scaled by running means of the gradient and of its square.
///
/// With the gradient g, in the t-th step:
/// - `mean = beta1 · mean + (1 − beta1) · g`
/// - `square = beta2 · square + (1 − beta2) · g²`
/// - `parameter −= learningRate · (mean / (1 − beta1ᵗ)) / (√(square / (1 − beta2ᵗ)) + epsilon)`
///
/// Weight decay enters in one of two ways. Adam: g = gradient + weightDecay · parameter. AdamW
/// (`decoupledDecay`): g = gradient, and first `parameter *= 1 − learningRate · weightDecay`.
///
/// ## Errors
/// [IllegalArgumentException] if a constant is out of its range.
///
/// ## Source
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1; Loshchilov
/// and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2, where the decay is
/// multiplied by the learning rate, as in PyTorch.
///
/// @param learningRate step size, at least 0
/// @param beta1 decay of the mean, in [0, 1)
/// @param beta2 decay of the mean square, in [0, 1)
/// @param epsilon added to the root, greater than 0
/// @param weightDecay strength of the decay, at least 0
/// @param decoupledDecay whether the decay shrinks the parameter (AdamW) or adds to the gradient
public record Adam(
        float learningRate, float beta1, float beta2, float epsilon, float weightDecay, boolean decoupledDecay)
        implements OptimizerSpec {
    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.999f;
    static final float EPSILON = 1e-8f;
    static final float DECOUPLED_DECAY = 0.01f;

    /// Rejects constants out of range.
    public Adam {
        String kind = kind(decoupledDecay);
        Limits.requireNotNegative(kind, "learningRate", learningRate);
        Limits.requireFraction(kind, "beta1", beta1);
        Limits.requireFraction(kind, "beta2", beta2);
        Limits.requirePositive(kind, "epsilon", epsilon);
        Limits.requireNotNegative(kind, "weightDecay", weightDecay);
    }

    private static String kind(boolean decoupledDecay) {
        return decoupledDecay ? "adamw" : "adam";
    }

    /// Returns this with another step size.
    public Adam learningRate(double value) {
        return new Adam((float) value, beta1, beta2, epsilon, weightDecay, decoupledDecay);
    }

    /// Returns this with other decays of the two means.
    public Adam betas(double mean, double square) {
        return new Adam(learningRate, (float) mean, (float) square, epsilon, weightDecay, decoupledDecay);
    }

    /// Returns this with another constant added to the root.
    public Adam epsilon(double value) {
        return new Adam(learningRate, beta1, beta2, (float) value, weightDecay, decoupledDecay);
    }

    /// Returns this with another strength of the decay.
    public Adam weightDecay(double value) {
        return new Adam(learningRate, beta1, beta2, epsilon, (float) value, decoupledDecay);
    }

    /// Returns `adam`, or `adamw` if the decay is decoupled.
    @Override
    public String kind() {
        return kind(decoupledDecay);
    }

    @Override
    public List<String> slots() {
        return List.of("mean", "square");
    }

    @Override
    public void update(
            OptimizerKernels kernels, View parameter, View gradient, List<View> slots, float learningRate, long step) {
        var constants =
                new OptimizerKernels.Adam(
                        learningRate,
                        beta1,
                        beta2,
                        epsilon,
                        (float) (1 - Math.pow(beta1, step)),
                        (float) (1 - Math.pow(beta2, step)),
                        decoupledDecay ? 0 : weightDecay,
                        decoupledDecay ? weightDecay : 0);
        kernels.adam(constants, parameter, gradient, slots.get(0), slots.get(1));
    }

    @Override
    public String toString() {
        String betas = beta1 == BETA1 && beta2 == BETA2 ? "" : ".betas(" + beta1 + ", " + beta2 + ")";
        return new SpecText(decoupledDecay ? "adamW" : "adam", learningRate)
                .append(betas)
                .add("epsilon", epsilon, EPSILON)
                .add("weightDecay", weightDecay, decoupledDecay ? DECOUPLED_DECAY : 0)
                .toString();
    }
}
