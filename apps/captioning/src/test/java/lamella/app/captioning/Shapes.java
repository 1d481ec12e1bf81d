package lamella.app.captioning;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

/// A folder of pictures with captions: shapes in several colours.
final class Shapes {
    private static final Map<String, Color> COLORS =
            Map.of("red", Color.RED, "green", Color.GREEN, "blue", Color.BLUE, "black", Color.BLACK);

    private Shapes() {}

    /// Writes twelve pictures and `captions.tsv`.
    ///
    /// @param what a word that stands in each caption: `picture`
    static Path write(Path folder, String what) throws IOException {
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>();
        for (String color : COLORS.keySet().stream().sorted().toList()) {
            for (String shape : List.of("square", "disc", "bar")) {
                String name = color + "-" + shape + ".png";
                draw(folder.resolve(name), COLORS.get(color), shape);
                lines.add(name + "\t" + what + " of a " + color + " " + shape);
            }
        }
        Files.write(folder.resolve("captions.tsv"), lines);
        return folder;
    }

    private static void draw(Path file, Color color, String shape) throws IOException {
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 40, 40);
        pen.setColor(color);
        switch (shape) {
            case "square" -> pen.fillRect(10, 10, 20, 20);
            case "disc" -> pen.fillOval(8, 8, 24, 24);
            default -> pen.fillRect(2, 16, 36, 8);
        }
        pen.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
