package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.data.Idx;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

class IdxTest {
    private static final byte[] TWO_IMAGES =
            file(new int[] {0x803, 2, 2, 3}, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255);
    private static final byte[] TWO_LABELS = file(new int[] {0x801, 2}, 7, 3);

    private static byte[] file(int[] header, int... content) {
        var bytes = ByteBuffer.allocate(4 * header.length + content.length);
        Arrays.stream(header).forEach(bytes::putInt);
        Arrays.stream(content).forEach(value -> bytes.put((byte) value));
        return bytes.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private static Idx.Images images(byte[] bytes) {
        return Idx.images(new ByteArrayInputStream(bytes), "digits");
    }

    private static int[] labels(byte[] bytes) {
        return Idx.labels(new ByteArrayInputStream(bytes), "digits");
    }

    private static void assertRejected(String message, Executable reading) {
        var thrown = assertThrows(UncheckedIOException.class, reading);
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void readsImages() {
        Idx.Images read = images(TWO_IMAGES);
        assertEquals(2, read.count());
        assertEquals(2, read.height());
        assertEquals(3, read.width());
        assertArrayEquals(Arrays.copyOfRange(TWO_IMAGES, 16, 28), read.pixels());
    }

    @Test
    void readsLabelsAsUnsigned() {
        assertArrayEquals(new int[] {0, 255}, labels(file(new int[] {0x801, 2}, 0, 255)));
    }

    @Test
    void readsCompressedFilesWhateverTheirName() throws IOException {
        assertArrayEquals(images(TWO_IMAGES).pixels(), images(gzip(TWO_IMAGES)).pixels());
        assertArrayEquals(new int[] {7, 3}, labels(gzip(TWO_LABELS)));
    }

    @Test
    void readsAPairOfFilesAsDataset(@TempDir Path folder) throws IOException {
        Path images = Files.write(folder.resolve("images.gz"), gzip(TWO_IMAGES));
        Path labels = Files.write(folder.resolve("labels"), TWO_LABELS);
        var dataset = Idx.read(images, labels, 10);
        assertEquals(2, dataset.size());
        assertEquals(Shape.of(1, 2, 3), dataset.image());
        assertEquals(7, dataset.label(0));
        assertEquals(3, dataset.label(1));
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5}, dataset.pixels(0));
    }

    @Test
    void rejectsFilesThatEndEarly() throws IOException {
        assertRejected("idx: digits ends after 0 of 4 bytes", () -> images(new byte[0]));
        assertRejected("idx: digits ends after 1 of 4 bytes", () -> images(new byte[] {0}));
        assertRejected("idx: digits ends after 14 of 16 bytes", () -> images(Arrays.copyOf(TWO_IMAGES, 14)));
        assertRejected("idx: digits ends after 27 of 28 bytes", () -> images(Arrays.copyOf(TWO_IMAGES, 27)));
        assertRejected("idx: digits ends after 9 of 10 bytes", () -> labels(Arrays.copyOf(TWO_LABELS, 9)));
        byte[] zipped = gzip(Arrays.copyOf(TWO_IMAGES, 20));
        assertRejected("idx: digits ends after 20 of 28 bytes", () -> images(zipped));
    }

    @Test
    void rejectsCompressedFilesThatBreakOff() throws IOException {
        byte[] noise = new byte[16 + 12000];
        System.arraycopy(file(new int[] {0x803, 1000, 3, 4}), 0, noise, 0, 16);
        for (int i = 16; i < noise.length; i++) {
            noise[i] = (byte) (i * 0x9e3779b9 >>> 13);
        }
        byte[] zipped = gzip(noise);
        var thrown = assertThrows(UncheckedIOException.class, () -> images(Arrays.copyOf(zipped, zipped.length / 2)));
        assertEquals(
                "idx: digits ends after # of 12016 bytes",
                thrown.getMessage().replaceFirst("after \\d+ of", "after # of"));
        assertRejected(
                "idx: digits ends within its gzip trailer", () -> images(Arrays.copyOf(zipped, zipped.length - 3)));
    }

    @Test
    void rejectsDamagedCompressedFiles() throws IOException {
        byte[] zipped = gzip(TWO_LABELS);
        zipped[zipped.length - 6] ^= 1;
        assertRejected(
                "idx: digits cannot be read: java.util.zip.ZipException: Corrupt GZIP trailer", () -> labels(zipped));
    }

    @Test
    void rejectsBytesAfterTheEnd() {
        assertRejected("idx: digits goes on after 28 bytes", () -> images(Arrays.copyOf(TWO_IMAGES, 29)));
        assertRejected("idx: digits goes on after 10 bytes", () -> labels(Arrays.copyOf(TWO_LABELS, 11)));
    }

    @Test
    void rejectsSwappedFiles() {
        assertRejected("idx: digits holds labels, expected images (magic number 2051)", () -> images(TWO_LABELS));
        assertRejected("idx: digits holds images, expected labels (magic number 2049)", () -> labels(TWO_IMAGES));
    }

    @Test
    void rejectsOtherFiles() {
        assertRejected(
                "idx: digits holds magic number 1010792557, expected images (magic number 2051)",
                () -> images("<?xml version".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void rejectsHugeCountsBeforeAnyAllocation() {
        int most = Integer.MAX_VALUE;
        assertRejected(
                "idx: digits claims 4294967295 items of 4294967295 x 4294967295 bytes, more than"
                        + " 2147483639 bytes in all",
                () -> images(file(new int[] {0x803, -1, -1, -1})));
        assertRejected(
                "idx: digits claims 2147483647 items of 1 x 1 bytes, more than 2147483639 bytes in" + " all",
                () -> labels(file(new int[] {0x801, most})));
        assertRejected(
                "idx: digits ends after 16 of 2000000016 bytes",
                () -> images(file(new int[] {0x803, 2_000_000, 10, 100})));
    }

    @Test
    void rejectsCountsThatDiffer(@TempDir Path folder) throws IOException {
        Path images = Files.write(folder.resolve("images"), TWO_IMAGES);
        Path labels = Files.write(folder.resolve("labels"), file(new int[] {0x801, 3}, 1, 2, 3));
        assertRejected("idx: images has 2 images but labels has 3 labels", () -> Idx.read(images, labels, 10));
    }

    @Test
    void rejectsLabelsThatAreNoClass(@TempDir Path folder) throws IOException {
        Path images = Files.write(folder.resolve("images"), TWO_IMAGES);
        Path labels = Files.write(folder.resolve("labels"), file(new int[] {0x801, 2}, 9, 10));
        assertRejected("idx: labels: label 10 at index 1 is outside [0, 10)", () -> Idx.read(images, labels, 10));
    }

    @Test
    void rejectsFilesThatAreNotThere(@TempDir Path folder) {
        Path missing = folder.resolve("images");
        assertRejected("idx: " + missing + " was not found", () -> Idx.images(missing));
        assertRejected("idx: " + missing + " was not found", () -> Idx.labels(missing));
    }
}
