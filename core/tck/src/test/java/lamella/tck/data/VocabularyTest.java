package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.data.Vocabulary;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class VocabularyTest {
    private static Stream<List<String>> texts() {
        return Stream.of(
                List.of("the", "film", "the", "plot"), List.of(), List.of("bad", "film", "the", "end", "<unknown>"));
    }

    @Test
    void ordersByFrequencyThenByAlphabet() {
        assertEquals("<unknown> the film bad end plot", Vocabulary.mostFrequent(100, texts()).toText());
        assertEquals("<unknown> the film bad", Vocabulary.mostFrequent(4, texts()).toText());
        assertEquals("<unknown> the", Vocabulary.mostFrequent(2, texts()).toText());
    }

    @Test
    void marksComeBeforeTheWords() {
        var vocabulary = Vocabulary.mostFrequent(4, texts(), "<begin>", "<end>");
        assertEquals("<unknown> <begin> <end> the", vocabulary.toText());
        assertEquals(1, vocabulary.id("<begin>"));
        assertEquals(2, vocabulary.id("<end>"));
    }

    @Test
    void givesNumbersAndWords() {
        var vocabulary = Vocabulary.of("the", "film");
        assertEquals(3, vocabulary.size());
        assertArrayEquals(new int[] {2, 0, 1, 0}, vocabulary.ids(List.of("film", "noir", "the", "")));
        assertEquals("film", vocabulary.word(2));
        assertEquals(Vocabulary.UNKNOWN, vocabulary.word(0));
        assertTrue(vocabulary.contains("film"));
        assertFalse(vocabulary.contains("noir"));
        assertThrows(IndexOutOfBoundsException.class, () -> vocabulary.word(3));
        assertEquals("vocabulary of 3 words", vocabulary.toString());
    }

    @Test
    void travelsAsAText() {
        var vocabulary = Vocabulary.mostFrequent(5, texts());
        assertEquals(vocabulary, Vocabulary.parse(vocabulary.toText()));
        assertEquals(vocabulary.hashCode(), Vocabulary.parse(vocabulary.toText()).hashCode());
        assertNotEquals(vocabulary, Vocabulary.of("the"));
    }

    @Test
    void rejectsASizeWithoutRoomForAWord() {
        assertEquals(
                "vocabulary: size must be at least 2, for the unknown word and a known one, got 0",
                message(() -> Vocabulary.mostFrequent(0, texts())));
        assertEquals(
                "vocabulary: size must be at least 2, for the unknown word and a known one, got 1",
                message(() -> Vocabulary.mostFrequent(1, texts())));
        assertEquals(
                "vocabulary: size must be at least 4, for the unknown word, the marks and a known one, got 3",
                message(() -> Vocabulary.mostFrequent(3, texts(), "<begin>", "<end>")));
    }

    @Test
    void rejectsWordsThatAreNone() {
        assertEquals("vocabulary: 'a' comes twice, as 1 and as 3", message(() -> Vocabulary.of("a", "b", "a")));
        assertEquals("vocabulary: word 2 is '', empty or with a blank", message(() -> Vocabulary.of("a", "")));
        assertEquals("vocabulary: word 1 is 'a b', empty or with a blank", message(() -> Vocabulary.of("a b")));
        assertEquals(
                "vocabulary: word 1 is '', empty or with a blank", message(() -> Vocabulary.parse("<unknown>  a")));
        assertEquals(
                "vocabulary: the first word must be <unknown>, got 'the'", message(() -> Vocabulary.parse("the film")));
        assertEquals("vocabulary: the first word must be <unknown>, got ''", message(() -> Vocabulary.parse("")));
    }

    private static String message(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
