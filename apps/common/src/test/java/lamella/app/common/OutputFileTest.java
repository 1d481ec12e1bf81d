package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

class OutputFileTest {
    @TempDir Path work;

    @Test
    void replacesTheFileAndLeavesNothingElse() throws IOException {
        var file = new OutputFile(Files.writeString(work.resolve("page"), "a longer old text"));
        file.requireWritable();
        file.write("new");
        assertEquals("new", Files.readString(file.path()));
        try (var files = Files.list(work)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void writesBytesAsTheyAre() throws IOException {
        var file = new OutputFile(work.resolve("picture.png"));
        byte[] content = {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff};
        file.write(content);
        assertArrayEquals(content, Files.readAllBytes(file.path()));
    }

    @Test
    void writesThroughALink() throws IOException {
        Path target = Files.writeString(work.resolve("target"), "old");
        Path link = Files.createSymbolicLink(work.resolve("link"), target);
        new OutputFile(link).write("new");
        assertEquals("new", Files.readString(target));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void saysWhyItCannotBeWritten() {
        assertEquals(work + ": is a folder", failure(work));
        Path missing = work.resolve("missing/page");
        assertEquals(missing + ": folder " + missing.getParent() + " does not exist", failure(missing));
    }

    private static String failure(Path path) {
        var file = new OutputFile(path);
        return assertThrows(UncheckedIOException.class, file::requireWritable).getMessage();
    }
}
