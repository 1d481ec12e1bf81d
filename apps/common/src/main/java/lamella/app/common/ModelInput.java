package lamella.app.common;

import lamella.array.Shape;
import lamella.io.ModelFile;

import java.nio.file.Path;
import java.util.function.Predicate;

/// Tells the model files of one program from those of another by what their nets take.
public final class ModelInput {
    private ModelInput() {}

    /// Checks that a model takes what a program has to give. It needs no layers, so it can be asked before
    /// the model is built: the other program's layers may not be part of this one.
    ///
    /// @param path where the model is from, for the message
    /// @param fits whether one input of the net may have this shape
    /// @param given what the program gives: `images [1, 28, 28]`
    /// @throws IllegalArgumentException if it does not
    public static void require(ModelFile file, Path path, Predicate<Shape> fits, String given) {
        Shape input = file.input();
        if (!fits.test(input)) {
            throw new IllegalArgumentException(
                    "%s: this model expects %s %s, not %s".formatted(path, kind(input), input, given));
        }
    }

    private static String kind(Shape input) {
        return switch (input.rank()) {
            case 1, 2 -> "sequences";
            case 3 -> "images";
            default -> "inputs";
        };
    }
}
