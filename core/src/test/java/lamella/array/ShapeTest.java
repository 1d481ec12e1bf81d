package lamella.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ShapeTest {
    private static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    @Test
    void hasRankSizeAndExtents() {
        Shape shape = Shape.of(64, 1, 28, 27);

        assertEquals(4, shape.rank());
        assertEquals(64 * 28 * 27, shape.size());
        assertEquals(28, shape.dim(2));
        assertEquals(27, shape.dim(-1));
        assertEquals(64, shape.dim(-4));
        assertEquals("[64, 1, 28, 27]", shape.toString());
    }

    @Test
    void aScalarHasOneElement() {
        assertEquals(0, Shape.scalar().rank());
        assertEquals(1, Shape.scalar().size());
        assertEquals("[]", Shape.scalar().toString());
        assertSame(Shape.scalar(), Shape.of());
    }

    @Test
    void anEmptyBatchHasNoElements() {
        assertEquals(0, Shape.of(0, 3, 5).size());
    }

    @Test
    void keepsItsExtentsToItself() {
        int[] given = {2, 3};
        Shape shape = Shape.of(given);
        given[0] = 9;
        shape.dims()[1] = 9;

        assertArrayEquals(new int[] {2, 3}, shape.dims());
    }

    @Test
    void isEqualByExtents() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(2, 3), Shape.of(2, 3, 1));
    }

    @Test
    void rejectsNegativeExtents() {
        rejects("shape: extent -1 at axis 1 of [2, -1] is negative", () -> Shape.of(2, -1));
    }

    @Test
    void rejectsMoreElementsThanAnArrayHolds() {
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
        rejects("shape: [65536, 32768] has more than 2147483647 elements", () -> Shape.of(65536, 32768));
        rejects(
                "shape: [2147483647, 2147483647, 2147483647] has more than 2147483647 elements",
                () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    @Test
    void rejectsAxesThatDoNotExist() {
        rejects("shape: axis 2 is outside [4, 5], which has rank 2", () -> Shape.of(4, 5).dim(2));
        rejects("shape: axis -3 is outside [4, 5], which has rank 2", () -> Shape.of(4, 5).axis(-3));
        rejects("shape: axis 0 is outside [], which has rank 0", () -> Shape.scalar().without(0));
    }

    @Test
    void changesOneAxis() {
        Shape shape = Shape.of(2, 3, 4);

        assertEquals(Shape.of(2, 9, 4), shape.with(1, 9));
        assertEquals(Shape.of(2, 3, 9), shape.with(-1, 9));
        assertEquals(Shape.of(2, 4), shape.without(1));
        assertEquals(Shape.of(2, 3), shape.without(-1));
        assertEquals(Shape.of(7, 2, 3, 4), shape.prepend(7));
        assertEquals(Shape.of(2, 3, 4, 7), shape.append(7));
        assertEquals(Shape.of(3, 4), shape.from(1));
        assertEquals(Shape.scalar(), shape.from(3));
    }

    @Test
    void countsElementsBetweenAxes() {
        Shape shape = Shape.of(2, 3, 4);

        assertEquals(12, shape.sizeBetween(1, 3));
        assertEquals(2, shape.sizeBetween(0, 1));
        assertEquals(1, shape.sizeBetween(2, 2));
    }

    @Test
    void broadcastsFromTheLastAxis() {
        assertEquals(Shape.of(2, 3), Shape.broadcast(Shape.of(2, 3), Shape.of(3)));
        assertEquals(Shape.of(2, 3), Shape.broadcast(Shape.of(2, 1), Shape.of(1, 3)));
        assertEquals(Shape.of(2, 3), Shape.broadcast(Shape.scalar(), Shape.of(2, 3)));
        assertEquals(Shape.of(0, 3), Shape.broadcast(Shape.of(0, 3), Shape.of(1, 3)));
        assertTrue(Shape.broadcasts(Shape.of(4, 1, 2), Shape.of(5, 1)));
        assertFalse(Shape.broadcasts(Shape.of(2, 3), Shape.of(2)));
        rejects("shape: [2, 3] and [2] do not broadcast", () -> Shape.broadcast(Shape.of(2, 3), Shape.of(2)));
    }

    @Test
    void anExtentOfZeroHidesNoneOfTheOthers() {
        String message = " has more than 2147483647 elements beside its extents of 0";
        rejects("shape: [65536, 65536, 0]" + message, () -> Shape.of(65536, 65536, 0));
        rejects("shape: [0, 65536, 65536]" + message, () -> Shape.of(0, 65536, 65536));

        assertEquals(Integer.MAX_VALUE, Shape.of(0, Integer.MAX_VALUE).sizeBetween(1, 2));
        assertEquals(0, Shape.of(0, Integer.MAX_VALUE).size());
    }
}
