package lamella.optim;

import lamella.backend.OptimizerKernels;
import lamella.backend.View;

import java.util.List;

/// RMSProp: steps scaled by a running mean of the squared gradient.
///
/// With the gradient g = gradient + weightDecay · parameter:
/// - `square = decay · square + (1 − decay) · g²`
/// - `velocity = momentum · velocity + g / (√square + epsilon)`
/// - `parameter −= learningRate · velocity`
///
/// ## Errors
/// [IllegalArgumentException] if a constant is out of its range.
///
/// ## Source
/// Tieleman and Hinton, "Lecture 6.5: rmsprop", Coursera: Neural Networks for Machine Learning,
/// 2012; epsilon and momentum as in PyTorch.
///
/// @param learningRate step size, at least 0
/// @param decay decay of the mean square, in [0, 1)
/// @param epsilon added to the root, greater than 0
/// @param momentum fraction of the last velocity that is kept, in [0, 1)
/// @param weightDecay L2 penalty, at least 0
public record RmsProp(float learningRate, float decay, float epsilon, float momentum, float weightDecay)
        implements OptimizerSpec {
    static final float DECAY = 0.99f;
    static final float EPSILON = 1e-8f;

    /// Rejects constants out of range.
    public RmsProp {
        Limits.requireNotNegative("rmsprop", "learningRate", learningRate);
        Limits.requireFraction("rmsprop", "decay", decay);
        Limits.requirePositive("rmsprop", "epsilon", epsilon);
        Limits.requireFraction("rmsprop", "momentum", momentum);
        Limits.requireNotNegative("rmsprop", "weightDecay", weightDecay);
    }

    /// Returns this with another step size.
    public RmsProp learningRate(double value) {
        return new RmsProp((float) value, decay, epsilon, momentum, weightDecay);
    }

    /// Returns this with another decay of the mean square.
    public RmsProp decay(double value) {
        return new RmsProp(learningRate, (float) value, epsilon, momentum, weightDecay);
    }

    /// Returns this with another constant added to the root.
    public RmsProp epsilon(double value) {
        return new RmsProp(learningRate, decay, (float) value, momentum, weightDecay);
    }

    /// Returns this with a momentum in [0, 1).
    public RmsProp momentum(double value) {
        return new RmsProp(learningRate, decay, epsilon, (float) value, weightDecay);
    }

    /// Returns this with an L2 penalty.
    public RmsProp weightDecay(double value) {
        return new RmsProp(learningRate, decay, epsilon, momentum, (float) value);
    }

    @Override
    public String kind() {
        return "rmsprop";
    }

    @Override
    public List<String> slots() {
        return List.of("square", "velocity");
    }

    @Override
    public void update(
            OptimizerKernels kernels, View parameter, View gradient, List<View> slots, float learningRate, long step) {
        var constants = new OptimizerKernels.RmsProp(learningRate, decay, epsilon, momentum, weightDecay);
        kernels.rmsProp(constants, parameter, gradient, slots.get(0), slots.get(1));
    }

    @Override
    public String toString() {
        return new SpecText("rmsProp", learningRate)
                .add("decay", decay, DECAY)
                .add("epsilon", epsilon, EPSILON)
                .add("momentum", momentum, 0)
                .add("weightDecay", weightDecay, 0)
                .toString();
    }
}
