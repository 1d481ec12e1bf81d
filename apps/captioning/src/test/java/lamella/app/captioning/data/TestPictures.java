package lamella.app.captioning.data;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.imageio.ImageIO;

/// Picture files that the tests are made with.
final class TestPictures {
    private TestPictures() {}

    /// Returns a picture of one colour.
    static byte[] plain(Color color, int width, int height, String format) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(color);
        pen.fillRect(0, 0, width, height);
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    /// Writes a picture of one colour in the format that its name ends with.
    static void write(Path file, Color color) throws IOException {
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        Files.write(file, plain(color, 20, 10, name.substring(name.lastIndexOf('.') + 1)));
    }
}
