package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.array.Shape;
import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

class CaptionDatasetTest {
    private static final Part PART =
            new Part(
                    "train",
                    Shape.of(3, 1, 1),
                    List.of(
                            new Captioned("one", new byte[] {0, 51, 102}, List.of("a red ball", "a ball", "ball")),
                            new Captioned("two", new byte[] {-1, 0, -1}, List.of("a red ball a red ball"))));
    private static final Encoding ENCODING = Encoding.learn(PART, true, 1, 30); // ball: 3, a: 4, red: 5
    private static final CaptionDataset DATASET = CaptionDataset.of(PART, ENCODING, Pixels.plain(PART.picture()));

    private static void assertTargets(Shape shape, int[] ids, Batch batch) {
        var targets = (Values.Ints) batch.targets();
        assertEquals(shape, targets.shape());
        assertArrayEquals(ids, Arrays.copyOf(targets.elements(), shape.size()));
    }

    @Test
    void aPictureIsOneExampleWithAllItsCaptions() {
        assertEquals(2, DATASET.size());
        assertEquals(4, DATASET.captions());
        assertEquals(4, DATASET.length(0));
        assertEquals(7, DATASET.length(1));
        Batch batch = DATASET.batch(new int[] {0}, RandomSource.of(0));
        assertEquals(Shape.of(1, 3, 1, 1), batch.inputs().shape());
        assertTargets(Shape.of(1, 3, 4), new int[] {4, 5, 3, 2, 4, 3, 2, -1, 3, 2, -1, -1}, batch);
    }

    @Test
    void fillsWithTheMarkOfNone() {
        Batch batch = DATASET.batch(new int[] {1, 0}, RandomSource.of(0));
        int[] ids = {
            4, 5, 3, 4, 5, 3, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, // two
            4, 5, 3, 2, -1, -1, -1, 4, 3, 2, -1, -1, -1, -1, 3, 2, -1, -1, -1, -1, -1 // one
        };
        assertTargets(Shape.of(2, 3, 7), ids, batch);
        float[] pixels = ((Values.Floats) batch.inputs()).elements();
        assertEquals(pixels[0], pixels[2]);
        assertEquals(pixels[1], pixels[3]);
    }

    /// Batches are made in arrays that hold what is left of others before.
    @Test
    void leavesNothingOfABatchBefore() {
        Captioned large = PART.examples().getFirst();
        var small = new Captioned("small", large.pixels(), List.of("a", "red"));
        List<Captioned> all = Stream.concat(Collections.nCopies(8, large).stream(), Stream.of(small)).toList();
        var dataset = CaptionDataset.of(new Part("many", PART.picture(), all), ENCODING, Pixels.plain(PART.picture()));
        try (Batches batches = Batching.of(1).shuffle(false).epoch(dataset, 0, 0)) {
            for (int i = 0; i < 8; i++) {
                assertEquals(Shape.of(1, 3, 4), batches.next().targets().shape());
            }
            Batch last = batches.next();
            assertTrue(((Values.Ints) last.targets()).elements().length > 4);
            assertTargets(Shape.of(1, 2, 2), new int[] {4, 2, 5, 2}, last);
        }
    }

    @Test
    void canBeEmpty() {
        assertTargets(Shape.of(0, 1, 1), new int[0], DATASET.batch(new int[0], RandomSource.of(0)));
    }
}
