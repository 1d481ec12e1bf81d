package lamella.app.common;

import lamella.train.TrainingException;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/// Tells failures that a user can do something about from bugs.
final class Failure {
    private Failure() {}

    /// The message for the user; empty if it is a bug.
    static Optional<String> expected(Throwable failure) {
        return switch (failure) {
            case UncheckedIOException e -> Optional.of(describe(e));
            // index errors and the like are subclasses of neither
            case IllegalArgumentException e -> ownMessage(e);
            case IllegalStateException e -> ownMessage(e);
            case TrainingException e -> ownMessage(e);
            case OutOfMemoryError _ ->
                    Optional.of(
                            "out of memory: the program may use "
                                    + Runtime.getRuntime().maxMemory() / (1 << 20)
                                    + " MiB");
            default -> Optional.empty();
        };
    }

    private static Optional<String> ownMessage(RuntimeException e) {
        return Optional.ofNullable(e.getMessage()).filter(message -> !message.isBlank());
    }

    /// A message of its own, or else what the cause says in words of ours.
    private static String describe(UncheckedIOException e) {
        IOException cause = e.getCause();
        boolean own = e.getMessage() != null && !e.getMessage().equals(cause.toString());
        return own ? e.getMessage() : describe(cause);
    }

    /// A file's failure as `FILE: what is wrong`; the messages of the JDK are often the bare name.
    static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException f -> f.getFile() + ": no such file or folder";
            case AccessDeniedException f -> f.getFile() + ": permission denied";
            case FileAlreadyExistsException f -> f.getFile() + ": is there already";
            case NotDirectoryException f -> f.getFile() + ": is no folder";
            case FileSystemException f when f.getReason() != null -> f.getFile() + ": " + f.getReason();
            case FileNotFoundException f -> f.getMessage();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
