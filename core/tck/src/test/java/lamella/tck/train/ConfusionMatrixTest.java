package lamella.tck.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.train.ConfusionMatrix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.List;

class ConfusionMatrixTest {
    private static final double EXACT = 1e-12;

    /// Of 3 cats 2 are found, of 4 dogs 1; no example is a bird; a bird is seen once.
    private static ConfusionMatrix matrix() {
        return ConfusionMatrix.of(
                List.of("cat", "dog", "bird"), new int[] {0, 0, 0, 1, 1, 1, 1, -1}, new int[] {0, 1, 0, 1, 0, 0, 2, 2});
    }

    private static void assertRejected(String message, Executable making) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, making).getMessage());
    }

    @Test
    void countsPairs() {
        ConfusionMatrix matrix = matrix();
        assertEquals(2, matrix.count(0, 0));
        assertEquals(1, matrix.count(0, 1));
        assertEquals(2, matrix.count(1, 0));
        assertEquals(1, matrix.count(1, 2));
        assertEquals(0, matrix.count(2, 2));
        assertEquals(7, matrix.total());
        assertEquals(3, matrix.correct());
        assertEquals(4, matrix.support(1));
        assertEquals(2, matrix.predictions(1));
        assertEquals(3, matrix.classes());
    }

    @Test
    void computesTheFiguresOfEachClass() {
        ConfusionMatrix matrix = matrix();
        assertEquals(3.0 / 7, matrix.accuracy(), EXACT);
        assertEquals(2.0 / 4, matrix.precision(0), EXACT);
        assertEquals(2.0 / 3, matrix.recall(0), EXACT);
        assertEquals(4.0 / 7, matrix.f1(0), EXACT);
        assertEquals(1.0 / 2, matrix.precision(1), EXACT);
        assertEquals(1.0 / 4, matrix.recall(1), EXACT);
        assertEquals(1.0 / 3, matrix.f1(1), EXACT);
    }

    @Test
    void takesQuotientsOfNothingForZero() {
        ConfusionMatrix matrix = matrix();
        assertEquals(0, matrix.precision(2));
        assertEquals(0, matrix.recall(2));
        assertEquals(0, matrix.f1(2));
        assertEquals(0, ConfusionMatrix.of(List.of("one"), new int[0], new int[0]).accuracy());
    }

    @Test
    void averagesOverTheClasses() {
        ConfusionMatrix matrix = matrix();
        assertEquals((0.5 + 0.5 + 0) / 3, matrix.macroPrecision(), EXACT);
        assertEquals((2.0 / 3 + 0.25 + 0) / 3, matrix.macroRecall(), EXACT);
        assertEquals((4.0 / 7 + 1.0 / 3 + 0) / 3, matrix.macroF1(), EXACT);
    }

    @Test
    void printsATable() {
        assertEquals(
                """
                label   cat   dog  bird   recall
                cat       2     1     0   0.6667
                dog       2     1     1   0.2500
                bird      0     0     0   0.0000
                accuracy 0.4286, macro precision 0.3333, recall 0.3056, F1 0.3016\
                """,
                matrix().toString());
    }

    @Test
    void takesOtherNames() {
        assertEquals(List.of("a", "b", "c"), matrix().named(List.of("a", "b", "c")).names());
        assertRejected("confusion: 2 names for 3 classes", () -> matrix().named(List.of("a", "b")));
    }

    @Test
    void rejectsPairsThatAreNone() {
        List<String> names = List.of("a", "b");
        assertRejected(
                "confusion: 2 labels but 1 predictions", () -> ConfusionMatrix.of(names, new int[2], new int[1]));
        assertRejected(
                "confusion: label 2 at index 1 is outside [0, 2)",
                () -> ConfusionMatrix.of(names, new int[] {0, 2}, new int[2]));
        assertRejected(
                "confusion: label -2 at index 0 is outside [0, 2)",
                () -> ConfusionMatrix.of(names, new int[] {-2}, new int[1]));
        assertRejected(
                "confusion: prediction -1 at index 0 is outside [0, 2)",
                () -> ConfusionMatrix.of(names, new int[1], new int[] {-1}));
    }
}
