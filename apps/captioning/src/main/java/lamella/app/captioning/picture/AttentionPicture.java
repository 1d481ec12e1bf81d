package lamella.app.captioning.picture;

import lamella.app.common.Photo;
import lamella.app.common.Resampling;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

import javax.imageio.ImageIO;

/// Draws what a net looked at while it said what is in a picture: the picture, then the picture once for each word, dark
/// where it did not look and tinted where it did, with the word below.
///
/// Source: Xu et al., "Show, Attend and Tell", 2015, figure 3; there a white veil is laid over the picture, which cannot be
/// seen on a white one.
///
/// @param tileWidth the width of one of these pictures, in pixels
/// @param tileHeight its height
/// @param columns how many are side by side
public record AttentionPicture(int tileWidth, int tileHeight, int columns) {
    private static final int SIDE = 192;
    private static final int LEAST_SIDE = 48;
    private static final int COLUMNS = 5;
    private static final int MARGIN = 8;
    private static final int TEXT_HEIGHT = 24;
    private static final int FONT_SIZE = 15;
    private static final Color PAPER = Color.WHITE;
    private static final Color INK = new Color(0x1c2430);

    /// What is left of the light where the net did not look.
    private static final float DARK = 0.3f;

    private static final int[] TINT = {255, 120, 0};
    private static final float TINTED = 0.35f;

    /// Returns the layout for a picture and a number of words.
    static AttentionPicture layout(Photo photo, int words) {
        int longer = Math.max(photo.width(), photo.height());
        return new AttentionPicture(
                Math.max(LEAST_SIDE, Math.round((float) SIDE * photo.width() / longer)),
                Math.max(LEAST_SIDE, Math.round((float) SIDE * photo.height() / longer)),
                Math.min(COLUMNS, words + 1));
    }

    /// Returns a PNG file.
    ///
    /// @param photo the picture that the net saw
    /// @param rows of regions
    /// @param columns of regions
    /// @param looks one for each word, in order
    /// @throws IllegalArgumentException if the weights of a word are not `rows · columns`
    /// @throws IllegalStateException if there are no fonts to write the words with
    public static byte[] png(Photo photo, int rows, int columns, List<Look> looks) {
        for (Look look : looks) {
            if (look.weights().length != rows * columns) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "attention: '%s' has %d weights for %d x %d regions",
                                look.word(),
                                look.weights().length,
                                rows,
                                columns));
            }
        }
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(layout(photo, looks.size()).draw(photo, rows, columns, looks), "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private BufferedImage draw(Photo photo, int rows, int columns, List<Look> looks) {
        int lines = (looks.size() + this.columns) / this.columns;
        var page = new BufferedImage(left(this.columns), top(lines), BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = page.createGraphics();
        pen.setColor(PAPER);
        pen.fillRect(0, 0, page.getWidth(), page.getHeight());
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(INK);
        byte[] seen = photo.planes(3, tileHeight, tileWidth);
        put(page, 0, seen, new float[0]);
        for (int i = 0; i < looks.size(); i++) {
            Look look = looks.get(i);
            float[] strengths = Resampling.scale(look.strengths(), columns, rows, tileWidth, tileHeight);
            put(page, i + 1, seen, strengths);
            write(pen, i + 1, look.word());
        }
        pen.dispose();
        return page;
    }

    private int left(int column) {
        return MARGIN + column * (tileWidth + MARGIN);
    }

    private int top(int line) {
        return MARGIN + line * (tileHeight + TEXT_HEIGHT + MARGIN);
    }

    /// @param strengths one for each pixel; none for the picture as it is
    private void put(BufferedImage page, int tile, byte[] seen, float[] strengths) {
        int[] pixels = new int[tileWidth * tileHeight];
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < pixels.length; i++) {
                int value = seen[channel * pixels.length + i] & 0xff;
                pixels[i] = pixels[i] << 8 | (strengths.length == 0 ? value : shown(value, channel, strengths[i]));
            }
        }
        page.setRGB(left(tile % columns), top(tile / columns), tileWidth, tileHeight, pixels, 0, tileWidth);
    }

    private static int shown(int value, int channel, float strength) {
        float lit = value * (DARK + (1 - DARK) * strength);
        return Math.clamp(Math.round(lit + TINTED * strength * (TINT[channel] - lit)), 0, 255);
    }

    private void write(Graphics2D pen, int tile, String word) {
        FontMetrics metrics = metrics(pen);
        String text = fitting(word, metrics);
        int x = left(tile % columns) + (tileWidth - metrics.stringWidth(text)) / 2;
        int y = top(tile / columns) + tileHeight + (TEXT_HEIGHT + metrics.getAscent() - metrics.getDescent()) / 2;
        pen.drawString(text, x, y);
    }

    /// Where no fonts are installed, the JDK fails in several ways, with errors too.
    private static FontMetrics metrics(Graphics2D pen) {
        try {
            pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE));
            return pen.getFontMetrics();
        } catch (RuntimeException | InternalError | LinkageError e) {
            throw new IllegalStateException("attention: no fonts are installed here to write the words with", e);
        }
    }

    private String fitting(String word, FontMetrics metrics) {
        String text = word;
        int[] points = word.codePoints().toArray();
        for (int kept = points.length - 1; kept > 0 && metrics.stringWidth(text) > tileWidth; kept--) {
            text = new String(points, 0, kept) + "…";
        }
        return text;
    }
}
