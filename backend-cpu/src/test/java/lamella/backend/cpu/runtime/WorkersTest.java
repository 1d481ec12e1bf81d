package lamella.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

@Timeout(60)
final class WorkersTest {
    private static void assertEachOnce(AtomicIntegerArray runs) {
        for (int i = 0; i < runs.length(); i++) {
            assertEquals(1, runs.get(i), "runs of task " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEachTaskExactlyOnce(int threads) {
        try (var workers = new Workers(threads)) {
            assertEquals(threads, workers.threads());
            for (int tasks : new int[] {0, 1, 2, 3, 100}) {
                for (int repeat = 0; repeat < 200; repeat++) {
                    var runs = new AtomicIntegerArray(tasks);
                    workers.run(tasks, runs::incrementAndGet);
                    assertEachOnce(runs);
                }
            }
        }
    }

    @Test
    void usesAllThreadsAtOnce() {
        try (var workers = new Workers(3)) {
            var together = new CyclicBarrier(3);
            Set<Integer> slots = ConcurrentHashMap.newKeySet();
            workers.run(
                    3,
                    _ -> {
                        await(together);
                        slots.add(workers.slot());
                    });
            assertEquals(Set.of(0, 1, 2), slots);
            assertEquals(-1, workers.slot());
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void wakesWorkersThatParked() {
        try (var workers = new Workers(2)) {
            for (int repeat = 0; repeat < 20; repeat++) {
                LockSupport.parkNanos(2_000_000);
                var together = new CyclicBarrier(2);
                workers.run(2, _ -> await(together));
            }
        }
    }

    @Test
    void runsANestedJobInline() {
        try (var workers = new Workers(3)) {
            var runs = new AtomicIntegerArray(4 * 5);
            workers.run(
                    4,
                    outer -> {
                        Thread thread = Thread.currentThread();
                        workers.run(
                                5,
                                inner -> {
                                    assertSame(thread, Thread.currentThread());
                                    runs.incrementAndGet(5 * outer + inner);
                                });
                    });
            assertEachOnce(runs);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void passesTheExceptionOfTheFirstFailingTaskOn(int threads) {
        try (var workers = new Workers(threads)) {
            for (int repeat = 0; repeat < 50; repeat++) {
                var thrown =
                        assertThrows(
                                IllegalStateException.class,
                                () ->
                                        workers.run(
                                                100,
                                                i -> {
                                                    if (i % 10 == 7) {
                                                        throw new IllegalStateException("task " + i);
                                                    }
                                                }));
                assertEquals("task 7", thrown.getMessage());
            }
            var runs = new AtomicIntegerArray(10);
            workers.run(10, runs::incrementAndGet);
            assertEachOnce(runs);
        }
    }

    @Test
    void passesErrorsOn() {
        try (var workers = new Workers(2)) {
            var error = new StackOverflowError();
            var thrown =
                    assertThrows(
                            StackOverflowError.class,
                            () ->
                                    workers.run(
                                            2,
                                            _ -> {
                                                throw error;
                                            }));
            assertSame(error, thrown);
        }
    }

    @Test
    void servesTwoApplicationThreads() throws InterruptedException {
        try (var workers = new Workers(2)) {
            var failures = ConcurrentHashMap.<String>newKeySet();
            Runnable program =
                    () -> {
                        for (int repeat = 0; repeat < 2000; repeat++) {
                            var runs = new AtomicIntegerArray(7);
                            workers.run(7, runs::incrementAndGet);
                            for (int i = 0; i < 7; i++) {
                                if (runs.get(i) != 1) {
                                    failures.add("task " + i + " ran " + runs.get(i) + " times");
                                }
                            }
                        }
                    };
            Thread first = Thread.ofPlatform().start(program);
            Thread second = Thread.ofPlatform().start(program);
            first.join();
            second.join();
            assertEquals(Set.of(), failures);
        }
    }

    @Test
    void survivesAnInterruptedCaller() {
        try (var workers = new Workers(2)) {
            Thread.currentThread().interrupt();
            var runs = new AtomicIntegerArray(50);
            workers.run(
                    50,
                    i -> {
                        long end = System.nanoTime() + 100_000;
                        while (System.nanoTime() < end) {
                            Thread.onSpinWait();
                        }
                        runs.incrementAndGet(i);
                    });
            assertTrue(Thread.interrupted());
            assertEachOnce(runs);
        }
    }

    @Test
    void coversARangeInParts() {
        try (var workers = new Workers(2)) {
            for (int size : new int[] {0, 1, 99, 100, 101, 1000}) {
                var runs = new AtomicIntegerArray(size);
                workers.split(
                        size,
                        100,
                        (from, to) -> {
                            assertTrue(from < to && to - from <= 100, from + " to " + to);
                            for (int i = from; i < to; i++) {
                                runs.incrementAndGet(i);
                            }
                        });
                assertEachOnce(runs);
            }
        }
    }

    @Test
    void endsItsThreadsWhenClosedAndRunsOnTheCallerAlone() {
        var workers = new Workers(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        var together = new CyclicBarrier(3);
        workers.run(
                3,
                _ -> {
                    await(together);
                    threads.add(Thread.currentThread());
                });
        threads.remove(Thread.currentThread());
        workers.close();
        workers.close();
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    for (Thread thread : threads) {
                        thread.join();
                    }
                });
        workers.run(5, _ -> threads.add(Thread.currentThread()));
        assertTrue(threads.remove(Thread.currentThread()));
        assertEquals(2, threads.size());
    }
}
