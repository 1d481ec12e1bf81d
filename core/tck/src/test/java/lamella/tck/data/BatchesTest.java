package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Buffers;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

@Timeout(20)
class BatchesTest {
    /// Examples that are their own numbers, with a random number as target.
    private static class Numbers implements Dataset {
        final int size;
        final AtomicInteger made = new AtomicInteger();

        Numbers(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
            made.incrementAndGet();
            int[] inputs = buffers.ints(indices.length);
            float[] targets = buffers.floats(indices.length);
            for (int i = 0; i < indices.length; i++) {
                inputs[i] = indices[i];
                targets[i] = Dataset.random(random, i).nextFloat();
            }
            Shape shape = Shape.of(indices.length);
            return new Batch(new Values.Ints(shape, inputs), new Values.Floats(shape, targets), indices.length);
        }
    }

    private static int[] ints(Batch batch) {
        return ((Values.Ints) batch.inputs()).elements();
    }

    /// What a pass gives, as text: numbers and random targets of each batch.
    private static List<String> pass(Batching batching, long seed, int epoch, int skipped) {
        var seen = new ArrayList<String>();
        try (Batches batches = batching.epoch(new Numbers(10), seed, epoch, skipped)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                var text = new StringBuilder();
                for (int i = 0; i < batch.size(); i++) {
                    text.append(ints(batch)[i]).append(':');
                    text.append(((Values.Floats) batch.targets()).elements()[i]).append(' ');
                }
                seen.add(text.toString());
            }
        }
        return seen;
    }

    private static List<Integer> numbers(List<String> pass) {
        return pass.stream()
                .flatMap(batch -> List.of(batch.trim().split(" ")).stream())
                .map(example -> Integer.valueOf(example.substring(0, example.indexOf(':'))))
                .toList();
    }

    private static List<Integer> sorted(List<Integer> numbers) {
        var copy = new ArrayList<>(numbers);
        Collections.sort(copy);
        return copy;
    }

    private static boolean batchThreadRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("lamella-batches"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void givesEachExampleOnce(int prefetch) {
        List<String> pass = pass(Batching.of(4).prefetch(prefetch), 1, 1, 0);
        assertEquals(3, pass.size());
        assertEquals(2, pass.getLast().split(" ").length);
        assertEquals(IntStream.range(0, 10).boxed().toList(), sorted(numbers(pass)));
        assertFalse(batchThreadRuns());
    }

    @Test
    void dropsALastPartialBatch() {
        List<String> pass = pass(Batching.of(4).dropPartial(true), 1, 1, 0);
        assertEquals(2, pass.size());
        assertEquals(8, numbers(pass).size());
        assertEquals(3, Batching.of(4).batches(10));
        assertEquals(2, Batching.of(4).dropPartial(true).batches(10));
        assertEquals(0, Batching.of(4).batches(0));
    }

    @Test
    void dependsOnSeedAndEpochAlone() {
        List<String> first = pass(Batching.of(4).prefetch(0), 1, 1, 0);
        assertEquals(first, pass(Batching.of(4).prefetch(3), 1, 1, 0));
        assertNotEquals(numbers(first), numbers(pass(Batching.of(4), 1, 2, 0)));
        assertNotEquals(numbers(first), numbers(pass(Batching.of(4), 2, 1, 0)));
    }

    @Test
    void dependsNotOnTheSizeOfBatches() {
        String whole = String.join("", pass(Batching.of(10), 1, 1, 0));
        assertEquals(10, Set.copyOf(List.of(whole.replaceAll("\\d+:", "").split(" "))).size());
        assertEquals(whole, String.join("", pass(Batching.of(3), 1, 1, 0)));
        assertEquals(whole, String.join("", pass(Batching.of(4), 1, 1, 0)));
    }

    @Test
    void keepsTheOrderOfTheDatasetWithoutShuffling() {
        List<String> pass = pass(Batching.of(4).shuffle(false), 1, 1, 0);
        assertEquals(IntStream.range(0, 10).boxed().toList(), numbers(pass));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void startsInTheMiddle(int prefetch) {
        Batching batching = Batching.of(4).prefetch(prefetch);
        List<String> whole = pass(batching, 1, 1, 0);
        assertEquals(whole.subList(1, 3), pass(batching, 1, 1, 1));
        assertEquals(List.of(), pass(batching, 1, 1, 3));
    }

    @Test
    void usesArraysAgain() {
        try (Batches direct = Batching.of(2).prefetch(0).epoch(new Numbers(6), 1, 1)) {
            int[] first = ints(direct.next());
            assertSame(first, ints(direct.next()));
        }
        try (Batches ahead = Batching.of(2).prefetch(2).epoch(new Numbers(40), 1, 1)) {
            var arrays = Collections.newSetFromMap(new IdentityHashMap<int[], Boolean>());
            while (ahead.hasNext()) {
                arrays.add(ints(ahead.next()));
            }
            assertTrue(arrays.size() <= 3, "arrays: " + arrays.size());
        }
    }

    @Test
    void leavesABatchAloneUntilTheNextIsTaken() throws InterruptedException {
        try (Batches batches = Batching.of(2).prefetch(1).epoch(new Numbers(40), 1, 1)) {
            while (batches.hasNext()) {
                int[] held = ints(batches.next());
                int[] copy = held.clone();
                Thread.sleep(1);
                assertArrayEquals(copy, held);
            }
        }
    }

    @Test
    void makesNoMoreAheadThanAskedFor() throws InterruptedException {
        var numbers = new Numbers(1000);
        try (Batches batches = Batching.of(1).prefetch(2).epoch(numbers, 1, 1)) {
            batches.next();
            Thread.sleep(100);
            assertTrue(numbers.made.get() <= 3, "made: " + numbers.made.get());
        }
    }

    @Test
    void passesOnWhatTheDatasetThrows() {
        var failing =
                new Numbers(10) {
                    @Override
                    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
                        if (made.get() == 2) {
                            throw new IllegalArgumentException("file: example 8 is damaged");
                        }
                        return super.batch(indices, random, buffers);
                    }
                };
        try (Batches batches = Batching.of(4).epoch(failing, 1, 1)) {
            batches.next();
            batches.next();
            var thrown = assertThrows(IllegalArgumentException.class, batches::next);
            assertEquals("file: example 8 is damaged", thrown.getMessage());
        }
        assertFalse(batchThreadRuns());
    }

    @Test
    void endsItsThreadWhenAbandoned() {
        Batches batches = Batching.of(1).prefetch(2).epoch(new Numbers(1000), 1, 1);
        batches.next();
        assertTrue(batchThreadRuns());
        batches.close();
        assertFalse(batchThreadRuns());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void givesNothingAfterItIsClosed(int prefetch) {
        Batches batches = Batching.of(1).prefetch(prefetch).epoch(new Numbers(9), 1, 1);
        batches.next();
        batches.close();
        batches.close();
        var thrown = assertThrows(IllegalStateException.class, batches::next);
        assertEquals("batches: already closed", thrown.getMessage());
    }

    @Test
    void endsItsThreadThoughTheDatasetSwallowsInterrupts() throws InterruptedException {
        var deaf =
                new Numbers(1000) {
                    @Override
                    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
                        try {
                            Thread.sleep(50);
                        } catch (InterruptedException _) {
                            made.addAndGet(100);
                        }
                        return super.batch(indices, random, buffers);
                    }
                };
        Batches batches = Batching.of(1).prefetch(1).epoch(deaf, 1, 1);
        Thread.sleep(10);
        batches.close();
        assertTrue(deaf.made.get() > 100, "the producer was not interrupted at work");
        assertFalse(batchThreadRuns());
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        var slow =
                new Numbers(10) {
                    @Override
                    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
                        try {
                            Thread.sleep(10_000);
                        } catch (InterruptedException _) {
                            made.incrementAndGet();
                        }
                        return super.batch(indices, random, buffers);
                    }
                };
        try (Batches batches = Batching.of(4).epoch(slow, 1, 1)) {
            Thread.currentThread().interrupt();
            var thrown = assertThrows(IllegalStateException.class, batches::next);
            assertEquals("batches: interrupted while waiting for a batch", thrown.getMessage());
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void endsAfterTheLastBatch() {
        try (Batches batches = Batching.of(10).epoch(new Numbers(10), 1, 1)) {
            assertEquals(1, batches.count());
            batches.next();
            assertFalse(batches.hasNext());
            var thrown = assertThrows(NoSuchElementException.class, batches::next);
            assertEquals("batches: there are only 1", thrown.getMessage());
        }
    }

    @Test
    void rejectsNonsense() {
        var size = assertThrows(IllegalArgumentException.class, () -> Batching.of(0));
        assertEquals("batches: size must be at least 1, got 0", size.getMessage());
        var prefetch = assertThrows(IllegalArgumentException.class, () -> Batching.of(1).prefetch(-1));
        assertEquals("batches: prefetch must be at least 0, got -1", prefetch.getMessage());
    }
}
