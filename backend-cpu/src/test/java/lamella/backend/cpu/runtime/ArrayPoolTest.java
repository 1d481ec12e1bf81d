package lamella.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CyclicBarrier;

final class ArrayPoolTest {
    @Test
    void roundsUpToFourSizeClassesForEachPowerOfTwo() {
        assertEquals(16, ArrayPool.capacity(0));
        assertEquals(16, ArrayPool.capacity(16));
        assertEquals(20, ArrayPool.capacity(17));
        assertEquals(1024, ArrayPool.capacity(1024));
        assertEquals(1280, ArrayPool.capacity(1025));
        for (int size = 17; size < 1 << 30; size += size / 3) {
            int capacity = ArrayPool.capacity(size);
            assertTrue(capacity >= size && capacity <= 1.25 * size + 4, size + ": " + capacity);
            assertEquals(capacity, ArrayPool.capacity(capacity));
        }
        assertEquals(Integer.MAX_VALUE - 8, ArrayPool.capacity(Integer.MAX_VALUE - 100));
    }

    @Test
    void handsOutWhatWasGivenBack() {
        var pool = new ArrayPool();
        float[] floats = pool.take(1000);
        int[] ints = pool.takeInts(1000);
        assertEquals(new ArrayPool.Counts(0, 2), pool.counts());
        pool.give(floats);
        pool.give(ints);
        assertEquals(new ArrayPool.Counts(8 * 1024, 2), pool.counts());
        assertSame(floats, pool.take(900));
        assertSame(ints, pool.takeInts(1024));
        assertEquals(new ArrayPool.Counts(0, 2), pool.counts());
    }

    @Test
    void keepsSizeClassesApart() {
        var pool = new ArrayPool();
        float[] small = pool.take(1000);
        pool.give(small);
        assertNotSame(small, pool.take(1025));
        assertEquals(2, pool.counts().allocations());
    }

    @Test
    void neverHandsOutAnArrayThatIsInUse() {
        var pool = new ArrayPool();
        assertNotSame(pool.take(10), pool.take(10));
    }

    @Test
    void rejectsAnArrayOfItsOwnLength() {
        var pool = new ArrayPool();
        var thrown = assertThrows(IllegalArgumentException.class, () -> pool.give(new float[1000]));
        assertEquals("pool: an array of 1000 elements is not from the pool", thrown.getMessage());
    }

    @Test
    void servesALargeRequestFromAnArrayUpToTwiceAsLong() {
        var pool = new ArrayPool();
        float[] array = pool.take(1 << 20);
        pool.give(array);
        assertSame(array, pool.take(1 << 19));
        assertEquals(0, pool.counts().pooled());
        pool.give(array);
        assertNotSame(array, pool.take(300_000));
        assertNotSame(array, pool.take(1 << 17));
    }

    @Test
    void dropsWhatWaitsWhenCleared() {
        var pool = new ArrayPool();
        float[] array = pool.take(1000);
        pool.give(array);
        pool.clear();
        assertEquals(0, pool.counts().pooled());
        assertNotSame(array, pool.take(1000));
    }

    @Test
    void makesAsManyForEveryThreadAsATaskHolds() {
        try (var workers = new Workers(3)) {
            var pool = new ArrayPool(workers);
            // One task after another, whoever runs it: the pool must foresee three at once.
            Object lock = new Object();
            workers.run(8, _ -> holdTwo(pool, lock));
            assertEquals(6, pool.counts().allocations());
            var together = new CyclicBarrier(3);
            workers.run(3, _ -> holdTwoAtOnce(pool, together));
            assertEquals(6, pool.counts().allocations());
            assertEquals(6 * 4 * 1024, pool.counts().pooled());
        }
    }

    private static void holdTwo(ArrayPool pool, Object lock) {
        synchronized (lock) {
            float[] first = pool.take(1000);
            float[] second = pool.take(1000);
            assertNotSame(first, second);
            pool.give(first);
            pool.give(second);
        }
    }

    private static void holdTwoAtOnce(ArrayPool pool, CyclicBarrier together) {
        float[] first = pool.take(1000);
        float[] second = pool.take(1000);
        try {
            together.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        pool.give(first);
        pool.give(second);
    }
}
