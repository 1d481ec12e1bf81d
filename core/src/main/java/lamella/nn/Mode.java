package lamella.nn;

import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.function.Supplier;

/// Whether a net is being trained: inference unless a trainer binds training. Dropout and batch
/// normalisation behave differently in training.
public final class Mode {
    private static final ScopedValue<RandomSource> TRAINING = ScopedValue.newInstance();

    private Mode() {}

    /// Tells whether this runs inside [#train].
    public static boolean training() {
        return TRAINING.isBound();
    }

    /// Returns the random numbers of the training step.
    ///
    /// @throws IllegalStateException outside training
    public static RandomSource random() {
        if (!TRAINING.isBound()) {
            throw new IllegalStateException("mode: there are no random numbers outside training");
        }
        return TRAINING.get();
    }

    /// Runs `body` in training mode, with the random numbers that layers may draw.
    public static Tensor train(RandomSource random, Supplier<Tensor> body) {
        return ScopedValue.where(TRAINING, random).call(body::get);
    }
}
