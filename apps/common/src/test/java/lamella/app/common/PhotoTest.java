package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

class PhotoTest {
    @TempDir Path folder;

    private Photo read(byte[] file) throws IOException {
        return Photo.read(Files.write(folder.resolve("picture"), file));
    }

    private static void assertNear(int expected, int actual, int tolerance) {
        for (int shift : new int[] {24, 16, 8, 0}) {
            assertEquals(
                    expected >>> shift & 0xff,
                    actual >>> shift & 0xff,
                    tolerance,
                    () -> "expected %08x, got %08x".formatted(expected, actual));
        }
    }

    // What it reads

    @Test
    void readsColoursAndAlpha() throws IOException {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80123456);
        image.setRGB(1, 0, 0xfffedcba);
        Photo photo = read(Pictures.encode(image, "png"));
        assertEquals(2, photo.width());
        assertEquals(1, photo.height());
        assertArrayEquals(new int[] {0x80123456, 0xfffedcba}, photo.argb());
    }

    @Test
    void readsTheColoursOfAPalette() throws IOException {
        byte[] half = {0, (byte) 200};
        var colors = new IndexColorModel(1, 2, half, new byte[] {10, 20}, new byte[] {30, 40}, 0);
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, colors);
        image.getRaster().setSample(1, 0, 0, 1);
        assertEquals(0xffc81428, read(Pictures.encode(image, "png")).argb()[1]);
        assertEquals(0xffc81428, read(Pictures.encode(image, "gif")).argb()[1]);
    }

    @Test
    void takesGreySamplesAsTheyAre() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            var image = new BufferedImage(16, 16, type);
            int white = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
            for (int i = 0; i < 256; i++) {
                image.getRaster().setSample(i % 16, i / 16, 0, white / 5 * 2);
            }
            assertEquals(0xff666666, read(Pictures.encode(image, "png")).argb()[0]);
            if (type == BufferedImage.TYPE_BYTE_GRAY) {
                assertNear(0xff666666, read(Pictures.encode(image, "jpg")).argb()[100], 1);
            }
        }
    }

    @Test
    void readsGreyWithAlpha() throws IOException {
        var colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_GRAY),
                        true,
                        false,
                        Color.TRANSLUCENT,
                        DataBuffer.TYPE_BYTE);
        var image = new BufferedImage(colors, colors.createCompatibleWritableRaster(1, 1), false, null);
        image.getRaster().setPixel(0, 0, new int[] {100, 51});
        assertEquals(0x33646464, read(Pictures.encode(image, "png")).argb()[0]);
    }

    /// The file holds inks inverted: 255 is none.
    @Test
    void readsInks() throws IOException {
        Photo photo = read(Pictures.inks(0, 200, 100, 50, 220));
        assertEquals(16, photo.width());
        // 200 · 220 / 255, 100 · 220 / 255, 50 · 220 / 255
        assertNear(0xffad562b, photo.argb()[0], 2);
        assertNear(0xff000000, read(Pictures.inks(0, 255, 255, 255, 0)).argb()[0], 1);
        assertNear(0xffffffff, read(Pictures.inks(0, 255, 255, 255, 255)).argb()[0], 1);
    }

    /// Luma 200, chroma 100 and 50 are red 91, green 255 and blue 151; the inks in the file are what lacks to 255.
    @Test
    void readsInksAsLumaAndChroma() throws IOException {
        int red = (255 - 91) * 220 / 255;
        int blue = (255 - 151) * 220 / 255;
        assertNear(0xff000000 | red << 16 | blue, read(Pictures.inks(2, 200, 100, 50, 220)).argb()[0], 2);
    }

    @Test
    void turnsOtherColourSpacesIntoTheStandardOne() throws IOException {
        var colors =
                new ComponentColorModel(
                        ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB),
                        false,
                        false,
                        Color.OPAQUE,
                        DataBuffer.TYPE_BYTE);
        var image = new BufferedImage(colors, colors.createCompatibleWritableRaster(1, 1), false, null);
        image.getRaster().setPixel(0, 0, new int[] {128, 55, 0});
        // 255 · (1.055 · (128 / 255)^(1 / 2.4) − 0.055)
        assertNear(0xffbc8000, Photo.of(image).argb()[0], 1);
    }

    @Test
    void readsOnePixel() throws IOException {
        var image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0x0a141e);
        byte[] planes = read(Pictures.encode(image, "png")).planes(3, 64, 64);
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < 4096; i++) {
                assertEquals(10 * (channel + 1), planes[channel * 4096 + i]);
            }
        }
    }

    /// The most that is read: as one array of pixels it would take 400 MB.
    @Test
    void readsHugePicturesInLittleMemory() throws IOException {
        var image = new BufferedImage(10_000, 10_000, BufferedImage.TYPE_BYTE_BINARY);
        var pen = image.createGraphics();
        pen.fillRect(5_000, 0, 5_000, 10_000);
        byte[] file = Pictures.encode(image, "png");
        image.flush();
        Photo photo = read(file);
        assertEquals(2_000, photo.width());
        assertEquals(2_000, photo.height());
        assertEquals(0xff000000, photo.argb()[999]);
        assertEquals(0xffffffff, photo.argb()[1000]);
        assertEquals(2_000, Picture.read(folder.resolve("picture")).height());
    }

    @Test
    void leavesOutRowsAndColumnsAlikeInLongPictures() throws IOException {
        var image = new BufferedImage(40, 200_000, BufferedImage.TYPE_BYTE_BINARY);
        Photo photo = read(Pictures.encode(image, "png"));
        assertEquals(20, photo.width());
        assertEquals(100_000, photo.height());
    }

    // What it does not read

    private String failure(byte[] bytes) {
        var in = new ByteArrayInputStream(bytes);
        return assertThrows(UncheckedIOException.class, () -> Photo.read("a.jpg", in)).getMessage();
    }

    @Test
    void saysThatAFileIsCutOff() throws IOException {
        var image = new BufferedImage(100, 100, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            image.setRGB(i % 100, i / 100, random.nextInt());
        }
        byte[] jpeg = Pictures.encode(image, "jpg");
        assertEquals("a.jpg: is a broken picture: the file is cut off", failure(Arrays.copyOf(jpeg, jpeg.length / 2)));
        byte[] bmp = Pictures.encode(image, "bmp");
        assertEquals("a.jpg: is a broken picture: the file is cut off", failure(Arrays.copyOf(bmp, 5_000)));
        byte[] png = Pictures.encode(image, "png");
        assertEquals("a.jpg: is a broken picture: Error reading PNG image data", failure(Arrays.copyOf(png, 5_000)));
    }

    @Test
    void saysWhatIsNoPicture() {
        assertEquals("a.jpg: is no picture that can be read (PNG, JPEG, GIF or BMP)", failure(new byte[] {1, 2, 3}));
        Path none = folder.resolve("none.png");
        assertEquals(
                none + ": no such file or folder",
                assertThrows(UncheckedIOException.class, () -> Photo.read(none)).getMessage());
    }

    /// Whatever bytes a file is made of, there is a picture or one line.
    @Test
    void survivesDamage() throws IOException {
        var image = new BufferedImage(20, 20, BufferedImage.TYPE_INT_RGB);
        var random = new Random(2);
        for (int i = 0; i < 400; i++) {
            image.setRGB(i % 20, i / 20, random.nextInt());
        }
        for (String format : new String[] {"png", "jpg", "gif", "bmp"}) {
            byte[] whole = Pictures.encode(image, format);
            for (int round = 0; round < 200; round++) {
                byte[] damaged = whole.clone();
                for (int i = 0; i < 1 + round % 8; i++) {
                    damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
                }
                try {
                    Photo.read("a", new ByteArrayInputStream(damaged));
                } catch (UncheckedIOException e) {
                    assertTrue(e.getMessage().startsWith("a: is "), e.getMessage());
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                }
            }
        }
    }

    // Planes

    @Test
    void laysWhatIsTransparentOnWhite() {
        var photo = new Photo(2, 1, new int[] {0x00ff0000, 0x80000000});
        assertArrayEquals(new byte[] {-1, 127, -1, 127, -1, 127}, photo.planes(3, 1, 2));
    }

    @Test
    void colourOfWhatIsTransparentDoesNotBleed() {
        var photo = new Photo(2, 1, new int[] {0x00ff00ff, 0xff0a141e});
        assertArrayEquals(new byte[] {10, 20, 30, (byte) 128}, photo.planes(4, 1, 1));
    }

    @Test
    void planesAreAPhotoAgain() {
        var photo = new Photo(3, 2, new int[] {0xff000000, 0xffffffff, 0xff102030, 0x80a0b0c0, 0, 0x01020304});
        Photo again = Photo.of(photo.planes(4, 2, 3), 4, 2, 3);
        assertEquals(3, again.width());
        assertArrayEquals(new int[] {0xff000000, 0xffffffff, 0xff102030, 0x80a0b0c0}, Arrays.copyOf(again.argb(), 4));
        assertEquals(0, again.argb()[4]);
        Photo opaque = Photo.of(photo.planes(3, 2, 3), 3, 2, 3);
        assertArrayEquals(new int[] {0xff000000, 0xffffffff, 0xff102030}, Arrays.copyOf(opaque.argb(), 3));
        assertEquals(0xffffffff, opaque.argb()[4]);
    }

    @Test
    void refusesWhatIsNoPhoto() {
        assertEquals(
                "photo: 5 values are not 3 x 2 pixels",
                assertThrows(IllegalArgumentException.class, () -> new Photo(3, 2, new int[5])).getMessage());
        assertEquals(
                "photo: 5 values do not fill [3, 2, 1]",
                assertThrows(IllegalArgumentException.class, () -> Photo.of(new byte[5], 3, 2, 1)).getMessage());
        assertEquals(
                "photo: channels must be 3 or 4, got 1",
                assertThrows(IllegalArgumentException.class, () -> new Photo(1, 1, new int[1]).planes(1, 1, 1))
                        .getMessage());
    }
}
