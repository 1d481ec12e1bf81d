package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

import javax.imageio.ImageIO;

class PictureTest {
    @TempDir Path folder;

    private Path write(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()), format);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "jpg"})
    void readsTheUsualFormats(String format) throws IOException {
        var image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 8, 8);
        Picture picture = Picture.read(write(image, format));
        assertEquals(16, picture.width());
        assertEquals(8, picture.height());
        assertEquals(1, picture.at(2, 3), 0.02f);
        assertEquals(0, picture.at(13, 3), 0.02f);
    }

    @Test
    void laysWhatIsTransparentOnWhite() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x00000000);
        image.setRGB(1, 0, 0x80000000);
        image.setRGB(2, 0, 0xff000000);
        Picture picture = Picture.read(write(image, "png"));
        assertEquals(1, picture.at(0, 0));
        assertEquals(127 / 255f, picture.at(1, 0), 1e-6f);
        assertEquals(0, picture.at(2, 0));
    }

    @Test
    void takesLumaOfColours() throws IOException {
        var image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, 0xff0000);
        image.setRGB(1, 0, 0x00ff00);
        image.setRGB(2, 0, 0x0000ff);
        Picture picture = Picture.read(write(image, "png"));
        assertEquals(0.299f, picture.at(0, 0), 1e-6f);
        assertEquals(0.587f, picture.at(1, 0), 1e-6f);
        assertEquals(0.114f, picture.at(2, 0), 1e-6f);
    }

    @Test
    void takesGreySamplesAsTheyAre() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            var image = new BufferedImage(1, 1, type);
            int most = type == BufferedImage.TYPE_BYTE_GRAY ? 255 : 65535;
            image.getRaster().setSample(0, 0, 0, most / 5 * 2);
            assertEquals(0.4f, Picture.read(write(image, "png")).at(0, 0), 1e-4f);
        }
    }

    @Test
    void readsBlackAndWhite() throws IOException {
        var image = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(4, 0, 0xffffff);
        Picture picture = Picture.read(write(image, "png"));
        assertEquals(1, picture.at(4, 0));
        assertEquals(0, picture.at(5, 0));
    }

    @Test
    void saysWhatIsNoPicture() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.png"), "these are words");
        assertEquals(text + ": is no picture that can be read (PNG, JPEG, GIF or BMP)", failure(text));
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertEquals(empty + ": is no picture that can be read (PNG, JPEG, GIF or BMP)", failure(empty));
        assertEquals(folder + ": is a folder, not a picture", failure(folder));
        Path none = folder.resolve("none.png");
        assertEquals(none + ": no such file or folder", failure(none));
    }

    @Test
    void saysWhichPictureIsBroken() throws IOException {
        Path whole = write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png");
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(bytes, 45));
        String message = failure(half);
        assertTrue(message.startsWith(half + ": is a broken picture: "), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void refusesPicturesOfAbsurdSize() throws IOException {
        Path small = write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(small));
        bytes.putInt(16, 65537).putInt(20, 65537);
        var check = new CRC32();
        check.update(bytes.array(), 12, 17);
        bytes.putInt(29, (int) check.getValue());
        Path huge = Files.write(folder.resolve("huge.png"), bytes.array());
        assertEquals(huge + ": is a broken picture: 65537 x 65537 pixels are more than 100,000,000", failure(huge));
    }

    private static String failure(Path file) {
        return assertThrows(UncheckedIOException.class, () -> Picture.read(file)).getMessage();
    }
}
