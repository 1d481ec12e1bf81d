package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.data.Augmentation;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.ImageDataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

class AugmentationTest {
    private static final int SIDE = 21;
    private static final int MIDDLE = SIDE / 2;

    /// Draws one augmented image, in units of its pixels.
    private static float[] draw(Augmentation augmentation, Shape image, byte[] pixels, long seed) {
        var dataset = ImageDataset.of(image, pixels, new int[1], 1).normalize(0, 1 / 255f).augment(augmentation);
        var batch = dataset.batch(new int[1], RandomSource.of(seed));
        var floats = (Values.Floats) batch.inputs();
        return Arrays.copyOf(floats.elements(), image.size());
    }

    /// A square image that is black but for a spot of 3 x 3 pixels.
    private static byte[] spot(int row, int column) {
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = -1; i <= 1; i++) {
            Arrays.fill(pixels, (row + i) * SIDE + column - 1, (row + i) * SIDE + column + 2, (byte) 100);
        }
        return pixels;
    }

    /// Where the spot went: row and column relative to the middle, and its total brightness.
    private static double[] centroid(float[] image) {
        double sum = 0;
        double row = 0;
        double column = 0;
        for (int i = 0; i < image.length; i++) {
            sum += image[i];
            row += image[i] * (i / SIDE - MIDDLE);
            column += image[i] * (i % SIDE - MIDDLE);
        }
        return new double[] {row / sum, column / sum, sum};
    }

    private static double[] spotAfter(Augmentation augmentation, int row, int column, long seed) {
        Shape shape = Shape.of(1, SIDE, SIDE);
        return centroid(draw(augmentation, shape, spot(MIDDLE + row, MIDDLE + column), seed));
    }

    @Test
    void leavesImagesAloneWithoutParts() {
        byte[] pixels = {1, 2, 3, 4, 5, (byte) 250};
        float[] same = draw(Augmentation.none(), Shape.of(1, 2, 3), pixels, 1);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 250}, same, 1e-4f);
    }

    @Test
    void leavesImagesAloneWhereNothingCanMove() {
        byte[] pixels = {1, 2, 3, 4, 5, (byte) 250};
        var still = Augmentation.shift(0).then(Augmentation.rotate(0)).then(Augmentation.scale(1, 1));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 250}, draw(still, Shape.of(1, 2, 3), pixels, 1), 1e-4f);
    }

    @Test
    void shiftsByNoMoreThanAsked() {
        double farthest = 0;
        for (int seed = 0; seed < 200; seed++) {
            double[] moved = spotAfter(Augmentation.shift(2), 0, 0, seed);
            assertEquals(900, moved[2], 1e-2);
            farthest = Math.max(farthest, Math.max(Math.abs(moved[0]), Math.abs(moved[1])));
        }
        assertTrue(farthest <= 2 + 1e-4 && farthest > 1.9, "farthest: " + farthest);
    }

    @Test
    void shiftsInAllDirections() {
        var signs = new HashSet<String>();
        for (int seed = 0; seed < 50; seed++) {
            double[] moved = spotAfter(Augmentation.shift(2), 0, 0, seed);
            signs.add((moved[0] > 0) + " " + (moved[1] > 0));
        }
        assertEquals(4, signs.size());
    }

    @Test
    void rotatesAboutTheMiddle() {
        double most = 0;
        double least = 0;
        for (int seed = 0; seed < 200; seed++) {
            double[] moved = spotAfter(Augmentation.rotate(30), 0, 7, seed);
            assertEquals(7, Math.hypot(moved[0], moved[1]), 0.1);
            double angle = Math.toDegrees(Math.atan2(moved[0], moved[1]));
            most = Math.max(most, angle);
            least = Math.min(least, angle);
        }
        assertTrue(most <= 30.5 && most > 27, "most: " + most);
        assertTrue(least >= -30.5 && least < -27, "least: " + least);
    }

    @Test
    void scalesAboutTheMiddle() {
        float[] wide = draw(Augmentation.scale(2, 2), Shape.of(1, 1, 5), bytes(0, 0, 8, 4, 0), 1);
        assertArrayEquals(new float[] {0, 4, 8, 6, 4}, wide, 1e-4f);
        double[] moved = spotAfter(Augmentation.scale(0.5f, 0.5f), 0, 6, 1);
        assertEquals(3, moved[1], 0.1);
    }

    @Test
    void scalesWithinTheRange() {
        for (int seed = 0; seed < 100; seed++) {
            double distance = spotAfter(Augmentation.scale(0.9f, 1.1f), 0, 6, seed)[1];
            assertTrue(distance > 5.3 && distance < 6.7, "distance: " + distance);
        }
    }

    @Test
    void flipsHalfOfTheImagesExactly() {
        byte[] pixels = bytes(1, 2, 3, 4, 5, 6, 7, 8);
        float[] same = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] mirrored = {4, 3, 2, 1, 8, 7, 6, 5};
        int flipped = 0;
        for (int seed = 0; seed < 400; seed++) {
            float[] drawn = draw(Augmentation.flip(), Shape.of(1, 2, 4), pixels, seed);
            boolean flip = drawn[0] > 2;
            assertArrayEquals(flip ? mirrored : same, drawn, 1e-4f);
            flipped += flip ? 1 : 0;
        }
        assertEquals(200, flipped, 40);
    }

    @Test
    void interpolatesOnceHoweverManyParts() {
        byte[] pixels = bytes(9, 1, 7, 3, 200, 5, 8, 2, 6);
        var thereAndBack = Augmentation.scale(4, 4).then(Augmentation.scale(0.25f, 0.25f));
        float[] same = {9, 1, 7, 3, 200, 5, 8, 2, 6};
        assertArrayEquals(same, draw(thereAndBack, Shape.of(1, 3, 3), pixels, 1), 1e-4f);
    }

    @Test
    void appliesPartsInTheirOrder() {
        for (int seed = 0; seed < 20; seed++) {
            double[] alone = spotAfter(Augmentation.shift(2), 0, 0, seed);
            var shiftFirst = Augmentation.shift(2).then(Augmentation.scale(2, 2));
            assertEquals(2 * alone[0], spotAfter(shiftFirst, 0, 0, seed)[0], 0.05);
        }
    }

    @Test
    void movesAllChannelsAlike() {
        byte[] grey = spot(8, 12);
        byte[] colours = Arrays.copyOf(grey, 2 * grey.length);
        System.arraycopy(grey, 0, colours, grey.length, grey.length);
        var distort = Augmentation.shift(2).then(Augmentation.rotate(20));
        float[] drawn = draw(distort, Shape.of(2, SIDE, SIDE), colours, 3);
        assertArrayEquals(Arrays.copyOf(drawn, grey.length), Arrays.copyOfRange(drawn, grey.length, 2 * grey.length));
    }

    @Test
    void dependsOnTheRandomSourceAlone() {
        Shape shape = Shape.of(1, SIDE, SIDE);
        var distort = Augmentation.shift(2).then(Augmentation.rotate(20));
        float[] first = draw(distort, shape, spot(8, 12), 3);
        assertArrayEquals(first, draw(distort, shape, spot(8, 12), 3));
        assertFalse(Arrays.equals(first, draw(distort, shape, spot(8, 12), 4)));
    }

    @Test
    void dependsNotOnTheSizeOfBatches() {
        byte[] pixels = new byte[7 * 9];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (31 * i);
        }
        var images =
                ImageDataset.of(Shape.of(1, 3, 3), pixels, new int[7], 1)
                        .augment(Augmentation.shift(1).then(Augmentation.rotate(20)));
        assertEquals(epoch(images, 7), epoch(images, 3));
        assertEquals(epoch(images, 7), epoch(images, 1));
    }

    private static List<Float> epoch(ImageDataset images, int batchSize) {
        var seen = new ArrayList<Float>();
        try (Batches batches = Batching.of(batchSize).prefetch(0).epoch(images, 1, 1)) {
            while (batches.hasNext()) {
                var batch = batches.next();
                float[] elements = ((Values.Floats) batch.inputs()).elements();
                for (int i = 0; i < batch.size() * images.image().size(); i++) {
                    seen.add(elements[i]);
                }
            }
        }
        return seen;
    }

    @Test
    void printsAsTheCodeThatMakesIt() {
        assertEquals("none()", Augmentation.none().toString());
        assertEquals("shift(2.0)", Augmentation.shift(2).toString());
        var all =
                Augmentation.shift(2)
                        .then(Augmentation.rotate(10))
                        .then(Augmentation.scale(0.9f, 1.1f))
                        .then(Augmentation.flip());
        assertEquals("shift(2.0).then(rotate(10.0)).then(scale(0.9, 1.1)).then(flip())", all.toString());
        var colours =
                Augmentation.brightness(0.1f)
                        .then(Augmentation.contrast(0.8f, 1.25f))
                        .then(Augmentation.gain(0.9f, 1.1f))
                        .then(Augmentation.randomBackground(0.5f));
        assertEquals(
                "brightness(0.1).then(contrast(0.8, 1.25)).then(gain(0.9, 1.1)).then(randomBackground(0.5))",
                colours.toString());
        assertEquals("whiteBackground()", Augmentation.whiteBackground().toString());
    }

    @Test
    void rejectsNonsense() {
        assertEquals("shift: pixels must be at least 0, got -1.0", message(() -> Augmentation.shift(-1)));
        assertEquals("rotate: degrees must be at least 0, got NaN", message(() -> Augmentation.rotate(Float.NaN)));
        assertEquals(
                "scale: factors must satisfy 0 < least <= most, got 1.1 and 0.9",
                message(() -> Augmentation.scale(1.1f, 0.9f)));
        assertEquals(
                "scale: factors must satisfy 0 < least <= most, got 0.0 and 1.0",
                message(() -> Augmentation.scale(0, 1)));
        assertEquals(
                "contrast: factors must satisfy 0 < least <= most, got 2.0 and 1.0",
                message(() -> Augmentation.contrast(2, 1)));
        assertEquals(
                "gain: factors must satisfy 0 < least <= most, got NaN and 1.0",
                message(() -> Augmentation.gain(Float.NaN, 1)));
        assertEquals("brightness: fraction must be in [0, 1], got -0.1", message(() -> Augmentation.brightness(-0.1f)));
        assertEquals(
                "randomBackground: share must be in [0, 1], got 1.5",
                message(() -> Augmentation.randomBackground(1.5f)));
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
