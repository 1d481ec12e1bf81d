package lamella.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SizeClassesTest {
    @Test
    void areFourToEachPowerOfTwoAndSixteenOfLargeArrays() {
        assertEquals(16, SizeClasses.capacity(0));
        assertEquals(16, SizeClasses.capacity(16));
        assertEquals(20, SizeClasses.capacity(17));
        assertEquals(1024, SizeClasses.capacity(1024));
        assertEquals(1280, SizeClasses.capacity(1025));
        assertEquals(SizeClasses.LARGE, SizeClasses.capacity(SizeClasses.LARGE));
        assertEquals(17 << 10, SizeClasses.capacity(SizeClasses.LARGE + 1));
        assertEquals(25 << 18, SizeClasses.capacity(8 * 64 * 112 * 112));
        assertEquals(Integer.MAX_VALUE - 8, SizeClasses.capacity(Integer.MAX_VALUE - 100));
    }

    @Test
    void wasteLittle() {
        for (int size = 17; size < 1 << 30; size += size / 3) {
            int capacity = SizeClasses.capacity(size);
            double most = size <= SizeClasses.LARGE ? 1.25 * size + 4 : 1.0625 * size + 1;
            assertTrue(capacity >= size && capacity <= most, size + ": " + capacity);
            assertEquals(capacity, SizeClasses.capacity(capacity));
        }
    }

    @Test
    void areNumberedFromTheSmallestWithoutAGap() {
        int capacity = 16;
        for (int index = 0; index < SizeClasses.COUNT; index++) {
            assertEquals(index, SizeClasses.index(capacity));
            capacity = SizeClasses.capacity(Math.min(Integer.MAX_VALUE - 8, capacity + 1));
        }
        assertEquals(Integer.MAX_VALUE - 8, capacity);
    }
}
