package lamella.app.mnist;

import lamella.app.common.Picture;
import lamella.app.common.Resampling;

import java.nio.file.Path;
import java.util.Arrays;

/// Makes of any picture of a digit an image such as MNIST has: the ink light on dark, the digit
/// cropped and scaled into 20 x 20 pixels with its proportions kept, then laid into 28 x 28 pixels
/// with its centre of mass in the middle.
///
/// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998. Which of
/// light and dark is the ink is told by the picture's border, which is taken to be paper.
final class Digit {
    static final int SIDE = 28;
    private static final int BOX = 20;

    /// Less contrast between ink and paper than this, of 1, is no writing.
    private static final float LEAST_CONTRAST = 0.1f;

    /// Ink below this fraction of the darkest is paper, however clean the border is.
    private static final float LEAST_INK = 0.1f;

    /// Ink above this fraction of the darkest is ink, however noisy the border is.
    private static final float SURE_INK = 0.5f;

    /// The part of the border's pixels whose noise counts as paper.
    private static final float PAPER = 0.9f;

    /// A plane of ink: 0 is paper, 1 the strongest ink.
    private record Ink(int width, int height, float[] values) {
        float at(int x, int y) {
            return values[y * width + x];
        }
    }

    private Digit() {}

    /// Returns the pixels of the image, row after row, unsigned.
    ///
    /// @param source where the picture is from, for messages
    /// @throws IllegalArgumentException if there is nothing to see in it
    static byte[] normalize(Picture picture, Path source) {
        Ink digit = scale(crop(ink(picture, source)));
        return toBytes(centre(digit));
    }

    private static Ink ink(Picture picture, Path source) {
        float[] border = border(picture);
        float paper = border[border.length / 2];
        float darkest = paper;
        float lightest = paper;
        for (float value : picture.grey()) {
            darkest = Math.min(darkest, value);
            lightest = Math.max(lightest, value);
        }
        float strongest = paper - darkest >= lightest - paper ? darkest : lightest;
        float contrast = strongest - paper;
        if (Math.abs(contrast) < LEAST_CONTRAST) {
            throw new IllegalArgumentException(source + ": there is no digit to see, only one grey");
        }
        for (int i = 0; i < border.length; i++) {
            border[i] = Math.abs((border[i] - paper) / contrast);
        }
        Arrays.sort(border);
        float noise = border[(int) (PAPER * (border.length - 1))];
        float least = Math.clamp(1.5f * noise, LEAST_INK, SURE_INK);
        float[] values = new float[picture.grey().length];
        for (int i = 0; i < values.length; i++) {
            float value = (picture.grey()[i] - paper) / contrast;
            values[i] = value < least ? 0 : value;
        }
        return new Ink(picture.width(), picture.height(), values);
    }

    /// The values along the four sides, sorted.
    private static float[] border(Picture picture) {
        int width = picture.width();
        int height = picture.height();
        float[] border = new float[2 * (width + height)];
        int next = 0;
        for (int x = 0; x < width; x++) {
            border[next++] = picture.at(x, 0);
            border[next++] = picture.at(x, height - 1);
        }
        for (int y = 0; y < height; y++) {
            border[next++] = picture.at(0, y);
            border[next++] = picture.at(width - 1, y);
        }
        Arrays.sort(border);
        return border;
    }

    private static Ink crop(Ink ink) {
        int left = ink.width;
        int top = ink.height;
        int right = -1;
        int bottom = -1;
        for (int y = 0; y < ink.height; y++) {
            for (int x = 0; x < ink.width; x++) {
                if (ink.at(x, y) > 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        int width = right - left + 1;
        int height = bottom - top + 1;
        float[] values = new float[width * height];
        for (int y = 0; y < height; y++) {
            int from = (top + y) * ink.width + left;
            System.arraycopy(ink.values, from, values, y * width, width);
        }
        return new Ink(width, height, values);
    }

    private static Ink scale(Ink digit) {
        float factor = (float) BOX / Math.max(digit.width, digit.height);
        int width = Math.max(1, Math.round(digit.width * factor));
        int height = Math.max(1, Math.round(digit.height * factor));
        return new Ink(width, height, Resampling.scale(digit.values, digit.width, digit.height, width, height));
    }

    private static float[] centre(Ink digit) {
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int y = 0; y < digit.height; y++) {
            for (int x = 0; x < digit.width; x++) {
                mass += digit.at(x, y);
                massX += digit.at(x, y) * (x + 0.5);
                massY += digit.at(x, y) * (y + 0.5);
            }
        }
        int left = offset(massX / mass, digit.width);
        int top = offset(massY / mass, digit.height);
        float[] image = new float[SIDE * SIDE];
        for (int y = 0; y < digit.height; y++) {
            int to = (top + y) * SIDE + left;
            System.arraycopy(digit.values, y * digit.width, image, to, digit.width);
        }
        return image;
    }

    /// Where the box begins, such that the centre of mass is in the middle of pixel 14, as in the
    /// data set, but nothing sticks out.
    private static int offset(double centre, int size) {
        return Math.clamp(Math.round(SIDE / 2 + 0.5 - centre), 0, SIDE - size);
    }

    private static byte[] toBytes(float[] image) {
        float most = 0;
        for (float value : image) {
            most = Math.max(most, value);
        }
        byte[] bytes = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            bytes[i] = (byte) Math.round(255 * image[i] / most);
        }
        return bytes;
    }
}
