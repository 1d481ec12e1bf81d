package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.imdb.Encoding.Kept;
import lamella.data.SequenceDataset;
import lamella.data.Vocabulary;
import lamella.data.Words;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

class EncodingTest {
    private static final List<Review> REVIEWS =
            List.of(new Review("A good film, a very good film", 1), new Review("Bad film", 0));

    @Test
    void learnsTheMostFrequentWords() {
        Encoding encoding = Encoding.learn(REVIEWS, 4, 80, Kept.LAST);
        assertEquals("<unknown> film a good", encoding.vocabulary().toText());
        SequenceDataset data = encoding.dataset(REVIEWS);
        assertArrayEquals(new int[] {2, 3, 1, 2, 0, 3, 1}, data.ids(0));
        assertArrayEquals(new int[] {0, 1}, data.ids(1));
        assertEquals(1, data.label(0));
        assertEquals(0, data.label(1));
        assertEquals(2, data.classes());
    }

    @Test
    void keepsTheFirstOrTheLastWordsOfALongReview() {
        String text = "one two three four";
        assertEquals(List.of("one", "two"), Encoding.learn(REVIEWS, 9, 2, Kept.FIRST).seen(text));
        assertEquals(List.of("three", "four"), Encoding.learn(REVIEWS, 9, 2, Kept.LAST).seen(text));
        assertEquals(List.of("one", "two", "three", "four"), Encoding.learn(REVIEWS, 9, 4, Kept.LAST).seen(text));
    }

    @Test
    void aReviewWithoutWordsIsOneThatIsNotKnown() {
        Encoding encoding = Encoding.learn(REVIEWS, 9, 80, Kept.LAST);
        assertArrayEquals(new int[] {0}, encoding.ids(encoding.seen("...")));
        assertArrayEquals(new int[] {0}, encoding.dataset(List.of(new Review("<br />", 1))).ids(0));
    }

    @Test
    @Timeout(5)
    void aMillionCharactersWithoutABlankAreOneWord() {
        Encoding encoding = Encoding.learn(REVIEWS, 9, 80, Kept.LAST);
        assertArrayEquals(new int[] {0}, encoding.ids(encoding.seen("x".repeat(1_000_000))));
    }

    @Test
    void travelsAsTexts() {
        Encoding encoding = Encoding.learn(REVIEWS, 5, 7, Kept.FIRST);
        assertEquals(
                Map.of(
                        "imdb.words", "words(64)",
                        "imdb.vocabulary", "<unknown> film a good bad",
                        "imdb.maxLength", "7",
                        "imdb.kept", "first"),
                encoding.toMetadata());
        assertEquals(encoding, Encoding.of(encoding.toMetadata()));
        assertEquals(Kept.LAST, Encoding.of(Encoding.learn(REVIEWS, 5, 7, Kept.LAST).toMetadata()).kept());
    }

    @Test
    void rejectsDamagedTexts() {
        assertEquals("was not written by imdb train: it has no imdb.words", rejected("imdb.words", null));
        assertEquals("words: must be like 'words(64)', got 'w'", rejected("imdb.words", "w"));
        assertEquals("vocabulary: the first word must be <unknown>, got ''", rejected("imdb.vocabulary", ""));
        assertEquals("imdb.maxLength must be at least 1, got 0", rejected("imdb.maxLength", "0"));
        assertEquals("imdb.maxLength must be a whole number, got '1.5'", rejected("imdb.maxLength", "1.5"));
        assertEquals("imdb.kept must be first or last, got 'middle'", rejected("imdb.kept", "middle"));
    }

    private static String rejected(String key, String text) {
        var metadata = new HashMap<>(new Encoding(Words.standard(), Vocabulary.of("a"), 3, Kept.LAST).toMetadata());
        assertTrue(metadata.containsKey(key));
        if (text == null) {
            metadata.remove(key);
        } else {
            metadata.put(key, text);
        }
        return assertThrows(IllegalArgumentException.class, () -> Encoding.of(metadata)).getMessage();
    }
}
