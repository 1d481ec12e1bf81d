package lamella.nn;

import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.function.Consumer;
import java.util.function.Supplier;

/// Whether a net is being trained: inference unless a trainer binds training. Dropout and batch
/// normalisation behave differently in training.
public final class Mode {
    private static final ScopedValue<Training> TRAINING = ScopedValue.newInstance();

    private record Training(RandomSource random, Consumer<Runnable> updates) {}

    private static final Training NONE = new Training(RandomSource.of(0), Runnable::run);

    private Mode() {}

    /// Tells whether this runs inside [#train], and not inside [#infer] there.
    public static boolean training() {
        return TRAINING.isBound() && TRAINING.get() != NONE;
    }

    /// Returns the random numbers of the training step.
    ///
    /// @throws IllegalStateException outside training
    public static RandomSource random() {
        if (!training()) {
            throw new IllegalStateException("mode: there are no random numbers outside training");
        }
        return TRAINING.get().random();
    }

    /// Changes what a layer keeps of a training step, such as running statistics: at once, or, where
    /// the step is a trainer's, when its loss has proved finite; never where it has not.
    ///
    /// @param change may use tensors of the memory scope in which [#train] was called
    /// @throws IllegalStateException outside training
    public static void update(Runnable change) {
        if (!training()) {
            throw new IllegalStateException("mode: there is nothing to update outside training");
        }
        TRAINING.get().updates().accept(change);
    }

    /// Runs `body` in training mode, with the random numbers that layers may draw. What they keep
    /// changes at once.
    public static Tensor train(RandomSource random, Supplier<Tensor> body) {
        return train(random, Runnable::run, body);
    }

    /// Runs `body` in training mode, and leaves it to the caller when what layers keep changes.
    ///
    /// @param updates takes what the layers gave [#update], in their order
    public static Tensor train(RandomSource random, Consumer<Runnable> updates, Supplier<Tensor> body) {
        return ScopedValue.where(TRAINING, new Training(random, updates)).call(body::get);
    }

    /// Runs `body` in inference mode, also inside [#train].
    public static <T> T infer(Supplier<T> body) {
        return training() ? ScopedValue.where(TRAINING, NONE).call(body::get) : body.get();
    }
}
