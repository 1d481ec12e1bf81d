package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.SequenceDataset;
import lamella.data.Values;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

class BucketingTest {
    private static final int EXAMPLES = 103;

    /// Sequences of 1 to 50 steps, told apart by their ids.
    private static final SequenceDataset DATA =
            SequenceDataset.of(
                    IntStream.range(0, EXAMPLES)
                            .mapToObj(
                                    i -> {
                                        int[] ids = new int[1 + i * 37 % 50];
                                        Arrays.fill(ids, i);
                                        return ids;
                                    })
                            .toList(),
                    new int[EXAMPLES],
                    1);

    /// What a pass gives: for each batch the numbers of its examples.
    private static List<List<Integer>> pass(Batching batching, long seed, int epoch, int skipped) {
        var seen = new ArrayList<List<Integer>>();
        try (Batches batches = batching.epoch(DATA, seed, epoch, skipped)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                var ids = (Values.Ints) ((Values.Padded) batch.inputs()).values();
                int steps = ids.shape().dim(1);
                seen.add(IntStream.range(0, batch.size()).map(i -> ids.elements()[i * steps]).boxed().toList());
            }
        }
        return seen;
    }

    private static List<List<Integer>> pass(Batching batching) {
        return pass(batching, 1, 1, 0);
    }

    /// Steps that are padding, over a whole pass.
    private static int padding(List<List<Integer>> pass) {
        int sum = 0;
        for (List<Integer> batch : pass) {
            int longest = batch.stream().mapToInt(DATA::length).max().orElseThrow();
            sum += batch.stream().mapToInt(i -> longest - DATA.length(i)).sum();
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 100})
    void givesEachExampleOnceAndThePartialBatchLast(int bucketing) {
        List<List<Integer>> pass = pass(Batching.of(4).bucketing(bucketing));
        assertEquals(26, pass.size());
        assertTrue(pass.subList(0, 25).stream().allMatch(batch -> batch.size() == 4));
        assertEquals(3, pass.getLast().size());
        var all = new ArrayList<>(pass.stream().flatMap(List::stream).toList());
        Collections.sort(all);
        assertEquals(IntStream.range(0, EXAMPLES).boxed().toList(), all);
    }

    @Test
    void leavesLittlePadding() {
        int without = padding(pass(Batching.of(4)));
        int some = padding(pass(Batching.of(4).bucketing(5)));
        int most = padding(pass(Batching.of(4).bucketing(25)));
        assertTrue(some < without / 2, some + " of " + without);
        assertTrue(most < some / 2, most + " of " + some);
    }

    @Test
    void batchesComeInNoOrderOfLength() {
        List<Integer> longest =
                pass(Batching.of(4).bucketing(100)).stream()
                        .limit(25)
                        .map(batch -> batch.stream().mapToInt(DATA::length).max().orElseThrow())
                        .toList();
        var sorted = new ArrayList<>(longest);
        Collections.sort(sorted);
        assertNotEquals(sorted, longest);
        assertNotEquals(sorted.reversed(), longest);
    }

    @Test
    void dependsOnSeedEpochAndSizeAlone() {
        Batching batching = Batching.of(4).bucketing(5);
        List<List<Integer>> first = pass(batching);
        assertEquals(first, pass(batching.prefetch(0)));
        assertNotEquals(first, pass(batching, 2, 1, 0));
        assertNotEquals(first, pass(batching, 1, 2, 0));
        assertNotEquals(first.getFirst().subList(0, 2), pass(batching.size(2)).getFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 25, 26})
    void startsInTheMiddle(int skipped) {
        Batching batching = Batching.of(4).bucketing(5);
        assertEquals(pass(batching).subList(skipped, 26), pass(batching, 1, 1, skipped));
    }

    @Test
    void keepsTheOrderOfTheDatasetWithoutShuffling() {
        List<List<Integer>> pass = pass(Batching.of(4).bucketing(5).shuffle(false));
        assertEquals(IntStream.range(0, EXAMPLES).boxed().toList(), pass.stream().flatMap(List::stream).toList());
    }

    @Test
    void aBucketOfOneIsNone() {
        assertEquals(pass(Batching.of(4)), pass(Batching.of(4).bucketing(1)));
        assertEquals(pass(Batching.of(200)), pass(Batching.of(200).bucketing(7)));
    }

    @Test
    void sizesOfBucketsDoNotOverflow() {
        assertEquals(pass(Batching.of(4).bucketing(100)), pass(Batching.of(4).bucketing(Integer.MAX_VALUE)));
    }

    @Test
    void rejectsNonsense() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Batching.of(4).bucketing(0));
        assertEquals("batches: bucketing must be at least 1, got 0", thrown.getMessage());
    }
}
