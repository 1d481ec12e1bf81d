package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

class HeldOutTest {
    /// 30 positive reviews, then 10 negative ones.
    private static final List<Review> REVIEWS =
            IntStream.range(0, 40).mapToObj(i -> new Review("review " + i, i < 30 ? 1 : 0)).toList();

    @Test
    void holdsOutAStretchOfEachLabelInItsProportion() {
        for (int seed = 0; seed < 20; seed++) {
            HeldOut split = HeldOut.of(REVIEWS, 8, seed);
            int[] positive = Arrays.stream(split.held()).filter(i -> i < 30).toArray();
            int[] negative = Arrays.stream(split.held()).filter(i -> i >= 30).toArray();
            assertEquals(6, positive.length);
            assertEquals(2, negative.length);
            assertEquals(positive[0] + 5, positive[5]);
            assertEquals(negative[0] + 1, negative[1]);
            assertEquals((positive[0] + 1) / 25.0, (negative[0] - 30 + 1) / 9.0, 1 / 9.0 + 1 / 25.0);
        }
    }

    @Test
    void whatIsNotHeldOutIsTheRest() {
        HeldOut split = HeldOut.of(REVIEWS, 8, 1);
        int[] all = IntStream.concat(Arrays.stream(split.rest()), Arrays.stream(split.held())).sorted().toArray();
        assertArrayEquals(IntStream.range(0, 40).toArray(), all);
        int[] sorted = split.rest().clone();
        Arrays.sort(sorted);
        assertArrayEquals(sorted, split.rest());
    }

    @Test
    void dependsOnTheSeed() {
        assertArrayEquals(HeldOut.of(REVIEWS, 8, 1).held(), HeldOut.of(REVIEWS, 8, 1).held());
        boolean same =
                IntStream.range(2, 10)
                        .allMatch(
                                seed ->
                                        Arrays.equals(
                                                HeldOut.of(REVIEWS, 8, 1).held(), HeldOut.of(REVIEWS, 8, seed).held()));
        assertFalse(same);
    }

    @Test
    void holdsOutNothingOrAllButOne() {
        assertEquals(0, HeldOut.of(REVIEWS, 0, 1).held().length);
        assertEquals(39, HeldOut.of(REVIEWS, 39, 1).held().length);
        assertEquals(3, HeldOut.of(REVIEWS.subList(0, 10), 3, 1).held().length);
    }
}
