package lamella.tck.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.train.Png;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Takes files apart as the specification says, since a decoder would need java.desktop.
class PngTest {
    private static Map<String, byte[]> chunks(byte[] file) {
        var in = ByteBuffer.wrap(file);
        byte[] signature = new byte[8];
        in.get(signature);
        assertArrayEquals(new byte[] {(byte) 137, 80, 78, 71, 13, 10, 26, 10}, signature);
        var chunks = new LinkedHashMap<String, byte[]>();
        while (in.hasRemaining()) {
            byte[] content = new byte[in.getInt()];
            byte[] type = new byte[4];
            in.get(type).get(content);
            var sum = new CRC32();
            sum.update(type);
            sum.update(content);
            assertEquals((int) sum.getValue(), in.getInt());
            chunks.put(new String(type, StandardCharsets.US_ASCII), content);
        }
        return chunks;
    }

    private static byte[] inflated(byte[] data, int size) throws DataFormatException {
        var inflater = new Inflater();
        try {
            inflater.setInput(data);
            byte[] bytes = new byte[size + 1];
            assertEquals(size, inflater.inflate(bytes));
            return Arrays.copyOf(bytes, size);
        } finally {
            inflater.end();
        }
    }

    @Test
    void writesGreyPictures() throws DataFormatException {
        byte[] pixels = {1, 2, 3, 4, 5, (byte) 255};
        Map<String, byte[]> chunks = chunks(Png.encode(pixels, 1, 2, 3));
        assertEquals(List.of("IHDR", "IDAT", "IEND"), List.copyOf(chunks.keySet()));
        assertArrayEquals(new byte[] {0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0}, chunks.get("IHDR"));
        assertArrayEquals(new byte[] {0, 1, 2, 3, 0, 4, 5, (byte) 255}, inflated(chunks.get("IDAT"), 8));
        assertEquals(0, chunks.get("IEND").length);
    }

    @Test
    void writesColours() throws DataFormatException {
        byte[] pixels = {1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24};
        Map<String, byte[]> chunks = chunks(Png.encode(pixels, 3, 2, 2));
        assertArrayEquals(new byte[] {0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0}, chunks.get("IHDR"));
        assertArrayEquals(
                new byte[] {0, 1, 11, 21, 2, 12, 22, 0, 3, 13, 23, 4, 14, 24}, inflated(chunks.get("IDAT"), 14));
    }

    @Test
    void rejectsWhatIsNoPicture() {
        assertEquals("png: channels must be 1 or 3, got 2", message(new byte[2], 2, 1, 1));
        assertEquals("png: 5 pixels do not fill [1, 2, 3]", message(new byte[5], 1, 2, 3));
        assertEquals("png: 0 pixels do not fill [1, 0, 3]", message(new byte[0], 1, 0, 3));
    }

    private static String message(byte[] pixels, int channels, int height, int width) {
        return assertThrows(IllegalArgumentException.class, () -> Png.encode(pixels, channels, height, width))
                .getMessage();
    }
}
