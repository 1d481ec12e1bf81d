package lamella.optim;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

import java.util.List;

/// Stochastic gradient descent, with momentum if wanted.
///
/// With the gradient g = gradient + weightDecay · parameter:
/// - without momentum: `parameter −= learningRate · g`;
/// - with it: `velocity = momentum · velocity + g; parameter −= learningRate · velocity`;
/// - Nesterov: `parameter −= learningRate · (g + momentum · velocity)`.
///
/// ## Errors
/// [IllegalArgumentException] if a constant is out of its range, or for Nesterov without momentum.
///
/// ## Source
/// Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
/// 2013; written as in PyTorch, where the step size multiplies the velocity.
///
/// @param learningRate step size, at least 0
/// @param momentum fraction of the last velocity that is kept, in [0, 1); 0 keeps no velocity
/// @param nesterov whether the step looks ahead along the velocity
/// @param weightDecay L2 penalty, at least 0
public record Sgd(float learningRate, float momentum, boolean nesterov, float weightDecay) implements OptimizerSpec {
    /// Rejects constants out of range.
    public Sgd {
        Limits.requireNotNegative("sgd", "learningRate", learningRate);
        Limits.requireFraction("sgd", "momentum", momentum);
        Limits.requireNotNegative("sgd", "weightDecay", weightDecay);
        if (nesterov && momentum == 0) {
            throw new IllegalArgumentException("sgd: nesterov needs a momentum greater than 0, got " + momentum);
        }
    }

    /// Returns this with another step size.
    public Sgd learningRate(double value) {
        return new Sgd((float) value, momentum, nesterov, weightDecay);
    }

    /// Returns this with a momentum in [0, 1).
    public Sgd momentum(double value) {
        return new Sgd(learningRate, (float) value, nesterov, weightDecay);
    }

    /// Returns this with Nesterov's look-ahead on or off; it needs a momentum.
    public Sgd nesterov(boolean on) {
        return new Sgd(learningRate, momentum, on, weightDecay);
    }

    /// Returns this with an L2 penalty.
    public Sgd weightDecay(double value) {
        return new Sgd(learningRate, momentum, nesterov, (float) value);
    }

    @Override
    public String kind() {
        return "sgd";
    }

    @Override
    public List<String> slots() {
        return momentum == 0 ? List.of() : List.of("velocity");
    }

    @Override
    public void update(
            OptimizerKernels kernels, View parameter, View gradient, List<View> slots, float learningRate, long step) {
        var constants = new OptimizerKernels.Sgd(learningRate, momentum, nesterov, weightDecay);
        if (momentum == 0) {
            kernels.sgd(constants, parameter, gradient);
        } else {
            kernels.momentum(constants, parameter, gradient, slots.get(0));
        }
    }

    @Override
    public String toString() {
        return new SpecText("sgd", learningRate)
                .add("momentum", momentum, 0)
                .add("nesterov", nesterov)
                .add("weightDecay", weightDecay, 0)
                .toString();
    }
}
