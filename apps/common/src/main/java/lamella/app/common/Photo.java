package lamella.app.common;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/// A picture in colour.
///
/// {@snippet :
/// byte[] input = Photo.read(file).planes(3, 64, 64);
/// }
///
/// @param width pixels in a row
/// @param height rows
/// @param argb a pixel each, row after row: alpha (0 is transparent), red, green and blue, eight bits each, sRGB
public record Photo(int width, int height, int[] argb) {
    private static final int[] RGBA_SHIFTS = {16, 8, 0, 24};

    /// Rejects a number of values that is not that of the pixels.
    public Photo {
        if (width < 1 || height < 1 || argb.length != (long) width * height) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "photo: %d values are not %d x %d pixels", argb.length, width, height));
        }
    }

    /// Reads a PNG, JPEG, GIF (its first frame) or BMP file: grey, colours, colours of a palette, with or without
    /// alpha, or inks (CMYK). Of a picture with more than 4,000,000 pixels only every second, third, ... row and
    /// column is kept. Colours of another space become sRGB if the file says which; inks without a profile are
    /// taken for ideal ones, `R = (1 − C) (1 − K)`. A JPEG file's Exif orientation is followed.
    ///
    /// @throws UncheckedIOException if there is no such file, or it is no such picture
    public static Photo read(Path file) {
        return PictureFile.read(file, Photo::of);
    }

    /// Reads such a picture from a stream, which stays open.
    ///
    /// @param name what the picture is called in messages
    /// @throws UncheckedIOException if it is no such picture
    public static Photo read(String name, InputStream bytes) {
        try {
            return PictureFile.read(name, bytes, Photo::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /// Returns the picture of planes as [#planes] makes them.
    ///
    /// @param pixels unsigned, `[channels, height, width]`
    /// @param channels 3 for red, green and blue; 4 with alpha
    /// @throws IllegalArgumentException if there are other channels, or their size is another
    public static Photo of(byte[] pixels, int channels, int height, int width) {
        requireChannels(channels);
        int plane = height * width;
        if (pixels.length != (long) channels * plane) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "photo: %d values do not fill [%d, %d, %d]",
                            pixels.length,
                            channels,
                            height,
                            width));
        }
        int[] argb = new int[plane];
        for (int i = 0; i < plane; i++) {
            int pixel = channels == 3 ? 0xff << 24 : 0;
            for (int channel = 0; channel < channels; channel++) {
                pixel |= (pixels[channel * plane + i] & 0xff) << RGBA_SHIFTS[channel];
            }
            argb[i] = pixel;
        }
        return new Photo(width, height, argb);
    }

    static Photo of(BufferedImage image) {
        if (GreySamples.in(image)) {
            return ofGrey(image);
        }
        ColorSpace colors = image.getColorModel().getColorSpace();
        if (colors.getType() == ColorSpace.TYPE_CMYK && !(colors instanceof ICC_ColorSpace)) {
            return ofInks(image);
        }
        BufferedImage known = colors.isCS_sRGB() ? image : toStandard(image);
        int width = image.getWidth();
        return new Photo(width, image.getHeight(), known.getRGB(0, 0, width, image.getHeight(), null, 0, width));
    }

    private static Photo ofGrey(BufferedImage image) {
        GreySamples samples = GreySamples.of(image);
        int[] argb = new int[image.getWidth() * image.getHeight()];
        for (int i = 0; i < argb.length; i++) {
            int x = i % image.getWidth();
            int y = i / image.getWidth();
            int grey = Math.round(255 * samples.value(x, y));
            argb[i] = Math.round(255 * samples.cover(x, y)) << 24 | grey * 0x010101;
        }
        return new Photo(image.getWidth(), image.getHeight(), argb);
    }

    /// The decoder of the JDK would take the result for linear light and brighten it.
    private static Photo ofInks(BufferedImage image) {
        Raster raster = image.getRaster();
        int[] argb = new int[image.getWidth() * image.getHeight()];
        int[] inks = new int[4];
        for (int i = 0; i < argb.length; i++) {
            raster.getPixel(i % image.getWidth(), i / image.getWidth(), inks);
            int pixel = 0xff;
            for (int ink = 0; ink < 3; ink++) {
                pixel = pixel << 8 | Math.round((255 - inks[ink]) * (255 - inks[3]) / 255f);
            }
            argb[i] = pixel;
        }
        return new Photo(image.getWidth(), image.getHeight(), argb);
    }

    /// A whole image at once: pixel by pixel, conversion takes seconds.
    private static BufferedImage toStandard(BufferedImage image) {
        var standard = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        return new ColorConvertOp(null).filter(image, standard);
    }

    /// Returns this picture scaled to a height and a width, whatever its proportions, as planes
    /// `[channels, height, width]` of unsigned bytes.
    ///
    /// @param channels 3 for red, green and blue, what is transparent lying on white; 4 with alpha, colours as they are
    /// @throws IllegalArgumentException if there are other channels
    public byte[] planes(int channels, int height, int width) {
        requireChannels(channels);
        float[] cover = plane(3, height, width, false);
        byte[] result = new byte[channels * height * width];
        for (int channel = 0; channel < 3; channel++) {
            float[] covered = plane(channel, height, width, true);
            for (int i = 0; i < covered.length; i++) {
                float colour = channels == 3 ? covered[i] + 255 - cover[i] : straight(covered[i], cover[i]);
                result[channel * covered.length + i] = rounded(colour);
            }
        }
        for (int i = 0; channels == 4 && i < cover.length; i++) {
            result[3 * cover.length + i] = rounded(cover[i]);
        }
        return result;
    }

    /// A channel, times alpha where asked for, so that the colour of what is transparent does not bleed.
    private float[] plane(int channel, int newHeight, int newWidth, boolean timesAlpha) {
        float[] values = new float[argb.length];
        for (int i = 0; i < values.length; i++) {
            float value = argb[i] >>> RGBA_SHIFTS[channel] & 0xff;
            values[i] = timesAlpha ? value * (argb[i] >>> 24) / 255 : value;
        }
        return Resampling.scale(values, width, height, newWidth, newHeight);
    }

    private static float straight(float covered, float cover) {
        return cover == 0 ? 0 : 255 * covered / cover;
    }

    private static byte rounded(float value) {
        return (byte) Math.clamp(Math.round(value), 0, 255);
    }

    private static void requireChannels(int channels) {
        if (channels != 3 && channels != 4) {
            throw new IllegalArgumentException("photo: channels must be 3 or 4, got " + channels);
        }
    }
}
