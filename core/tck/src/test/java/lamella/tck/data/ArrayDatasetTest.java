package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.ArrayDataset;
import lamella.data.Batch;
import lamella.data.Dataset;
import lamella.data.Split;
import lamella.data.Values;
import lamella.tck.ReferenceBackend;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class ArrayDatasetTest {
    private static final Values INPUTS = new Values.Floats(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});
    private static final Values TARGETS = new Values.Ints(Shape.of(3), new int[] {7, 8, 9});

    private static String message(Runnable making) {
        return assertThrows(IllegalArgumentException.class, making::run).getMessage();
    }

    @Test
    void takesRowsInTheOrderAskedFor() {
        Dataset dataset = ArrayDataset.of(INPUTS, TARGETS).subset(1, 3);
        Batch batch = dataset.batch(new int[] {1, 0}, RandomSource.of(0));
        assertEquals(2, dataset.size());
        try (Backend backend = ReferenceBackend.create()) {
            assertArrayEquals(new float[] {5, 6, 3, 4}, batch.inputs().to(backend).toFloats());
            assertArrayEquals(new int[] {9, 8}, batch.targets().to(backend).toInts());
        }
    }

    @Test
    void takesLengthsWithTheirSequences() {
        Values padded = new Values.Padded(INPUTS, new int[] {2, 0, 1, 77});
        Dataset dataset = ArrayDataset.of(padded, TARGETS);
        Batch batch = dataset.batch(new int[] {2, 0}, RandomSource.of(0));
        var inputs = assertInstanceOf(Values.Padded.class, batch.inputs());
        assertEquals(Shape.of(2, 2), inputs.shape());
        assertArrayEquals(new int[] {1, 2}, inputs.lengths());
        try (Backend backend = ReferenceBackend.create()) {
            assertArrayEquals(new float[] {5, 6, 1, 2}, inputs.to(backend).toFloats());
        }
        Values ids = new Values.Padded(new Values.Ints(Shape.of(1, 3), new int[] {4, 5, 6}), new int[] {2});
        try (Backend backend = ReferenceBackend.create()) {
            assertArrayEquals(new int[] {4, 5, 6}, ids.to(backend).toInts());
        }
    }

    @Test
    void rejectsPaddingWithoutStepsOrLengths() {
        assertEquals(
                "values: sequences must be [N, T, ...], got [3]",
                message(() -> new Values.Padded(TARGETS, new int[3])));
        assertEquals(
                "values: 3 sequences need a length each, got 2", message(() -> new Values.Padded(INPUTS, new int[2])));
    }

    @Test
    void ignoresWhatAnArrayHoldsBeyondItsShape() {
        try (Backend backend = ReferenceBackend.create()) {
            var floats = new Values.Floats(Shape.of(2), new float[] {1, 2, 3});
            assertArrayEquals(new float[] {1, 2}, floats.to(backend).toFloats());
            var ints = new Values.Ints(Shape.of(1), new int[] {4, 5});
            assertArrayEquals(new int[] {4}, ints.to(backend).toInts());
        }
    }

    @Test
    void rejectsPartsThatDoNotGoTogether() {
        assertEquals(
                "dataset: inputs [3, 2] and targets [2] differ in their number of examples",
                message(() -> ArrayDataset.of(INPUTS, new Values.Ints(Shape.of(2), new int[2]))));
        assertEquals("batch: inputs are [3, 2] for 2 examples", message(() -> new Batch(INPUTS, TARGETS, 2)));
        assertEquals(
                "batch: targets are [] for 3 examples",
                message(() -> new Batch(INPUTS, new Values.Floats(Shape.scalar(), new float[1]), 3)));
        assertEquals(
                "values: [2, 2] needs 4 elements, the array has 3",
                message(() -> new Values.Floats(Shape.of(2, 2), new float[3])));
        assertEquals(
                "values: [5] needs 5 elements, the array has 0",
                message(() -> new Values.Ints(Shape.of(5), new int[0])));
    }

    @Test
    void splitsBySeedInTwoAscendingParts() {
        Split split = Split.of(10, 3, 1);
        assertEquals(3, split.held().length);
        assertEquals(7, split.rest().length);
        boolean[] seen = new boolean[10];
        for (int[] part : new int[][] {split.held(), split.rest()}) {
            for (int i = 0; i < part.length; i++) {
                assertEquals(false, seen[part[i]]);
                seen[part[i]] = true;
                assertEquals(true, i == 0 || part[i - 1] < part[i]);
            }
        }
        assertArrayEquals(split.held(), Split.of(10, 3, 1).held());
        assertEquals(false, Arrays.equals(Split.of(1000, 500, 1).held(), Split.of(1000, 500, 2).held()));
        assertEquals("split: cannot hold out 11 of 10 examples", message(() -> Split.of(10, 11, 0)));
        assertEquals("split: cannot hold out -1 of 10 examples", message(() -> Split.of(10, -1, 0)));
    }
}
