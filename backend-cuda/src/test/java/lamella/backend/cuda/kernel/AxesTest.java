package lamella.backend.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.Random;

class AxesTest {
    private static Axes broadcast(Shape a, Shape b) {
        Shape shape = Shape.broadcast(a, b);
        return Axes.of("test", shape, Axes.broadcastStrides(a, shape), Axes.broadcastStrides(b, shape));
    }

    /// Extent and strides of each axis, the innermost first.
    private static int[][] described(Axes axes) {
        int[][] all = new int[axes.rank()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = new int[] {axes.extent(i), axes.first(i), axes.second(i), axes.third(i)};
        }
        return all;
    }

    @Test
    void mergesAxesWithoutAGap() {
        Axes axes = broadcast(Shape.of(2, 3, 1, 5), Shape.of(2, 3, 1, 5));
        assertArrayEquals(new int[][] {{30, 1, 1, 0}}, described(axes));
    }

    @Test
    void keepsOneAxisPerChannelOfABias() {
        Axes axes = broadcast(Shape.of(8, 16, 28, 28), Shape.of(16, 1, 1));
        assertArrayEquals(new int[][] {{784, 1, 0, 0}, {16, 784, 1, 0}, {8, 12544, 0, 0}}, described(axes));
        assertEquals(8 * 12544, axes.size());
    }

    @Test
    void describesASingleElementByOneAxis() {
        assertArrayEquals(new int[][] {{1, 1, 0, 1}}, described(broadcast(Shape.scalar(), Shape.of(1, 1))));
    }

    @Test
    void mergesWhatABoxFills() {
        Axes inner = Axes.ofBox("test", Shape.of(2, 3, 5, 5), new int[] {0, 0, 1, 1}, Shape.of(2, 3, 7, 7));
        assertArrayEquals(new int[][] {{7, 1, 1, 5}, {7, 5, 1, 5}, {6, 25, 0, 6}}, described(inner));
        Axes outer = Axes.ofBox("test", Shape.of(2, 3, 4), new int[] {1, 0, 0}, Shape.of(5, 3, 4));
        assertArrayEquals(new int[][] {{60, 1, 12, 24}}, described(outer));
    }

    @Test
    void aSingleElementFillsItsBox() {
        Axes axes = Axes.ofBox("test", Shape.of(1, 1), new int[2], Shape.of(1, 1));
        assertArrayEquals(new int[][] {{1, 1, 0, 1}}, described(axes));
    }

    @Test
    void tellsWhetherFourElementsLieTogether() {
        Axes bias = broadcast(Shape.of(6, 8), Shape.of(8));
        assertTrue(bias.packsFirst(512) && bias.packsSecond(528));
        assertFalse(bias.packsSecond(516));
        Axes column = broadcast(Shape.of(6, 8), Shape.of(6, 1));
        assertTrue(column.packsSecond(516));
        assertFalse(broadcast(Shape.of(6, 7), Shape.of(7)).packsFirst(512));
        Axes transposed = Axes.of("test", Shape.of(4, 8), new int[] {1, 4}, new int[] {8, 1});
        assertFalse(transposed.packsFirst(512));
        assertTrue(transposed.packsSecond(512));
    }

    @Test
    void countsInStepsOfFour() {
        Axes bias = broadcast(Shape.of(6, 8), Shape.of(8));
        bias.countPacks();
        assertArrayEquals(new int[][] {{2, 4, 4, 0}, {6, 8, 0, 0}}, described(bias));
        Axes box = Axes.ofBox("test", Shape.of(3, 8), new int[] {1, 4}, Shape.of(5, 16));
        assertTrue(box.packsBox(512));
        box.countBoxPacks();
        assertArrayEquals(new int[][] {{4, 4, 1, 2}, {5, 8, 1, 3}}, described(box));
    }

    @Test
    void leavesTwoAxesOut() {
        Axes axes = Axes.of("test", Shape.of(2, 3, 5), new int[] {5, 10, 1}, new int[] {15, 5, 1});
        assertArrayEquals(new int[][] {{3, 10, 5, 0}}, described(axes.without(0, 2)));
        assertArrayEquals(
                new int[][] {{1, 1, 0, 1}}, described(broadcast(Shape.of(3, 1), Shape.of(1, 5)).without(0, 1)));
    }

    @Test
    void rejectsMoreThanEightAxes() {
        Shape shape = Shape.of(2, 2, 2, 2, 2, 2, 2, 2, 2);
        int[] reversed = {1, 2, 4, 8, 16, 32, 64, 128, 256};
        var error =
                assertThrows(
                        IllegalArgumentException.class, () -> Axes.of("permute", shape, reversed, Axes.strides(shape)));
        assertEquals(
                "cuda: permute of [2, 2, 2, 2, 2, 2, 2, 2, 2] needs more than 8 axes, with those merged that can be",
                error.getMessage());
    }

    /// As the kernels divide.
    private static int quotient(int i, int extent) {
        int shift = Axes.shift(extent);
        long high = i * Integer.toUnsignedLong(Axes.multiplier(extent, shift)) >>> 32;
        assertTrue(high + i < 1L << 32);
        return (int) (high + i >>> shift);
    }

    @Test
    void dividesByMultiplication() {
        var random = new Random(1);
        for (int extent = 1; extent > 0; extent += extent < 3000 ? 1 : random.nextInt(1 << 22)) {
            for (int k = 0; k < 20; k++) {
                int i = random.nextInt(Integer.MAX_VALUE);
                assertEquals(i / extent, quotient(i, extent));
                int multiple = i / extent * extent;
                assertEquals(i / extent, quotient(multiple, extent));
                assertEquals((multiple - 1) / extent, multiple == 0 ? 0 : quotient(multiple - 1, extent));
            }
            assertEquals(Integer.MAX_VALUE / extent, quotient(Integer.MAX_VALUE, extent));
        }
    }
}
