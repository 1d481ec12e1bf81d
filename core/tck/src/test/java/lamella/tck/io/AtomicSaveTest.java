package lamella.tck.io;

import static lamella.nn.Layers.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import lamella.array.Shape;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A file is replaced as a whole or not at all, and what cannot be written is said beforehand.
class AtomicSaveTest {
    @TempDir Path folder;
    private final ReferenceBackend backend = ReferenceBackend.create();
    private final Model model = Model.build(dense(2), Shape.of(3), backend, 1);

    private void save(Path file) {
        ModelFile.save(file, model, LayerCatalog.installed(), List.of(), Map.of());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertFails(String message, Executable body) {
        assertEquals(message, assertThrows(UncheckedIOException.class, body).getMessage());
    }

    @Test
    void replacesAnOlderFileAndLeavesNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("net"), "old");
        save(file);
        assertEquals(2, ModelFile.open(file).tensors().tensors().size());
        assertEquals(List.of("net"), names());
    }

    @Test
    void failureLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("net"), "old");
        backend.close(); // the header is written, then the first tensor cannot be read
        var e = assertThrows(IllegalStateException.class, () -> save(file));
        assertEquals("backend 'reference' is closed", e.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("net"), names());
    }

    @Test
    void followsALinkInsteadOfReplacingIt() throws IOException {
        Path file = Files.writeString(folder.resolve("run3"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("latest"), Path.of("run3"));
        save(link);
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals(RawFile.read(file), RawFile.read(link));
        assertEquals(2, ModelFile.open(file).tensors().tensors().size());
    }

    @Test
    void checkingCreatesAndChangesNothing() throws IOException {
        ModelFile.requireWritable(folder.resolve("new"));
        assertEquals(List.of(), names());
        Path file = Files.writeString(folder.resolve("net"), "old");
        ModelFile.requireWritable(file);
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("net"), names());
        ModelFile.requireWritable(Path.of("a-file-in-the-current-folder"));
    }

    private void assertNotWritable(Path file, String reason) {
        String message = "model file: " + file + ": " + reason;
        assertFails(message, () -> ModelFile.requireWritable(file));
        assertFails(message, () -> save(file));
    }

    @Test
    void missingFolder() throws IOException {
        Path missing = folder.resolve("runs");
        assertNotWritable(missing.resolve("net"), "folder " + missing + " does not exist");
        assertEquals(List.of(), names());
    }

    @Test
    void fileInsteadOfAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("net"), "old");
        assertNotWritable(file.resolve("net"), file + " is not a folder");
    }

    @Test
    void folderInsteadOfAFile() {
        assertNotWritable(folder, "is a folder");
        assertNotWritable(Path.of("/"), "is a folder");
    }

    @Test
    void readOnlyFolder() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(closed), "this user may write everywhere");
            assertNotWritable(closed.resolve("net"), "folder " + closed + " is read-only");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void readOnlyFile() throws IOException {
        Path file = Files.writeString(folder.resolve("net"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assumeFalse(Files.isWritable(file), "this user may write everywhere");
        assertNotWritable(file, "is read-only");
        assertEquals("old", Files.readString(file));
    }
}
