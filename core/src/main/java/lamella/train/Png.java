package lamella.train;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes images as PNG, 8 bits a channel, without java.desktop.
///
/// Source: W3C, "Portable Network Graphics (PNG) Specification (Second Edition)", 2003; filter 0
/// throughout, no interlacing.
public final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Png() {}

    /// Returns a picture as a PNG file.
    ///
    /// @param pixels one channel (grey) or three (red, green, blue) after the other, each row by
    ///   row, unsigned: `[C, H, W]`
    /// @param channels 1 or 3
    /// @throws IllegalArgumentException if there are other channels, no pixels, or their number is
    ///   not `channels · height · width`
    public static byte[] encode(byte[] pixels, int channels, int height, int width) {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("png: channels must be 1 or 3, got " + channels);
        }
        if (height < 1 || width < 1 || pixels.length != (long) channels * height * width) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "png: %d pixels do not fill [%d, %d, %d]",
                            pixels.length,
                            channels,
                            height,
                            width));
        }
        var file = new ByteArrayOutputStream();
        file.writeBytes(SIGNATURE);
        chunk(file, "IHDR", header(channels, height, width));
        chunk(file, "IDAT", compressed(scanLines(pixels, channels, height, width)));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static byte[] header(int channels, int height, int width) {
        var bytes = new ByteArrayOutputStream();
        number(bytes, width);
        number(bytes, height);
        int colours = channels == 1 ? 0 : 2;
        bytes.writeBytes(new byte[] {8, (byte) colours, 0, 0, 0});
        return bytes.toByteArray();
    }

    /// Each row begins with its filter, 0, and has the channels of a pixel side by side.
    private static byte[] scanLines(byte[] pixels, int channels, int height, int width) {
        byte[] lines = new byte[height * (1 + width * channels)];
        int at = 0;
        for (int row = 0; row < height; row++) {
            at++;
            for (int column = 0; column < width; column++) {
                for (int channel = 0; channel < channels; channel++) {
                    lines[at++] = pixels[(channel * height + row) * width + column];
                }
            }
        }
        return lines;
    }

    private static byte[] compressed(byte[] bytes) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] content) {
        var body = new ByteArrayOutputStream();
        for (char letter : type.toCharArray()) {
            body.write(letter);
        }
        body.writeBytes(content);
        var sum = new CRC32();
        sum.update(body.toByteArray());
        number(file, content.length);
        file.writeBytes(body.toByteArray());
        number(file, (int) sum.getValue());
    }

    private static void number(ByteArrayOutputStream out, int number) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(number >>> shift);
        }
    }
}
