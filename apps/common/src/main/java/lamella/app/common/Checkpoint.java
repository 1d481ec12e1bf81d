package lamella.app.common;

import lamella.io.ModelFile;
import lamella.train.TrainingState;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/// A file to go on from: what it was trained with holds, and options may say the same but nothing else.
///
/// @param path the file
/// @param file what is in it
/// @param state where its training stood
public record Checkpoint(Path path, ModelFile file, TrainingState state) {
    /// Opens a file.
    ///
    /// @throws IllegalArgumentException if it is no model file or has no state of a training
    /// @throws java.io.UncheckedIOException if it cannot be read
    public static Checkpoint open(Path path) {
        ModelFile file = ModelFile.open(path);
        return new Checkpoint(path, file, read(path, file, TrainingState::of));
    }

    /// Reads something from the file's metadata; the message of what fails begins with the path.
    ///
    /// @throws IllegalArgumentException if the reader throws one
    public <T> T read(Function<Map<String, String>, T> reader) {
        return read(path, file, reader);
    }

    private static <T> T read(Path path, ModelFile file, Function<Map<String, String>, T> reader) {
        try {
            return reader.apply(file.metadata());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    /// Checks that an option was not written, or with the value of the checkpoint.
    ///
    /// @param trained the value that the checkpoint was trained with
    /// @throws IllegalArgumentException if it was written with another one
    public <T> void requireSame(Arguments arguments, Option<T> option, T trained) {
        if (arguments.has(option)) {
            requireSame(option.name(), arguments.get(option), trained);
        }
    }

    /// Checks that what was asked for is what the checkpoint was trained with.
    ///
    /// @throws IllegalArgumentException if it is not
    public void requireSame(String option, Object asked, Object trained) {
        if (!asked.equals(trained)) {
            throw new IllegalArgumentException(
                    "%s %s, but %s was trained with %s".formatted(option, asked, path, trained));
        }
    }
}
