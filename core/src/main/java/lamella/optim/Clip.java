package lamella.optim;

import lamella.tensor.Gradients;

/// A limit on gradients, between differentiation and the optimizer's step.
@FunctionalInterface
public interface Clip {
    /// Returns limited gradients; those given stay as they are.
    Gradients apply(Gradients gradients);

    /// Returns clipping by the norm of all gradients together:
    /// `g · min(1, max / (√(Σ g²) + 10⁻⁶))`, the sum over all elements of all gradients.
    ///
    /// The norm is computed on the device and not read back. If it is not finite the gradients are
    /// not either, or become 0.
    ///
    /// Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    /// networks", ICML 2013, algorithm 1; the 10⁻⁶ is PyTorch's.
    ///
    /// @param max the largest norm, greater than 0
    static Clip byNorm(double max) {
        return new Clips.ByNorm((float) max);
    }

    /// Returns clipping of each element to [−max, max].
    ///
    /// @param max the largest absolute value, greater than 0
    static Clip byValue(double max) {
        return new Clips.ByValue((float) max);
    }

    /// Returns gradients unchanged.
    static Clip none() {
        return new Clips.None();
    }
}
