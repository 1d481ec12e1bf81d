package lamella.app.mnist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.common.Picture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

class DigitTest {
    private static final Path SOURCE = Path.of("digit.png");

    /// A thick 7: a bar at the top and a slanted stroke, on a square of this side.
    private static float[] seven(int side, float paper, float ink) {
        float[] grey = new float[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double u = (x + 0.5) / side;
                double v = (y + 0.5) / side;
                boolean bar = v > 0.2 && v < 0.3 && u > 0.3 && u < 0.65;
                double stroke = 0.6 - (v - 0.3) * 0.4;
                boolean slant = v >= 0.3 && v < 0.8 && Math.abs(u - stroke) < 0.05;
                grey[y * side + x] = bar || slant ? ink : paper;
            }
        }
        return grey;
    }

    private static byte[] digit(int width, int height, float[] grey) {
        return Digit.normalize(new Picture(width, height, grey), SOURCE);
    }

    private static int at(byte[] digit, int x, int y) {
        return digit[y * 28 + x] & 0xff;
    }

    /// Mean difference of two images, of 255.
    private static double difference(byte[] one, byte[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs((one[i] & 0xff) - (other[i] & 0xff));
        }
        return sum / one.length;
    }

    @ParameterizedTest
    @ValueSource(ints = {28, 57, 100, 640})
    void bothPolaritiesAndAllSizesGiveOneImage(int side) {
        byte[] expected = digit(280, 280, seven(280, 1, 0));
        byte[] darkOnLight = digit(side, side, seven(side, 1, 0));
        byte[] lightOnDark = digit(side, side, seven(side, 0, 1));
        double sizes = difference(expected, darkOnLight);
        double polarities = difference(darkOnLight, lightOnDark);
        assertTrue(sizes < 8, () -> "side " + side + ": mean difference " + sizes);
        assertTrue(polarities < 0.01, () -> "side " + side + ": mean difference " + polarities);
    }

    @Test
    void greyPaperAndPaleInkAreStretched() {
        byte[] expected = digit(100, 100, seven(100, 1, 0));
        assertTrue(difference(expected, digit(100, 100, seven(100, 0.8f, 0.5f))) < 0.01);
        assertTrue(difference(expected, digit(100, 100, seven(100, 0.3f, 0.6f))) < 0.01);
    }

    @Test
    void noiseOfThePaperIsDropped() {
        float[] grey = seven(100, 0.9f, 0.1f);
        var random = new Random(1);
        for (int i = 0; i < grey.length; i++) {
            grey[i] += 0.1f * (random.nextFloat() - 0.5f);
        }
        byte[] expected = digit(100, 100, seven(100, 0.9f, 0.1f));
        assertTrue(difference(expected, digit(100, 100, grey)) < 4);
    }

    @Test
    void fillsTheBoxOf20By20AndKeepsProportions() {
        // a bar of 40 x 10 pixels in a corner: 20 x 5 pixels in the middle
        float[] grey = new float[200 * 100];
        for (int y = 60; y < 70; y++) {
            for (int x = 20; x < 60; x++) {
                grey[y * 200 + x] = 1;
            }
        }
        byte[] digit = digit(200, 100, grey);
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                boolean inside = x >= 5 && x < 25 && y >= 12 && y < 17;
                assertEquals(inside ? 255 : 0, at(digit, x, y), x + ", " + y);
            }
        }
    }

    @Test
    void centresByMass() {
        // an L: a heavy stroke on the left, a thin one below
        float[] grey = new float[100 * 100];
        for (int i = 10; i < 90; i++) {
            for (int j = 0; j < 20; j++) {
                grey[i * 100 + 10 + j] = 1;
            }
            grey[89 * 100 + i] = 1;
        }
        byte[] digit = digit(100, 100, grey);
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                mass += at(digit, x, y);
                massX += at(digit, x, y) * (x + 0.5);
                massY += at(digit, x, y) * (y + 0.5);
            }
        }
        // the box cannot go further right than to columns 8 to 27
        assertEquals(10.8, massX / mass, 0.1);
        assertEquals(14.5, massY / mass, 0.5);
        assertEquals(0, at(digit, 7, 14));
        assertEquals(255, at(digit, 9, 14));
    }

    @Test
    void imagesOfTheDataSetStayAboutAsTheyAre() {
        var test = new MnistData(Optional.empty()).test();
        double sum = 0;
        for (int i = 0; i < 100; i++) {
            byte[] pixels = test.pixels(i);
            float[] grey = new float[pixels.length];
            for (int j = 0; j < grey.length; j++) {
                grey[j] = (pixels[j] & 0xff) / 255f;
            }
            sum += difference(pixels, digit(28, 28, grey));
        }
        assertEquals(0, sum / 100, 0.5);
    }

    @Test
    void aPictureOfOneGreyHasNoDigit() {
        var e = assertThrows(IllegalArgumentException.class, () -> digit(5, 4, new float[20]));
        assertEquals("digit.png: there is no digit to see, only one grey", e.getMessage());
    }

    @Test
    void aSinglePixelIsABlot() {
        float[] grey = new float[25];
        grey[12] = 1;
        assertEquals(255, at(digit(5, 5, grey), 14, 14));
    }
}
