package lamella.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;

final class ArrayPoolTest {
    @Test
    void handsOutWhatWasGivenBack() {
        var pool = new ArrayPool(0);
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
        var pool = new ArrayPool(0);
        float[] small = pool.take(1000);
        pool.give(small);
        assertNotSame(small, pool.take(1025));
        assertEquals(2, pool.counts().allocations());
    }

    @Test
    void neverHandsOutAnArrayThatIsInUse() {
        var pool = new ArrayPool(0);
        assertNotSame(pool.take(10), pool.take(10));
    }

    @Test
    void rejectsAnArrayOfItsOwnLength() {
        var pool = new ArrayPool(0);
        var thrown = assertThrows(IllegalArgumentException.class, () -> pool.give(new float[1000]));
        assertEquals("pool: an array of 1000 elements is not from the pool", thrown.getMessage());
    }

    @Test
    void servesALargeRequestFromAnArrayUpToTwiceAsLong() {
        var pool = new ArrayPool(0);
        float[] array = pool.take(1 << 20);
        pool.give(array);
        assertSame(array, pool.take(1 << 19));
        assertEquals(0, pool.counts().pooled());
        pool.give(array);
        assertNotSame(array, pool.take(300_000));
        assertNotSame(array, pool.take(1 << 14));
    }

    @Test
    void prefersTheShortestThatIsLongEnough() {
        var pool = new ArrayPool(0);
        float[] longest = pool.take(100_000);
        float[] fitting = pool.take(70_000);
        float[] shortest = pool.take(60_000);
        List.of(fitting, longest, shortest).forEach(pool::give);
        assertSame(fitting, pool.take(62_000));
        assertSame(longest, pool.take(62_000));
        assertNotSame(shortest, pool.take(62_000));
    }

    /// A batch of another size needs other arrays, in place of those of the batch before.
    @Test
    void keepsAtMostAQuarterMoreThanWasEverInUse() {
        var pool = new ArrayPool(0);
        long most = 4L * 4_000_000;
        for (int size = 1_000_000; size > 20_000; size = size * 2 / 5) {
            step(pool, size, 4_000_000 / size);
            long pooled = pool.counts().pooled();
            assertTrue(pooled <= 1.32 * most, () -> pooled + " bytes wait");
            assertTrue(pooled >= most, () -> "only " + pooled + " bytes wait");
        }
    }

    private static void step(ArrayPool pool, int size, int arrays) {
        List<float[]> taken = IntStream.range(0, arrays).mapToObj(_ -> pool.take(size)).toList();
        taken.forEach(pool::give);
    }

    @Test
    void dropsFirstWhatHasWaitedLongest() {
        var pool = new ArrayPool(0);
        float[] old = pool.take(100_000);
        float[] young = pool.take(30_000);
        pool.give(old);
        pool.give(young);
        float[] more = pool.take(130_000);
        assertSame(young, pool.take(30_000));
        assertNotSame(old, pool.take(100_000));
        assertEquals(4, pool.counts().allocations());
        assertEquals(131_072, more.length);
    }

    @Test
    void countsNoMoreAsInUseWhatTheGarbageCollectorTook() {
        var pool = new ArrayPool(0);
        pool.forget(pool.take(100_000).length);
        pool.give(pool.take(100_000));
        // of 100,000 elements that were in use at once
        pool.take(30_000);
        assertEquals(0, pool.counts().pooled());
    }

    @Test
    void dropsNothingWhileItIsSmall() {
        var pool = new ArrayPool(4L * 1_000_000);
        for (int size = 100_000; size > 20_000; size = size * 2 / 5) {
            step(pool, size, 2);
        }
        assertEquals(4L * 2 * (102_400 + 40_960), pool.counts().pooled());
    }

    @Test
    void dropsWhatWaitsWhenCleared() {
        var pool = new ArrayPool(0);
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
