package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;

/// What several layers of this package reject, in the same words.
final class Checks {
    private Checks() {}

    static void requireAtLeast(String layer, String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(layer + ": " + name + " must be at least " + least + ", got " + value);
        }
    }

    static void requireAbove(String layer, String name, float bound, float value) {
        if (!(value > bound)) {
            throw new IllegalArgumentException(layer + ": " + name + " must be above " + bound + ", got " + value);
        }
    }

    /// Rejects examples of another rank than a layer can take.
    ///
    /// @param axes what the axes mean, one letter each: `C, H, W`
    static void requireAxes(String layer, String axes, Shape example) {
        int rank = axes.split(", ").length;
        if (example.rank() != rank) {
            throw ShapeException.of(
                            layer, "one example must have rank %s (%s), got %s".formatted(rank, axes, example.rank()))
                    .operand("input", example, "one example", "");
        }
    }

    /// Rejects examples without any axis, the first of which holds the channels.
    static void requireChannels(String layer, Shape example) {
        if (example.rank() < 1) {
            throw ShapeException.of(layer, "one example must have at least one axis, its channels")
                    .operand("input", example, "one example", "");
        }
    }

    /// Rejects channels that cannot be cut into groups of one size.
    static void requireGroups(String layer, int groups, Shape example) {
        if (example.dim(0) % groups != 0) {
            throw ShapeException.of(
                            layer, "%s input channels cannot be cut into %s groups".formatted(example.dim(0), groups))
                    .operand("input", example, "one example", "");
        }
    }
}
