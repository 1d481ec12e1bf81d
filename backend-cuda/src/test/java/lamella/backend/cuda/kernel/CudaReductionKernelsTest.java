package lamella.backend.cuda.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.backend.cuda.kernel.CudaReductionKernels.Groups;

import org.junit.jupiter.api.Test;

final class CudaReductionKernelsTest {
    private static void check(Groups groups, boolean firstReduced, int innermost, int... extents) {
        assertArrayEquals(extents, groups.extents());
        assertEquals(firstReduced, groups.firstReduced());
        assertEquals(innermost, groups.innermost());
    }

    @Test
    void mergesNeighbours() {
        check(Groups.of(Shape.of(2, 3, 5, 7), new int[] {2, 3}), false, 1, 6, 35);
        check(Groups.of(Shape.of(2, 3, 5, 7), new int[] {0, 2, 3}), true, 2, 2, 3, 35);
        check(Groups.of(Shape.of(2, 3, 5, 7), new int[] {1}), false, 1, 2, 3, 35);
        check(Groups.of(Shape.of(2, 3), new int[] {0, 1}), true, 0, 6);
    }

    @Test
    void leavesOutAxesOfOneElement() {
        check(Groups.of(Shape.of(1, 3, 1, 7), new int[] {0, 2}), false, -1, 21);
        check(Groups.of(Shape.of(3, 1, 7), new int[] {0, 2}), true, 0, 21);
        check(Groups.of(Shape.of(1, 1), new int[] {0}), false, -1);
    }

    @Test
    void isLeftWithoutTheInnermost() {
        check(Groups.of(Shape.of(2, 3, 5), new int[] {0, 2}).rest(), true, 0, 2, 3);
        check(Groups.of(Shape.of(2, 3, 5), new int[] {1}).rest(), false, -1, 10);
        check(Groups.of(Shape.of(2, 3), new int[] {0}).rest(), false, -1, 3);
        check(Groups.of(Shape.of(2, 3), new int[] {0, 1}).rest(), false, -1, 1);
        check(Groups.of(Shape.of(2, 3, 5, 7), new int[] {1, 3}).rest(), false, 1, 2, 3, 5);
    }
}
