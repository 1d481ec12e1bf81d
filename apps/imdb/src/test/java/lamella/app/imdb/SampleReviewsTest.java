package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.data.Words;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class SampleReviewsTest {
    private final List<Review> train = new SampleReviews().train();
    private final List<Review> test = new SampleReviews().test();

    @Test
    void isTheSameEachTimeAndBalanced() {
        assertEquals(train, new SampleReviews().train());
        assertEquals(test, new SampleReviews().test());
        assertEquals(1000, train.size());
        assertEquals(500, train.stream().filter(review -> review.label() == 1).count());
        assertEquals(125, test.stream().filter(review -> review.label() == 1).count());
    }

    @Test
    void hardlyATestReviewIsInTheTrainingPart() {
        var texts = new HashSet<String>();
        train.forEach(review -> texts.add(review.text()));
        long both = test.stream().filter(review -> texts.contains(review.text())).count();
        assertTrue(both < test.size() / 8, "both: " + both);
    }

    /// A count of words of praise and blame alone is not enough.
    @Test
    void singleWordsDoNotTellGoodFromBad() {
        var praise = Set.of("delightful", "brilliant", "superb", "charming");
        long misled =
                train.stream()
                        .filter(review -> review.label() == 0)
                        .filter(review -> Words.standard().in(review.text()).stream().anyMatch(praise::contains))
                        .count();
        assertTrue(misled > 50, "misled: " + misled);
    }
}
