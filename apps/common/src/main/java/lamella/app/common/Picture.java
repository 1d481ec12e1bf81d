package lamella.app.common;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// A grey picture.
///
/// @param width pixels in a row
/// @param height rows
/// @param grey one value for each pixel, row after row, from 0 (black) to 1 (white)
public record Picture(int width, int height, float[] grey) {
    private static final long MOST_PIXELS = 100_000_000;

    /// Rejects a number of values that is not that of the pixels.
    public Picture {
        if (width < 1 || height < 1 || grey.length != width * height) {
            throw new IllegalArgumentException(
                    "picture: %d values are not %d x %d pixels".formatted(grey.length, width, height));
        }
    }

    /// Returns the value of a pixel.
    public float at(int x, int y) {
        return grey[y * width + x];
    }

    /// Reads a PNG, JPEG, GIF (its first frame) or BMP file. What is transparent lies on white;
    /// colours become their luma, `0.299 R + 0.587 G + 0.114 B` (ITU-R BT.601).
    ///
    /// @throws UncheckedIOException if there is no such file, or it is no such picture
    public static Picture read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new IOException(file + ": is a folder, not a picture");
            }
            return of(decode(file));
        } catch (IOException e) {
            throw new UncheckedIOException(Failure.describe(e), e);
        }
    }

    private static BufferedImage decode(Path file) throws IOException {
        ImageIO.setUseCache(false);
        try (var bytes = Files.newInputStream(file);
                ImageInputStream in = ImageIO.createImageInputStream(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(file + ": is no picture that can be read (PNG, JPEG, GIF or BMP)");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                requireSane(file, reader.getWidth(0), reader.getHeight(0));
                return reader.read(0);
            } catch (IIOException | RuntimeException e) {
                // the decoders throw anything on broken files
                throw new IOException(file + ": is a broken picture: " + e.getMessage(), e);
            } finally {
                reader.dispose();
            }
        }
    }

    private static void requireSane(Path file, int width, int height) throws IOException {
        if ((long) width * height > MOST_PIXELS) {
            throw new IIOException("%d x %d pixels are more than %,d".formatted(width, height, MOST_PIXELS));
        }
    }

    private static Picture of(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        boolean samplesAreGrey =
                colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY && !(colors instanceof IndexColorModel);
        return samplesAreGrey ? fromSamples(image) : fromColors(image);
    }

    /// Takes grey samples as they are. `getRGB` would treat them as linear light and brighten them.
    private static Picture fromSamples(BufferedImage image) {
        Raster raster = image.getRaster();
        boolean alpha = image.getColorModel().getTransparency() != Transparency.OPAQUE;
        int bits =
                raster.getSampleModel().getDataType() == DataBuffer.TYPE_USHORT
                        ? 16
                        : image.getColorModel().getComponentSize(0);
        float white = (1 << bits) - 1;
        float[] grey = new float[image.getWidth() * image.getHeight()];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                float value = raster.getSample(x, y, 0) / white;
                float cover = alpha ? raster.getSample(x, y, 1) / white : 1;
                grey[y * image.getWidth() + x] = onWhite(value, cover);
            }
        }
        return new Picture(image.getWidth(), image.getHeight(), grey);
    }

    private static Picture fromColors(BufferedImage image) {
        int width = image.getWidth();
        float[] grey = new float[width * image.getHeight()];
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                int pixel = row[x];
                float luma = 0.299f * (pixel >> 16 & 0xff) + 0.587f * (pixel >> 8 & 0xff) + 0.114f * (pixel & 0xff);
                grey[y * width + x] = onWhite(luma / 255, (pixel >>> 24) / 255f);
            }
        }
        return new Picture(width, image.getHeight(), grey);
    }

    private static float onWhite(float value, float cover) {
        return Math.clamp(value * cover + 1 - cover, 0f, 1f);
    }
}
