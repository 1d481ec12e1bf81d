package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.stream.IntStream;

class RandomSourceTest {
    private static final Shape MANY = Shape.of(100, 100);

    private static float[] uniform(RandomSource random, int count) {
        return random.uniform(REFERENCE, Shape.of(count), 0, 1).toFloats();
    }

    private static double mean(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
    }

    private static double deviation(float[] values) {
        double mean = mean(values);
        return Math.sqrt(
                IntStream.range(0, values.length)
                        .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
                        .average()
                        .orElseThrow());
    }

    /// Words 0 and 1 of a block are the low and the high half of the host's number.
    @Test
    void hostAndBackendDrawFromTheSameGenerator() {
        float[] drawn = uniform(RandomSource.of(42), 40);
        RandomSource host = RandomSource.of(42);

        for (int block = 0; block < 10; block++) {
            long words = host.nextLong();
            assertEquals(((int) words >>> 8) * 0x1p-24f, drawn[4 * block]);
            assertEquals(((int) (words >>> 32) >>> 8) * 0x1p-24f, drawn[4 * block + 1]);
        }
        assertEquals(10, host.position());
    }

    @Test
    void oneSeedGivesOneStream() {
        assertArrayEquals(uniform(RandomSource.of(1), 9), uniform(RandomSource.of(1), 9));
        assertFalse(Arrays.equals(uniform(RandomSource.of(1), 9), uniform(RandomSource.of(2), 9)));
    }

    @Test
    void goesOnWhereItStopped() {
        RandomSource random = RandomSource.of(1);
        float[] all = uniform(RandomSource.of(1), 12);

        assertArrayEquals(Arrays.copyOf(all, 5), uniform(random, 5)); // two blocks of four
        assertEquals(2, random.position());
        assertArrayEquals(Arrays.copyOfRange(all, 8, 12), uniform(random, 4));
        assertEquals(3, random.position());
    }

    @Test
    void returnsToASavedPosition() {
        RandomSource random = RandomSource.of(5).split("training");
        uniform(random, 100);
        long key = random.key();
        long position = random.position();
        float[] next = uniform(random, 8);

        assertArrayEquals(next, uniform(RandomSource.of(key, position), 8));
        random.position(position);
        assertArrayEquals(next, uniform(random, 8));
    }

    @Test
    void splitsDependOnKeyAndNameOnly() {
        RandomSource used = RandomSource.of(1);
        uniform(used, 50);
        RandomSource split = RandomSource.of(1).split("conv1.weight");

        assertEquals(split.key(), used.split("conv1.weight").key());
        assertEquals(0, split.position());
        assertNotEquals(split.key(), RandomSource.of(1).split("conv2.weight").key());
        assertNotEquals(split.key(), RandomSource.of(2).split("conv1.weight").key());
        assertNotEquals(split.key(), RandomSource.of(1).split("weight.conv1").key());
        assertNotEquals(RandomSource.of(1).key(), RandomSource.of(1).split("").key());
    }

    @Test
    void uniformNumbersFillTheirRange() {
        float[] values = RandomSource.of(3).uniform(REFERENCE, MANY, -2, 4).toFloats();

        for (float value : values) {
            assertTrue(value >= -2 && value < 4);
        }
        assertEquals(1, mean(values), 4 * 6 / Math.sqrt(12) / 100);
        assertEquals(6 / Math.sqrt(12), deviation(values), 0.05);
    }

    @Test
    void normalNumbersHaveMeanAndDeviation() {
        float[] values = RandomSource.of(3).normal(REFERENCE, MANY, 5, 2).toFloats();

        assertEquals(5, mean(values), 4 * 2 / 100.0);
        assertEquals(2, deviation(values), 0.06);
    }

    @Test
    void onesHaveTheirProbability() {
        Tensor ones = RandomSource.of(3).bernoulli(REFERENCE, MANY, 0.3f);

        for (float value : ones.toFloats()) {
            assertTrue(value == 0 || value == 1);
        }
        assertEquals(0.3, mean(ones.toFloats()), 4 * Math.sqrt(0.3 * 0.7) / 100);
        assertEquals(0, RandomSource.of(3).bernoulli(REFERENCE, MANY, 0).sum().item());
        assertEquals(10_000, RandomSource.of(3).bernoulli(REFERENCE, MANY, 1).sum().item());
    }

    @Test
    void permutationsHoldEachNumberOnce() {
        RandomSource random = RandomSource.of(7);
        int[] first = random.permutation(1000);
        int[] second = random.permutation(1000);

        assertArrayEquals(IntStream.range(0, 1000).toArray(), Arrays.stream(first).sorted().toArray());
        assertFalse(Arrays.equals(first, second));
        assertArrayEquals(first, RandomSource.of(7).permutation(1000));
        assertArrayEquals(new int[0], random.permutation(0));
        assertArrayEquals(new int[] {0}, random.permutation(1));
    }

    /// Each of the 6 orders of 3 things comes about 1000 times in 6000; the deviation is 29.
    @Test
    void permutationsAreFair() {
        RandomSource random = RandomSource.of(8);
        int[] count = new int[27];
        for (int i = 0; i < 6000; i++) {
            int[] order = random.permutation(3);
            count[9 * order[0] + 3 * order[1] + order[2]]++;
        }

        int[] seen = Arrays.stream(count).filter(c -> c > 0).toArray();
        assertEquals(6, seen.length);
        for (int times : seen) {
            assertEquals(1000, times, 4 * 29);
        }
    }
}
