package lamella.app.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.data.ImageDataset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

class MnistDataTest {
    @TempDir Path work;

    @Test
    void isWholeAsItWasPublished() throws IOException, NoSuchAlgorithmException {
        String notice;
        try (var in = MnistData.class.getResourceAsStream("NOTICE.txt")) {
            notice = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (String file :
                new String[] {
                    IdxFiles.TRAIN_IMAGES, IdxFiles.TRAIN_LABELS, IdxFiles.TEST_IMAGES, IdxFiles.TEST_LABELS
                }) {
            var digest = MessageDigest.getInstance("SHA-256");
            try (var in = new GZIPInputStream(MnistData.class.getResourceAsStream(file + ".gz"))) {
                digest.update(in.readAllBytes());
            }
            String line = HexFormat.of().formatHex(digest.digest()) + "  " + file + "\n";
            assertTrue(notice.contains(line), () -> "NOTICE.txt lacks " + line);
        }
    }

    @Test
    void has60000And10000Images() {
        var data = new MnistData(Optional.empty());
        ImageDataset train = data.train();
        ImageDataset test = data.test();
        assertEquals(60_000, train.size());
        assertEquals(10_000, test.size());
        assertEquals(MnistData.IMAGE, train.image());
        assertEquals(10, test.classes());
        int[] counts = new int[10];
        for (int i = 0; i < test.size(); i++) {
            counts[test.label(i)]++;
        }
        int[] published = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};
        assertArrayEquals(published, counts);
    }

    @Test
    void readsAFolderPlainOrPacked() throws IOException {
        Path folder = IdxFiles.write(work, 30, 20);
        IdxFiles.gzip(folder, IdxFiles.TRAIN_IMAGES);
        IdxFiles.gzip(folder, IdxFiles.TEST_LABELS);
        var data = new MnistData(Optional.of(folder));
        assertEquals(30, data.train().size());
        assertEquals(20, data.test().size());
        assertEquals(folder.toString(), data.toString());
        var shipped = new MnistData(Optional.empty()).train();
        assertArrayEquals(shipped.pixels(29), data.train().pixels(29));
        assertEquals(shipped.label(29), data.train().label(29));
    }

    private String failure() {
        var data = new MnistData(Optional.of(work));
        return assertThrows(UncheckedIOException.class, data::train).getMessage();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        var nowhere = new MnistData(Optional.of(work.resolve("nowhere")));
        assertEquals(
                "mnist: " + work.resolve("nowhere") + ": no such folder",
                assertThrows(UncheckedIOException.class, nowhere::test).getMessage());
        IdxFiles.write(work, 30, 20);
        Files.delete(work.resolve(IdxFiles.TRAIN_LABELS));
        assertEquals(
                "mnist: " + work + ": has neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte.gz", failure());
    }

    @Test
    void saysWhatIsTruncatedSwappedOrGarbage() throws IOException {
        IdxFiles.write(work, 30, 20);
        Path images = work.resolve(IdxFiles.TRAIN_IMAGES);
        Path labels = work.resolve(IdxFiles.TRAIN_LABELS);
        byte[] whole = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(whole, 1000));
        assertEquals("idx: train-images-idx3-ubyte ends after 1000 of 23536 bytes", failure());
        Files.copy(labels, images, StandardCopyOption.REPLACE_EXISTING);
        assertEquals("idx: train-images-idx3-ubyte holds labels, expected images (magic number 2051)", failure());
        Files.write(images, "garbage!".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                "idx: train-images-idx3-ubyte holds magic number 1734439522, expected images" + " (magic number 2051)",
                failure());
        Files.write(images, new byte[0]);
        assertEquals("idx: train-images-idx3-ubyte ends after 0 of 4 bytes", failure());
    }

    @Test
    void saysThatImagesHaveAnotherSize() throws IOException {
        IdxFiles.write(work, 4, 4);
        ByteBuffer images = ByteBuffer.allocate(16 + 4 * 6);
        images.putInt(2051).putInt(4).putInt(2).putInt(3);
        Files.write(work.resolve(IdxFiles.TRAIN_IMAGES), images.array());
        assertEquals("mnist: train-images-idx3-ubyte holds images of 2 x 3 pixels, expected 28 x 28", failure());
    }

    @Test
    void saysThatThereAreNoImages() throws IOException {
        IdxFiles.write(work, 0, 4);
        assertEquals("mnist: train-images-idx3-ubyte holds no images", failure());
    }
}
