package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.data.ArrayDataset;
import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.data.SequenceDataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class SequenceDatasetTest {
    private final SequenceDataset data =
            SequenceDataset.of(
                    List.of(new int[] {1, 2, 3, 4}, new int[] {5}, new int[0], new int[] {6, 7}),
                    new int[] {0, 1, 1, 2},
                    3);

    private static Batch batch(Dataset data, int... indices) {
        return data.batch(indices, RandomSource.of(0));
    }

    private static int[] ids(Batch batch) {
        var values = (Values.Ints) ((Values.Padded) batch.inputs()).values();
        return Arrays.copyOf(values.elements(), values.shape().size());
    }

    private static int[] lengths(Batch batch) {
        return Arrays.copyOf(((Values.Padded) batch.inputs()).lengths(), batch.size());
    }

    @Test
    void padsABatchToItsLongestSequence() {
        Batch batch = batch(data, 3, 0, 2);
        assertEquals(Shape.of(3, 4), batch.inputs().shape());
        assertArrayEquals(new int[] {6, 7, -1, -1, 1, 2, 3, 4, -1, -1, -1, -1}, ids(batch));
        assertArrayEquals(new int[] {2, 4, 0}, lengths(batch));
        assertArrayEquals(new int[] {2, 0, 1}, ((Values.Ints) batch.targets()).elements());
        assertEquals(Shape.of(2, 2), batch(data, 1, 3).inputs().shape());
    }

    @Test
    void aBatchHasAStepThoughNoSequenceHas() {
        Batch batch = batch(data, 2);
        assertEquals(Shape.of(1, 1), batch.inputs().shape());
        assertArrayEquals(new int[] {-1}, ids(batch));
        assertArrayEquals(new int[] {0}, lengths(batch));
    }

    @Test
    void knowsItsExamples() {
        assertEquals(4, data.size());
        assertEquals(3, data.classes());
        assertEquals(2, data.label(3));
        assertEquals(4, data.length(0));
        assertEquals(0, data.length(2));
    }

    @Test
    void selects() {
        SequenceDataset chosen = data.select(3, 0).subset(1, 2);
        assertEquals(1, chosen.size());
        assertArrayEquals(new int[] {1, 2, 3, 4}, chosen.ids(0));
        assertEquals(0, chosen.label(0));
        assertEquals(
                "select: example 4 is outside [0, 4)",
                assertThrows(IllegalArgumentException.class, () -> data.select(4)).getMessage());
    }

    @Test
    void usesLongArraysAgainForShortBatches() {
        try (Batches batches = Batching.of(1).shuffle(false).prefetch(0).epoch(data, 1, 1)) {
            int[] lengths = {4, 1, 0, 2};
            int[] first = {1, 5, -1, 6};
            for (int i = 0; i < 4; i++) {
                Batch batch = batches.next();
                assertEquals(Math.max(1, lengths[i]), batch.inputs().shape().dim(1));
                assertEquals(first[i], ids(batch)[0]);
                assertArrayEquals(new int[] {lengths[i]}, lengths(batch));
            }
        }
    }

    @Test
    void otherDatasetsTellLengthsToo() {
        var padded = new Values.Padded(new Values.Ints(Shape.of(2, 3), new int[6]), new int[] {3, 1});
        var labels = new Values.Ints(Shape.of(2), new int[2]);
        var arrays = ArrayDataset.of(padded, labels);
        assertEquals(1, arrays.length(1));
        assertEquals(3, arrays.length(0));
        assertEquals(1, arrays.select(1).length(0));
        assertEquals(3, arrays.select(1, 0).length(1));
        assertEquals(1, ArrayDataset.of(new Values.Ints(Shape.of(2, 3), new int[6]), labels).length(0));
    }

    @Test
    void rejectsWhatDoesNotFit() {
        var one = List.of(new int[] {1});
        assertEquals("sequences: 2 labels for 1 sequences", message(() -> SequenceDataset.of(one, new int[2], 2)));
        assertEquals(
                "sequences: label 2 at index 0 is outside [0, 2)",
                message(() -> SequenceDataset.of(one, new int[] {2}, 2)));
        assertEquals(
                "sequences: label -1 at index 0 is outside [0, 2)",
                message(() -> SequenceDataset.of(one, new int[] {-1}, 2)));
        assertEquals(
                "sequences: id -1 at step 1 of sequence 0 is negative",
                message(() -> SequenceDataset.of(List.of(new int[] {1, -1}), new int[1], 2)));
    }

    private static String message(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
