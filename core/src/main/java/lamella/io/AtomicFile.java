package lamella.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Replaces a file as a whole: what is written goes to a temporary file in the same folder, which
/// is synced and renamed. A failure or a killed process leaves the old file as it was; a killed
/// process may leave the temporary one, `.lamella-....tmp`.
///
/// `kind` is what error messages begin with, such as `model file`.
final class AtomicFile {
    private AtomicFile() {}

    /// What is written.
    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    static void write(String kind, Path file, Content content) {
        requireWritable(kind, file);
        try {
            Path target = target(file);
            Path temporary = target.resolveSibling(".lamella-" + UUID.randomUUID() + ".tmp");
            try {
                writeAndSync(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            syncFolder(target.getParent());
        } catch (IOException e) {
            throw failed(kind, file, Shown.reason(e), e);
        }
    }

    /// Returns the file itself, where the path is a link to it: the link stays.
    private static Path target(Path file) throws IOException {
        return Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
    }

    private static void writeAndSync(Path temporary, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }

    /// Makes the rename durable. Some systems cannot open a folder; there the rename is as durable
    /// as they make it.
    private static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    static void requireWritable(String kind, Path file) {
        try {
            requireFolder(target(file).getParent());
            requireReplaceable(file);
        } catch (IOException e) {
            throw failed(kind, file, Shown.reason(e), e);
        }
    }

    private static void requireFolder(Path folder) throws IOException {
        if (folder == null) {
            return; // a file system's root, which requireReplaceable rejects
        }
        String name = folder.toString();
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(name, null, "folder " + name + " does not exist");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(name);
        }
        if (!Files.isWritable(folder)) {
            throw new AccessDeniedException(name, null, "folder " + name + " is read-only");
        }
    }

    private static void requireReplaceable(Path file) throws IOException {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw new FileSystemException(name, null, "is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(name, null, "not a regular file");
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new AccessDeniedException(name, null, "is read-only");
        }
    }

    private static UncheckedIOException failed(String kind, Path file, String reason, IOException cause) {
        return new UncheckedIOException(kind + ": " + file + ": " + reason, cause);
    }
}
