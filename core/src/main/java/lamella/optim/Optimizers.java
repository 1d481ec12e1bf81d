package lamella.optim;

import java.util.List;

/// The optimizers by their short names, for static import. Defaults are PyTorch's.
///
/// {@snippet :
/// OptimizerSpec recipe = sgd(0.1).momentum(0.9).weightDecay(5e-4);
/// Optimizer optimizer = Optimizer.of(recipe, model.parameters());
/// }
public final class Optimizers {
    private static final List<String> NAMES = List.of("adagrad", "adam", "adamw", "rmsprop", "sgd");

    private Optimizers() {}

    /// Returns gradient descent without momentum or weight decay.
    public static Sgd sgd(double learningRate) {
        return new Sgd((float) learningRate, 0, false, 0);
    }

    /// Returns Adam with betas 0.9 and 0.999, epsilon 1e-8 and no weight decay.
    public static Adam adam(double learningRate) {
        return new Adam((float) learningRate, Adam.BETA1, Adam.BETA2, Adam.EPSILON, 0, false);
    }

    /// Returns AdamW: [#adam] with a decoupled weight decay of 0.01.
    public static Adam adamW(double learningRate) {
        return new Adam((float) learningRate, Adam.BETA1, Adam.BETA2, Adam.EPSILON, Adam.DECOUPLED_DECAY, true);
    }

    /// Returns RMSProp with decay 0.99, epsilon 1e-8, no momentum and no weight decay.
    public static RmsProp rmsProp(double learningRate) {
        return new RmsProp((float) learningRate, RmsProp.DECAY, RmsProp.EPSILON, 0, 0);
    }

    /// Returns Adagrad with epsilon 1e-10 and no weight decay.
    public static Adagrad adagrad(double learningRate) {
        return new Adagrad((float) learningRate, Adagrad.EPSILON, 0);
    }

    /// Returns the names that [#byName] knows, sorted.
    public static List<String> names() {
        return NAMES;
    }

    /// Returns an optimizer with its defaults, by the name that a user types: `adam`.
    ///
    /// @throws IllegalArgumentException if there is none of this name
    public static OptimizerSpec byName(String name, float learningRate) {
        return switch (name) {
            case "adagrad" -> adagrad(learningRate);
            case "adam" -> adam(learningRate);
            case "adamw" -> adamW(learningRate);
            case "rmsprop" -> rmsProp(learningRate);
            case "sgd" -> sgd(learningRate);
            default -> throw new IllegalArgumentException("no optimizer named '" + name + "'; known: " + NAMES);
        };
    }
}
