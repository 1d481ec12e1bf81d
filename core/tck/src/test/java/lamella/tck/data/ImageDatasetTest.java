package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.data.Augmentation;
import lamella.data.Batch;
import lamella.data.ImageDataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.Arrays;

class ImageDatasetTest {
    private static final Shape PIXEL_PAIR = Shape.of(2, 1, 2);

    /// Three images of two channels with two pixels each.
    private static ImageDataset three() {
        byte[] pixels = {0, 51, 102, (byte) 255, 1, 2, 3, 4, 5, 6, 7, 8};
        return ImageDataset.of(PIXEL_PAIR, pixels, new int[] {4, 0, 2}, 5);
    }

    private static RandomSource random() {
        return RandomSource.of(1);
    }

    private static float[] inputs(Batch batch) {
        var floats = (Values.Floats) batch.inputs();
        return Arrays.copyOf(floats.elements(), floats.shape().size());
    }

    private static int[] targets(Batch batch) {
        var ints = (Values.Ints) batch.targets();
        return Arrays.copyOf(ints.elements(), ints.shape().size());
    }

    private static void assertRejected(String message, Executable making) {
        var thrown = assertThrows(IllegalArgumentException.class, making);
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void makesBatchesOfFractions() {
        Batch batch = three().batch(new int[] {2, 0}, random());
        assertEquals(2, batch.size());
        assertEquals(Shape.of(2, 2, 1, 2), batch.inputs().shape());
        assertEquals(Shape.of(2), batch.targets().shape());
        assertArrayEquals(new float[] {5 / 255f, 6 / 255f, 7 / 255f, 8 / 255f, 0, 0.2f, 0.4f, 1}, inputs(batch));
        assertArrayEquals(new int[] {2, 4}, targets(batch));
    }

    @Test
    void normalizesEachChannel() {
        float[] means = {0.5f, 0.25f};
        float[] deviations = {0.5f, 2};
        Batch batch = three().normalize(means, deviations).batch(new int[] {0}, random());
        float[] expected = {-1, (0.2f - 0.5f) / 0.5f, (0.4f - 0.25f) / 2, 0.375f};
        assertArrayEquals(expected, inputs(batch));
        float[] same = inputs(three().normalize(0.5f, 0.25f).batch(new int[] {0}, random()));
        assertArrayEquals(new float[] {-2, (0.2f - 0.5f) / 0.25f, (0.4f - 0.5f) / 0.25f, 2}, same);
    }

    @Test
    void putsImagesWithAlphaOnABackground() {
        byte[] pixels = {100, 0, (byte) 255, 0};
        ImageDataset images =
                ImageDataset.of(Shape.of(2, 1, 2), pixels, new int[1], 1)
                        .normalize(new float[] {0.5f, 7}, new float[] {0.5f, 7})
                        .augment(Augmentation.whiteBackground());
        assertEquals(Shape.of(2, 1, 2), images.image());
        assertEquals(Shape.of(1, 1, 2), images.input());
        Batch batch = images.batch(new int[1], random());
        assertEquals(Shape.of(1, 1, 1, 2), batch.inputs().shape());
        float[] onWhite = {(100 / 255f - 0.5f) / 0.5f, 1};
        assertArrayEquals(onWhite, inputs(batch), 1e-6f);
        assertArrayEquals(onWhite, inputs(images.normalize(0.5f, 0.5f).batch(new int[1], random())), 1e-6f);

        float[] plain = inputs(images.augment(Augmentation.none()).batch(new int[1], random()));
        assertArrayEquals(new float[] {onWhite[0], -1, 1, 0}, plain, 1e-6f);
    }

    @Test
    void rejectsABackgroundForImagesWithoutAlpha() {
        var images = ImageDataset.of(Shape.of(3, 1, 2), new byte[6], new int[1], 1);
        assertRejected(
                "background: an image must have 2 or 4 channels, the last of them alpha, got [3, 1, 2]",
                () -> images.augment(Augmentation.whiteBackground()));
    }

    @Test
    void selectsImagesWithTheirLabels() {
        ImageDataset chosen = three().select(2, 0).subset(1, 2);
        assertEquals(1, chosen.size());
        assertEquals(4, chosen.label(0));
        assertArrayEquals(new byte[] {0, 51, 102, (byte) 255}, chosen.pixels(0));
        assertArrayEquals(new int[] {4}, targets(chosen.batch(new int[] {0}, random())));
        assertEquals(5, chosen.classes());
    }

    @Test
    void rejectsImagesWithOtherAxes() {
        assertRejected(
                "images: an image must be [C, H, W], got [2, 2]",
                () -> ImageDataset.of(Shape.of(2, 2), new byte[4], new int[1], 2));
    }

    @Test
    void rejectsPixelsThatDoNotGoWithTheLabels() {
        assertRejected(
                "images: 3 labels need 12 pixels for images [2, 1, 2], got 11",
                () -> ImageDataset.of(PIXEL_PAIR, new byte[11], new int[3], 2));
    }

    @Test
    void rejectsLabelsThatAreNoClass() {
        assertRejected(
                "images: label 2 at index 1 is outside [0, 2)",
                () -> ImageDataset.of(PIXEL_PAIR, new byte[8], new int[] {1, 2}, 2));
        assertRejected(
                "images: label -1 at index 0 is outside [0, 2)",
                () -> ImageDataset.of(PIXEL_PAIR, new byte[4], new int[] {-1}, 2));
    }

    @Test
    void rejectsScalesThatDoNotFit() {
        assertRejected(
                "normalize: 1 means and 2 deviations for 2 channels",
                () -> three().normalize(new float[1], new float[2]));
        assertRejected("normalize: deviation must be above 0, got 0.0", () -> three().normalize(0, 0));
    }

    @Test
    void rejectsExamplesThatAreNotThere() {
        assertRejected("select: example 3 is outside [0, 3)", () -> three().select(0, 3));
        assertRejected("select: example -1 is outside [0, 3)", () -> three().select(-1));
        assertRejected("subset: [2, 4) is outside [0, 3)", () -> three().subset(2, 4));
        assertRejected("subset: [2, 1) is outside [0, 3)", () -> three().subset(2, 1));
    }
}
