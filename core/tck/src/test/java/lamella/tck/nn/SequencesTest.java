package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;
import static lamella.tck.nn.Nets.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.Sequences;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class SequencesTest {
    /// Two sequences of three steps, of which the first has one and the second two.
    private final Sequences scalars =
            Sequences.of(tensor(Shape.of(2, 3), 1, Float.NaN, Float.POSITIVE_INFINITY, 2, 3, Float.NaN), 1, 2);

    @Test
    void hasALengthForEachSequence() {
        assertArrayEquals(new int[] {1, 2}, scalars.lengths().orElseThrow());
        assertArrayEquals(new int[] {1, 2}, scalars.stepCounts());
        assertTrue(scalars.isPadded());
    }

    @Test
    void withoutLengthsAllStepsCount() {
        Tensor x = Tensor.zeros(REFERENCE, Shape.of(2, 3, 4));
        Sequences plain = Sequences.of(x);

        assertSame(x, plain.values());
        assertEquals(Optional.empty(), plain.lengths());
        assertArrayEquals(new int[] {3, 3}, plain.stepCounts());
        assertFalse(plain.isPadded());
        assertSame(x, plain.masked());
    }

    @Test
    void fullLengthsAreNoPadding() {
        Tensor x = Tensor.zeros(REFERENCE, Shape.of(2, 3));
        Sequences full = Sequences.of(x, 3, 3);

        assertFalse(full.isPadded());
        assertSame(x, full.masked());
        assertArrayEquals(new int[] {3, 3}, full.lengths().orElseThrow());
        assertFalse(Sequences.of(Tensor.zeros(REFERENCE, Shape.of(0, 3)), new int[0]).isPadded());
    }

    @Test
    void itsLengthsCannotBeChanged() {
        int[] lengths = {1, 2};
        Sequences x = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3)), lengths);

        lengths[0] = 3;
        x.lengths().orElseThrow()[0] = 3;
        x.stepCounts()[0] = 3;

        assertArrayEquals(new int[] {1, 2}, x.stepCounts());
    }

    @Test
    void masksTheSteps() {
        assertEquals(Shape.of(2, 3), scalars.mask().shape());
        assertArrayEquals(new float[] {1, 0, 0, 1, 1, 0}, scalars.mask().toFloats());
        Sequences empty = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(1, 2)), 0);
        assertArrayEquals(new float[] {0, 0}, empty.mask().toFloats());
        Sequences plain = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(1, 2, 5)));
        assertArrayEquals(new float[] {1, 1}, plain.mask().toFloats());
    }

    @Test
    void replacesWhateverLiesInThePadding() {
        assertArrayEquals(new float[] {1, 0, 0, 2, 3, 0}, scalars.masked().toFloats());
        float least = Float.NEGATIVE_INFINITY;
        assertArrayEquals(new float[] {1, least, least, 2, 3, least}, scalars.masked(least).toFloats());
    }

    @Test
    void replacesWholeSteps() {
        Tensor values = tensor(Shape.of(1, 2, 1, 2), 1, 2, 3, 4);

        assertArrayEquals(new float[] {1, 2, 0, 0}, Sequences.of(values, 1).masked().toFloats());
    }

    @Test
    void marksIdsInThePaddingAsNoWord() {
        Tensor ids = Tensor.ofInts(REFERENCE, Shape.of(2, 3), 1, 99, 98, 2, 3, 97);

        assertArrayEquals(new int[] {1, -1, -1, 2, 3, -1}, Sequences.of(ids, 1, 2).masked().toInts());
        assertSame(ids, Sequences.of(ids, 3, 3).masked());
        assertSame(ids, Sequences.of(ids).masked());
        Tensor pairs = Tensor.ofInts(REFERENCE, Shape.of(1, 2, 2), 1, 2, 3, 4);
        assertArrayEquals(new int[] {1, 2, -1, -1}, Sequences.of(pairs, 1).masked().toInts());
    }

    @Test
    void shapesAloneCanBeMasked() {
        var meta = MetaBackend.create();
        for (DType type : DType.values()) {
            Tensor x = Tensor.meta(meta, type, Shape.of(2, 3));

            assertEquals(type + " " + Shape.of(2, 3), text(Sequences.of(x, 1, 2).masked()));
        }
    }

    private static String text(Tensor x) {
        return x.type() + " " + x.shape();
    }

    @Test
    void noGradientFlowsThroughThePadding() {
        Tensor x = scalars.values();

        Tensor gradient =
                Autograd.gradients(List.of(x), () -> Sequences.of(x, 1, 2).masked().multiply(5).sum()).getFirst();

        assertArrayEquals(new float[] {5, 0, 0, 5, 5, 0}, gradient.toFloats());
    }

    @Test
    void otherValuesHaveTheSameLengths() {
        Sequences wider = scalars.with(Tensor.zeros(REFERENCE, Shape.of(2, 3, 7)));

        assertArrayEquals(new int[] {1, 2}, wider.lengths().orElseThrow());
        assertEquals(Shape.of(2, 3, 7), wider.values().shape());
        assertEquals(
                Optional.empty(), Sequences.of(scalars.values()).with(Tensor.zeros(REFERENCE, Shape.of(4))).lengths());
    }

    @Test
    void rejectsLengthsThatDoNotFit() {
        Tensor x = Tensor.zeros(REFERENCE, Shape.of(2, 3));
        String values = "\n  values   [2, 3]             (N, T, ...)";

        rejects("sequences: 3 lengths for 2 sequences" + values, () -> Sequences.of(x, 1, 2, 3));
        rejects("sequences: length 4 of sequence 1 is outside [0, 3]" + values, () -> Sequences.of(x, 1, 4));
        rejects("sequences: length -1 of sequence 0 is outside [0, 3]" + values, () -> Sequences.of(x, -1, 2));
    }

    @Test
    void rejectsOtherValuesWithOtherSteps() {
        Tensor shorter = Tensor.zeros(REFERENCE, Shape.of(2, 1));

        rejects(
                """
                sequences: length 2 of sequence 1 is outside [0, 1]
                  values   [2, 1]             (N, T, ...)\
                """,
                () -> scalars.with(shorter));
    }

    @Test
    void needsATimeAxis() {
        String message =
                """
                sequences: values must be [N, T, ...], got rank 1
                  values   [2]                (N, T, ...)\
                """;

        rejects(message, () -> Sequences.of(vector(1, 2), 1, 1));
        rejects(message, () -> Sequences.of(vector(1, 2)).stepCounts());
        rejects(message, () -> Sequences.of(vector(1, 2)).mask());
    }
}
