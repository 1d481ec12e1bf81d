package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/// Files in which a picture lies in each of the eight ways. Upright it is 64 x 32 pixels: red and green above, blue and
/// white below.
class OrientationTest {
    private static final String UPRIGHT = "RG/BW";
    private static final byte[] NOTHING = {};
    @TempDir Path folder;

    /// Returns an image with a colour in each quarter: `RG/BW`.
    private static BufferedImage quarters(String colors, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                char color = colors.charAt(3 * (2 * y / height) + 2 * x / width);
                image.setRGB(x, y, rgb(color));
            }
        }
        return image;
    }

    private static int rgb(char color) {
        return switch (color) {
            case 'R' -> 0xff0000;
            case 'G' -> 0x00ff00;
            case 'B' -> 0x0000ff;
            default -> 0xffffff;
        };
    }

    private static String quarters(Photo photo) {
        var colors = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            int x = photo.width() * (1 + 2 * (i % 2)) / 4;
            int y = photo.height() * (1 + 2 * (i / 2)) / 4;
            colors.append(i == 2 ? "/" : "").append(nearest(photo.argb()[y * photo.width() + x]));
        }
        return colors.toString();
    }

    private static char nearest(int argb) {
        boolean red = (argb >> 16 & 0xff) > 127;
        boolean green = (argb >> 8 & 0xff) > 127;
        return red ? green ? 'W' : 'R' : green ? 'G' : 'B';
    }

    /// Returns an Exif segment's content with a directory of three entries.
    private static byte[] exif(ByteOrder order, int orientation) {
        ByteBuffer tiff = ByteBuffer.allocate(100).order(order);
        tiff.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
        tiff.putShort((short) 42).putInt(20).position(20);
        tiff.putShort((short) 3);
        entry(tiff, 0x0100, 4, 6);
        entry(tiff, 0x0112, 3, orientation);
        entry(tiff, 0x0131, 2, 80);
        return concatenated("Exif\0\0".getBytes(StandardCharsets.US_ASCII), tiff.array());
    }

    private static void entry(ByteBuffer tiff, int tag, int type, int value) {
        tiff.putShort((short) tag).putShort((short) type).putInt(1);
        if (type == 3) {
            tiff.putShort((short) value).putShort((short) 0);
        } else {
            tiff.putInt(value);
        }
    }

    private static byte[] concatenated(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] segment(int marker, byte[] content) {
        int length = content.length + 2;
        return concatenated(new byte[] {(byte) 0xff, (byte) marker, (byte) (length >> 8), (byte) length}, content);
    }

    /// Returns a JPEG file with more segments before its own.
    private static byte[] jpeg(BufferedImage image, byte[]... segments) throws IOException {
        byte[] bare = Pictures.encode(image, "jpg");
        byte[] rest = new byte[bare.length - 2];
        System.arraycopy(bare, 2, rest, 0, rest.length);
        return concatenated(new byte[] {(byte) 0xff, (byte) 0xd8}, concatenated(segments), rest);
    }

    private static Photo read(byte[] file) {
        return Photo.read("a.jpg", new ByteArrayInputStream(file));
    }

    @ParameterizedTest
    @CsvSource({
        "1, RG/BW",
        "2, GR/WB",
        "3, WB/GR",
        "4, BW/RG",
        "5, RB/GW",
        "6, GW/RB",
        "7, WG/BR",
        "8, BR/WG",
    })
    void isFollowed(int orientation, String stored) throws IOException {
        boolean lying = orientation > 4;
        BufferedImage image = quarters(stored, lying ? 32 : 64, lying ? 64 : 32);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            byte[] file = jpeg(image, segment(0xe1, exif(order, orientation)));
            Photo photo = read(file);
            assertEquals(64, photo.width());
            assertEquals(32, photo.height());
            assertEquals(UPRIGHT, quarters(photo));
            Picture grey = Picture.read(Files.write(folder.resolve("a.jpg"), file));
            assertEquals(64, grey.width());
            assertEquals(0.299f, grey.at(16, 8), 0.02f);
            assertEquals(0.587f, grey.at(48, 8), 0.02f);
            assertEquals(0.114f, grey.at(16, 24), 0.02f);
            assertEquals(1, grey.at(48, 24), 0.02f);
        }
    }

    @Test
    void turnsGreyPixels() throws IOException {
        var grey = new BufferedImage(32, 64, BufferedImage.TYPE_BYTE_GRAY);
        grey.createGraphics().drawImage(quarters("WW/BB", 32, 64), 0, 0, null);
        Photo photo = read(jpeg(grey, segment(0xe1, exif(ByteOrder.BIG_ENDIAN, 6))));
        assertEquals(64, photo.width());
        assertNotEquals(photo.argb()[16], photo.argb()[48]);
        assertEquals(0xffffffff, photo.argb()[48]); // what is above in the file is at the right
    }

    @Test
    void standsBehindOtherSegments() throws IOException {
        byte[] remark = segment(0xfe, "a remark".getBytes(StandardCharsets.US_ASCII));
        byte[] other = segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(StandardCharsets.US_ASCII));
        byte[] brief = segment(0xe1, "Ex".getBytes(StandardCharsets.US_ASCII));
        byte[] filled = concatenated(new byte[] {-1, -1}, segment(0xe1, exif(ByteOrder.BIG_ENDIAN, 3)));
        assertEquals(UPRIGHT, quarters(read(jpeg(quarters("WB/GR", 64, 32), remark, other, brief, filled))));
    }

    @Test
    void isUprightWhereNothingOrNonsenseIsSaid() throws IOException {
        BufferedImage image = quarters(UPRIGHT, 64, 32);
        assertEquals(UPRIGHT, quarters(read(jpeg(image, NOTHING))));
        for (int value : new int[] {0, 9, 0x8006}) {
            assertEquals(UPRIGHT, quarters(read(jpeg(image, segment(0xe1, exif(ByteOrder.BIG_ENDIAN, value))))));
        }
        byte[] elsewhere = exif(ByteOrder.BIG_ENDIAN, 6);
        elsewhere[10] = 0x7f; // the directory is 2 GB behind
        assertEquals(UPRIGHT, quarters(read(jpeg(image, segment(0xe1, elsewhere)))));
        byte[] without = exif(ByteOrder.BIG_ENDIAN, 6);
        without[27] = 1; // a directory with one entry
        assertEquals(UPRIGHT, quarters(read(jpeg(image, segment(0xe1, without)))));
        assertEquals(
                UPRIGHT, quarters(read(jpeg(image, segment(0xe1, "Exif\0\0".getBytes(StandardCharsets.US_ASCII))))));
        assertEquals(UPRIGHT, quarters(read(Pictures.encode(image, "png"))));
    }

    /// Whatever is in the segment, there is a picture of the one size or the other.
    @Test
    void survivesDamage() throws IOException {
        BufferedImage image = quarters(UPRIGHT, 64, 32);
        var random = new Random(3);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = exif(round % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, 6);
            for (int i = 0; i < 1 + round % 6; i++) {
                damaged[6 + random.nextInt(60)] = (byte) random.nextInt();
            }
            assertEquals(2048, read(jpeg(image, segment(0xe1, damaged))).argb().length);
        }
    }
}
