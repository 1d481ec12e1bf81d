package lamella.app.common;

import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A grey picture.
///
/// @param width pixels in a row
/// @param height rows
/// @param grey one value for each pixel, row after row, from 0 (black) to 1 (white)
public record Picture(int width, int height, float[] grey) {
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
    /// colours become their luma, `0.299 R + 0.587 G + 0.114 B` (ITU-R BT.601). Of a picture with more than 4,000,000
    /// pixels only every second, third, ... row and column is kept. A JPEG file's Exif orientation is followed.
    ///
    /// @throws UncheckedIOException if there is no such file, or it is no such picture
    public static Picture read(Path file) {
        return PictureFile.read(file, Picture::of);
    }

    private static Picture of(BufferedImage image) {
        return GreySamples.in(image) ? fromSamples(image) : fromColors(Photo.of(image));
    }

    private static Picture fromSamples(BufferedImage image) {
        GreySamples samples = GreySamples.of(image);
        float[] grey = new float[image.getWidth() * image.getHeight()];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                grey[y * image.getWidth() + x] = onWhite(samples.value(x, y), samples.cover(x, y));
            }
        }
        return new Picture(image.getWidth(), image.getHeight(), grey);
    }

    private static Picture fromColors(Photo photo) {
        int[] argb = photo.argb();
        float[] grey = new float[argb.length];
        for (int i = 0; i < argb.length; i++) {
            int pixel = argb[i];
            float luma = 0.299f * (pixel >> 16 & 0xff) + 0.587f * (pixel >> 8 & 0xff) + 0.114f * (pixel & 0xff);
            grey[i] = onWhite(luma / 255, (pixel >>> 24) / 255f);
        }
        return new Picture(photo.width(), photo.height(), grey);
    }

    private static float onWhite(float value, float cover) {
        return Math.clamp(value * cover + 1 - cover, 0f, 1f);
    }
}
