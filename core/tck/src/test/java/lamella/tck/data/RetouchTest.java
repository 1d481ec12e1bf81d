package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.data.Augmentation;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The parts of augmentations that change colours and backgrounds.
class RetouchTest {
    private static final Shape PAIR = Shape.of(3, 1, 2);
    private static final byte[] COLOURS = bytes(100, 120, 90, 110, 95, 105);

    private static float[] draw(Augmentation augmentation, Shape image, byte[] pixels, long seed) {
        return augmentation.apply(image, pixels, RandomSource.of(seed));
    }

    private static double[] drawn(Augmentation augmentation, ToDoubleFunction<float[]> figure) {
        return IntStream.range(0, 300)
                .mapToDouble(seed -> figure.applyAsDouble(draw(augmentation, PAIR, COLOURS, seed)))
                .sorted()
                .toArray();
    }

    /// Asserts that sorted figures fill a range.
    private static void assertFill(double least, double most, double[] sorted) {
        double slack = 0.05 * (most - least);
        double first = sorted[0];
        double last = sorted[sorted.length - 1];
        String text = "[" + first + ", " + last + "], expected nearly [" + least + ", " + most + "]";
        assertTrue(first >= least - 1e-4 && first <= least + slack, text);
        assertTrue(last <= most + 1e-4 && last >= most - slack, text);
        assertEquals((least + most) / 2, sorted[sorted.length / 2], 3 * slack, "the median");
    }

    @Test
    void brightensAllChannelsAlike() {
        var part = Augmentation.brightness(0.2f);
        assertFill(-51, 51, drawn(part, image -> image[0] - 100));
        float[] image = draw(part, PAIR, COLOURS, 5);
        for (int i = 0; i < image.length; i++) {
            assertEquals(image[0] - 100, image[i] - COLOURS[i], 1e-4);
        }
    }

    @Test
    void stretchesContrastAboutTheMean() {
        var part = Augmentation.contrast(0.5f, 1.5f);
        double mean = 620 / 6.0;
        assertFill(0.5, 1.5, drawn(part, image -> (image[1] - mean) / (120 - mean)));
        float[] image = draw(part, PAIR, COLOURS, 5);
        double factor = (image[1] - mean) / (120 - mean);
        for (int i = 0; i < image.length; i++) {
            assertEquals(mean + factor * (COLOURS[i] - mean), image[i], 1e-3);
        }
    }

    @Test
    void multipliesEachChannelByAFactorOfItsOwn() {
        var part = Augmentation.gain(0.5f, 1.5f);
        assertFill(0.5, 1.5, drawn(part, image -> image[0] / 100));
        assertFill(0.5, 1.5, drawn(part, image -> image[4] / 95));
        float[] image = draw(part, PAIR, COLOURS, 5);
        for (int i = 0; i < image.length; i += 2) {
            assertEquals(image[i] / COLOURS[i], image[i + 1] / COLOURS[i + 1], 1e-5);
        }
        assertTrue(Math.abs(image[0] / 100 - image[2] / 90) > 0.01);
    }

    @Test
    void keepsColoursBetweenBlackAndWhite() {
        byte[] extremes = bytes(0, 255, 0, 255, 3, 250);
        var part = Augmentation.brightness(1).then(Augmentation.contrast(1, 3)).then(Augmentation.gain(1, 4));
        for (int seed = 0; seed < 100; seed++) {
            for (float value : draw(part, PAIR, extremes, seed)) {
                assertTrue(value >= 0 && value <= 255, "value: " + value);
            }
        }
    }

    @Test
    void mixesColoursWithTheBackgroundByTheirOpacity() {
        byte[] pixels = bytes(200, 10, 50, 30, 20, 50, 100, 40, 50, 255, 0, 51);
        float[] onWhite = draw(Augmentation.whiteBackground(), Shape.of(4, 1, 3), pixels, 1);
        float light = 0.8f * 255;
        assertArrayEquals(
                new float[] {200, 255, 10 + light, 30, 255, 10 + light, 100, 255, 10 + light}, onWhite, 1e-3f);
        byte[] grey = bytes(200, 10, 51, 255);
        assertArrayEquals(
                new float[] {40 + light, 10}, draw(Augmentation.whiteBackground(), Shape.of(2, 1, 2), grey, 1), 1e-3f);
    }

    @Test
    void drawsTheBackgroundUniformlyInEachChannel() {
        Shape shape = Shape.of(4, 1, 2);
        var part = Augmentation.randomBackground(1);
        double[] correlations = new double[2];
        for (int channel = 0; channel < 3; channel++) {
            int place = 2 * channel;
            double[] levels =
                    IntStream.range(0, 300).mapToDouble(seed -> draw(part, shape, new byte[8], seed)[place]).toArray();
            for (int seed = 0; seed < levels.length; seed++) {
                float[] image = draw(part, shape, new byte[8], seed);
                assertEquals(image[place], image[place + 1]);
                if (channel > 0) {
                    correlations[channel - 1] += (image[0] / 127.5 - 1) * (image[place] / 127.5 - 1) / levels.length;
                }
            }
            assertFill(0, 255, Arrays.stream(levels).sorted().toArray());
        }
        // of independent uniform numbers in [-1, 1]: 0, with deviation 1 / (3 · √300) = 0.02
        assertArrayEquals(new double[2], correlations, 0.08);
    }

    @Test
    void drawsTheBackgroundForTheGivenShareOfImages() {
        Shape shape = Shape.of(4, 1, 1);
        int white = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] image = draw(Augmentation.randomBackground(0.25f), shape, new byte[4], seed);
            boolean random = !Arrays.equals(new float[] {255, 255, 255}, image);
            white += random ? 0 : 1;
            if (random) {
                assertArrayEquals(draw(Augmentation.randomBackground(1), shape, new byte[4], seed), image);
            }
        }
        assertEquals(300, white, 35);
    }

    @Test
    void leavesNoDarkSeamWhereAMovedImageMeetsItsBackground() {
        // white on white is white, though half of it is not there
        byte[] pixels = new byte[4 * 25];
        for (int i = 0; i < 25; i++) {
            boolean inside = i % 5 >= 1 && i % 5 <= 3;
            for (int channel = 0; channel < 4; channel++) {
                pixels[25 * channel + i] = (byte) (inside ? 255 : 0);
            }
        }
        var moved = Augmentation.shift(1).then(Augmentation.rotate(30)).then(Augmentation.whiteBackground());
        for (int seed = 0; seed < 20; seed++) {
            for (float value : draw(moved, Shape.of(4, 5, 5), pixels, seed)) {
                assertEquals(255, value, 1e-3);
            }
        }
    }

    @Test
    void changesTheBackgroundOnlyInPartsBehindIt() {
        Shape shape = Shape.of(4, 1, 2);
        byte[] pixels = bytes(100, 100, 100, 100, 100, 100, 255, 0);
        var darker = Augmentation.gain(0.5f, 0.5f);
        float[] before = draw(darker.then(Augmentation.whiteBackground()), shape, pixels, 1);
        assertArrayEquals(new float[] {50, 255, 50, 255, 50, 255}, before, 1e-3f);
        float[] behind = draw(Augmentation.whiteBackground().then(darker), shape, pixels, 1);
        assertArrayEquals(new float[] {50, 127.5f, 50, 127.5f, 50, 127.5f}, behind, 1e-3f);
    }

    @Test
    void takesTheMeanOfWhatIsOpaque() {
        // the second pixel is not there: the mean is 100, and no contrast changes the first
        byte[] pixels = bytes(100, 250, 100, 250, 100, 250, 255, 0);
        var part = Augmentation.contrast(3, 3).then(Augmentation.whiteBackground());
        float[] expected = {100, 255, 100, 255, 100, 255};
        assertArrayEquals(expected, draw(part, Shape.of(4, 1, 2), pixels, 1), 1e-3f);
        assertArrayEquals(new float[] {255, 255}, draw(part, Shape.of(2, 1, 2), new byte[4], 1), 1e-3f);
    }

    @Test
    void movesBeforeItChangesColours() {
        // what comes from beyond a black image is as bright as the rest
        var part = Augmentation.brightness(1).then(Augmentation.scale(0.5f, 0.5f));
        double brightest = 0;
        for (int seed = 0; seed < 10; seed++) {
            float[] image = draw(part, Shape.of(1, 1, 4), new byte[4], seed);
            for (float value : image) {
                assertEquals(image[0], value);
            }
            brightest = Math.max(brightest, image[0]);
        }
        assertTrue(brightest > 50, "brightest: " + brightest);
    }

    @Test
    void dependsOnTheRandomSourceAlone() {
        var all = Augmentation.flip().then(Augmentation.brightness(0.3f)).then(Augmentation.gain(0.5f, 1.5f));
        assertArrayEquals(draw(all, PAIR, COLOURS, 3), draw(all, PAIR, COLOURS, 3));
        assertTrue(!Arrays.equals(draw(all, PAIR, COLOURS, 3), draw(all, PAIR, COLOURS, 4)));
        assertArrayEquals(bytes(100, 120, 90, 110, 95, 105), COLOURS);
    }

    @Test
    void rejectsImagesThatDoNotFit() {
        assertEquals(
                "augmentation: 5 pixels are no image [C, H, W] of [3, 1, 2]",
                message(() -> draw(Augmentation.flip(), PAIR, new byte[5], 1)));
        assertEquals(
                "augmentation: 6 pixels are no image [C, H, W] of [6]",
                message(() -> draw(Augmentation.flip(), Shape.of(6), new byte[6], 1)));
        assertEquals(
                "background: an image must have 2 or 4 channels, the last of them alpha, got [3, 1, 2]",
                message(() -> draw(Augmentation.randomBackground(1), PAIR, COLOURS, 1)));
    }

    private static String message(Runnable making) {
        return assertThrows(IllegalArgumentException.class, making::run).getMessage();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
