package lamella.layers.rnn;

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

    static void requireRate(String layer, String name, float rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException(layer + ": " + name + " must be in [0, 1), got " + rate);
        }
    }

    /// Rejects examples of another rank than a layer can take.
    ///
    /// @param axes what the axes mean: `T, features`
    static void requireAxes(String layer, String axes, Shape example) {
        int rank = axes.split(", ").length;
        if (example.rank() != rank) {
            throw ShapeException.of(
                            layer, "one example must have rank %s (%s), got %s".formatted(rank, axes, example.rank()))
                    .operand("input", example, "one example", "");
        }
    }
}
