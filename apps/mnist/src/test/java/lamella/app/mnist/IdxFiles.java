package lamella.app.mnist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// Data sets for tests: the first images of the one inside the program, as IDX files.
final class IdxFiles {
    static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
    static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
    static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

    private IdxFiles() {}

    /// Writes the first `train` and `test` images.
    static Path write(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        for (var part : Map.of(TRAIN_IMAGES, train, TEST_IMAGES, test).entrySet()) {
            byte[] bytes = shipped(part.getKey(), 16 + 784 * part.getValue());
            Files.write(folder.resolve(part.getKey()), counted(bytes, part.getValue()));
        }
        for (var part : Map.of(TRAIN_LABELS, train, TEST_LABELS, test).entrySet()) {
            byte[] bytes = shipped(part.getKey(), 8 + part.getValue());
            Files.write(folder.resolve(part.getKey()), counted(bytes, part.getValue()));
        }
        return folder;
    }

    /// Packs a file of the folder, in place.
    static void gzip(Path folder, String name) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            Files.copy(folder.resolve(name), out);
        }
        Files.delete(folder.resolve(name));
        Files.write(folder.resolve(name + ".gz"), packed.toByteArray());
    }

    private static byte[] counted(byte[] bytes, int count) {
        ByteBuffer.wrap(bytes).putInt(4, count);
        return bytes;
    }

    private static byte[] shipped(String name, int bytes) throws IOException {
        try (var in = new GZIPInputStream(MnistData.class.getResourceAsStream(name + ".gz"))) {
            return in.readNBytes(bytes);
        }
    }
}
