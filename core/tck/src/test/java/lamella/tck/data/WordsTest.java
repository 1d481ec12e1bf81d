package lamella.tck.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.data.Words;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class WordsTest {
    private static final Words WORDS = Words.standard();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "A film, LIKE no other.      | a film like no other",
                "great!! really?             | great ! ! really ?",
                "don't 'quote' o'clock' 'tis | don't quote o'clock tis",
                "it\u2019s  the \u2018best\u2019 | it's the best",
                "one<br /><br/>two</p>three  | one two three",
                "I <3 this, a < b, 1<2       | i 3 this a b 1 2",
                "<!-- a note -->after        | after",
                "<<br>>x <br                 | x br",
                "8/10 half-baked 3,000 x_y   | 8 10 half baked 3 000 x y",
                "\u00dcber E\u0301te\u0301 na\u00efve | \u00fcber \u00e9t\u00e9 na\u00efve",
                "\u65e5\u672c\u6620\u753b \u0444\u0438\u043b\u044c\u043c | \u65e5\u672c\u6620\u753b"
                        + " \u0444\u0438\u043b\u044c\u043c",
                "\ud835\udc00\ud835\udfd8 ok | \ud835\udc00\ud835\udfd8 ok",
                "\u0939\u093f\u0902\u0926\u0940 | \u0939\u093f\u0902\u0926\u0940",
            })
    void cutsATextIntoWords(String text, String words) {
        assertEquals(words, String.join(" ", WORDS.in(text)));
    }

    @Test
    void aTextWithoutWordsHasNone() {
        for (String text : new String[] {"", " \t\n", "...", "<br />", "'", "\ud800", "\u0301", "\0"}) {
            assertEquals(List.of(), WORDS.in(text), text);
        }
    }

    @Test
    void cutsAWordThatIsTooLong() {
        assertEquals(List.of("abc", "de"), new Words(3).in("abcdefg de"));
        assertEquals(List.of("\ud835\udc00\ud835\udc01"), new Words(2).in("\ud835\udc00\ud835\udc01\ud835\udc02"));
        assertEquals("a".repeat(64), WORDS.in("a".repeat(65)).getFirst());
    }

    @Test
    @Timeout(5)
    void takesAMillionCharactersOfAnyKind() {
        int million = 1_000_000;
        assertEquals(List.of("a".repeat(64)), WORDS.in("A".repeat(million)));
        assertEquals(List.of(), WORDS.in("<".repeat(million)));
        assertEquals(million / 2, WORDS.in("<a".repeat(million / 2)).size());
        assertEquals(1, WORDS.in("a'".repeat(million / 2)).size());
        assertEquals(1, WORDS.in("a" + "\u0301".repeat(million)).size());
        assertEquals(million, WORDS.in("!".repeat(million)).size());
    }

    @Test
    void travelsAsAText() {
        assertEquals("words(64)", WORDS.toString());
        assertEquals(WORDS, Words.parse("words(64)"));
        assertEquals(new Words(7), Words.parse(new Words(7).toString()));
    }

    @Test
    void rejectsNonsense() {
        assertEquals("words: longest must be at least 1, got 0", message(() -> new Words(0)));
        assertEquals("words: longest must be at least 1, got 0", message(() -> Words.parse("words(0)")));
        assertEquals("words: must be like 'words(64)', got 'letters'", message(() -> Words.parse("letters")));
    }

    private static String message(Runnable action) {
        return assertThrows(IllegalArgumentException.class, action::run).getMessage();
    }
}
