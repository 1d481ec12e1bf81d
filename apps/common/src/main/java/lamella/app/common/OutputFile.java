package lamella.app.common;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A file that a program writes: it appears as a whole or not at all.
///
/// @param path where
public record OutputFile(Path path) {
    /// Checks that [#write] could write the file, without creating or changing anything.
    ///
    /// @throws UncheckedIOException if it could not
    public void requireWritable() {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw failed("is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw failed("folder " + folder + " does not exist");
        }
        if (!Files.isWritable(folder)) {
            throw failed("folder " + folder + " is read-only");
        }
        if (Files.exists(path) && !Files.isWritable(path)) {
            throw failed("is read-only");
        }
    }

    /// Replaces the file by text in UTF-8.
    ///
    /// @throws UncheckedIOException if it cannot be written; then an older one is as it was
    public void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Replaces the file.
    ///
    /// @throws UncheckedIOException if it cannot be written; then an older one is as it was
    public void write(byte[] content) {
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                Files.write(target, content); // a device or pipe
                return;
            }
            Path temporary = Files.createTempFile(target.getParent(), ".lamella-", ".tmp");
            try {
                Files.delete(temporary); // it is for its owner alone; a new one gets usual rights
                Files.write(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new UncheckedIOException(path + ": cannot be written: " + reason, e);
        }
    }

    private UncheckedIOException failed(String reason) {
        String message = path + ": " + reason;
        return new UncheckedIOException(message, new IOException(message));
    }
}
