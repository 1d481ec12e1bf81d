package lamella.app.mnist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;

/// Writes grey pictures: this module does not read the one with the picture formats.
final class Bmp {
    private static final int HEADER = 54;

    private Bmp() {}

    /// Writes a picture of 24 bits a pixel.
    ///
    /// @param grey the value at x, y, from 0 to 255
    static Path write(Path file, int width, int height, IntBinaryOperator grey) throws IOException {
        int row = (3 * width + 3) / 4 * 4;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + row * height).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 'B').put((byte) 'M').putInt(bytes.capacity()).putInt(0).putInt(HEADER);
        bytes.putInt(40).putInt(width).putInt(-height).putShort((short) 1).putShort((short) 24);
        for (int y = 0; y < height; y++) {
            bytes.position(HEADER + y * row);
            for (int x = 0; x < width; x++) {
                byte value = (byte) grey.applyAsInt(x, y);
                bytes.put(value).put(value).put(value);
            }
        }
        return Files.write(file, bytes.array());
    }
}
