package lamella.backend.cuda;

import lamella.array.Shape;
import lamella.data.ArrayDataset;
import lamella.data.SequenceDataset;
import lamella.data.Values;

import java.util.ArrayList;
import java.util.Random;

/// Examples that a program can make, of things that a net has to learn.
final class MadeUpData {
    /// The shape of an image.
    static final Shape IMAGE = Shape.of(1, 12, 12);

    /// Directions of stripes.
    static final int DIRECTIONS = 4;

    /// Words that there are.
    static final int WORDS = 20;

    private static final double NOISE = 0.7;

    private MadeUpData() {}

    /// Returns stripes in noise, that begin anywhere; the label is their direction, of four.
    static ArrayDataset stripes(int count, long seed) {
        var random = new Random(seed);
        int size = IMAGE.dim(-1);
        float[] pixels = new float[count * IMAGE.size()];
        int[] labels = new int[count];
        for (int i = 0, at = 0; i < count; i++) {
            labels[i] = random.nextInt(DIRECTIONS);
            double angle = Math.PI * labels[i] / DIRECTIONS;
            double begin = 2 * Math.PI * random.nextDouble();
            for (int y = 0; y < size; y++) {
                for (int x = 0; x < size; x++) {
                    double along = x * Math.cos(angle) + y * Math.sin(angle);
                    pixels[at++] = (float) (Math.sin(1.6 * along + begin) + NOISE * random.nextGaussian());
                }
            }
        }
        return ArrayDataset.of(
                new Values.Floats(IMAGE.prepend(count), pixels), new Values.Ints(Shape.of(count), labels));
    }

    /// Returns texts of 4 to 12 words in which words 0 and 1 occur once; the label is which comes first.
    static SequenceDataset orders(int count, long seed) {
        var random = new Random(seed);
        var texts = new ArrayList<int[]>();
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            int[] text = random.ints(4 + random.nextInt(9), 2, WORDS).toArray();
            int earlier = random.nextInt(text.length - 1);
            int later = earlier + 1 + random.nextInt(text.length - earlier - 1);
            labels[i] = random.nextInt(2);
            text[earlier] = labels[i];
            text[later] = 1 - labels[i];
            texts.add(text);
        }
        return SequenceDataset.of(texts, labels, 2);
    }
}
