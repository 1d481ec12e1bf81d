package lamella.backend;

/// The update rules of optimizers, each one pass over a parameter, its gradient and its state. They
/// change `parameter` and the state in place and read `gradient`. All views have one size.
public interface OptimizerKernels {
    /// Constants of [#sgd].
    ///
    /// @param learningRate step size
    /// @param momentum fraction of the last velocity that is kept
    /// @param nesterov whether the step looks ahead along the velocity
    /// @param weightDecay L2 penalty: `weightDecay · parameter` is added to the gradient
    record Sgd(float learningRate, float momentum, boolean nesterov, float weightDecay) {}

    /// Constants of [#adam].
    ///
    /// @param learningRate step size
    /// @param beta1 decay of the mean
    /// @param beta2 decay of the mean square
    /// @param epsilon added to the root
    /// @param correction1 1 − beta1ᵗ for the t-th step
    /// @param correction2 1 − beta2ᵗ for the t-th step
    /// @param weightDecay L2 penalty added to the gradient
    /// @param decoupledDecay AdamW: the parameter first shrinks by `learningRate · decoupledDecay`
    record Adam(
            float learningRate,
            float beta1,
            float beta2,
            float epsilon,
            float correction1,
            float correction2,
            float weightDecay,
            float decoupledDecay) {}

    /// Constants of [#rmsProp].
    ///
    /// @param learningRate step size
    /// @param decay decay of the mean square
    /// @param epsilon added to the root
    /// @param momentum fraction of the last velocity that is kept
    /// @param weightDecay L2 penalty added to the gradient
    record RmsProp(float learningRate, float decay, float epsilon, float momentum, float weightDecay) {}

    /// Constants of [#adagrad].
    ///
    /// @param learningRate step size
    /// @param epsilon added to the root
    /// @param weightDecay L2 penalty added to the gradient
    record Adagrad(float learningRate, float epsilon, float weightDecay) {}

    /// g = gradient + weightDecay · parameter; parameter −= learningRate · g.
    void sgd(Sgd constants, View parameter, View gradient);

    /// g as in [#sgd]; velocity = momentum · velocity + g; parameter −= learningRate · velocity, or
    /// with Nesterov learningRate · (g + momentum · velocity).
    void momentum(Sgd constants, View parameter, View gradient, View velocity);

    /// parameter *= 1 − learningRate · decoupledDecay; g = gradient + weightDecay · parameter;
    /// mean = beta1 · mean + (1 − beta1) · g; square = beta2 · square + (1 − beta2) · g²;
    /// parameter −= learningRate · (mean / correction1) / (√(square / correction2) + epsilon).
    void adam(Adam constants, View parameter, View gradient, View mean, View square);

    /// square = decay · square + (1 − decay) · g²;
    /// velocity = momentum · velocity + g / (√square + epsilon);
    /// parameter −= learningRate · velocity.
    void rmsProp(RmsProp constants, View parameter, View gradient, View square, View velocity);

    /// square += g²; parameter −= learningRate · g / (√square + epsilon).
    void adagrad(Adagrad constants, View parameter, View gradient, View square);
}
