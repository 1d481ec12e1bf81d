package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.Part;
import lamella.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;

class EncodingTest {
    private static final Part PART =
            new Part(
                    "train",
                    Shape.of(3, 1, 1),
                    List.of(
                            new Captioned("one", new byte[3], List.of("A red ball.", "a ball")),
                            new Captioned("two", new byte[3], List.of("a red car"))));

    @Test
    void numbersWordsByFrequencyBehindTheMarks() {
        Encoding encoding = Encoding.learn(PART, true, 1, 30);
        assertEquals("<unknown> <begin> <end> a ball red . car", encoding.vocabulary().toText());
        assertEquals(4, encoding.longest());
        assertArrayEquals(new int[] {3, 5, 4, 6, 2}, encoding.ids("A red ball."));
        assertArrayEquals(new int[] {3, 0, 2}, encoding.ids("a house"));
        assertEquals("a red ball.", encoding.text(new int[] {3, 5, 4, 6, 2, 7, 7}));
    }

    @Test
    void knowsOnlyWordsThatComeOftenEnough() {
        Encoding encoding = Encoding.learn(PART, false, 2, 30);
        assertEquals("<unknown> <begin> <end> a ball red", encoding.vocabulary().toText());
        var e = assertThrows(IllegalArgumentException.class, () -> Encoding.learn(PART, false, 5, 30));
        assertEquals("train: no word comes 5 times in the 3 captions", e.getMessage());
    }

    @Test
    void cutsCaptionsThatAreTooLong() {
        Encoding encoding = Encoding.learn(PART, true, 1, 2);
        assertEquals(2, encoding.longest());
        assertArrayEquals(new int[] {3, 5, 2}, encoding.ids("a red ball"));
        assertArrayEquals(new int[] {3, 3, 2}, encoding.ids("a ".repeat(500)));
    }

    @Test
    void saysAllWordsButTheUnknownOneAndTheBeginning() {
        Encoding encoding = Encoding.learn(PART, true, 1, 30);
        assertFalse(encoding.isSaid(0));
        assertFalse(encoding.isSaid(encoding.begin()));
        assertTrue(encoding.isSaid(encoding.end()));
        assertTrue(encoding.isSaid(7));
    }

    @Test
    void travelsInMetadata() {
        Encoding encoding = Encoding.learn(PART, true, 1, 30);
        assertEquals(encoding, Encoding.of(encoding.toMetadata()));
        var broken = new HashMap<>(encoding.toMetadata());
        broken.put("caption.lowerCase", "perhaps");
        var e = assertThrows(IllegalArgumentException.class, () -> Encoding.of(broken));
        assertEquals("caption.lowerCase must be true or false, got 'perhaps'", e.getMessage());
        broken.put("caption.vocabulary", "<unknown> <begin> a");
        e = assertThrows(IllegalArgumentException.class, () -> Encoding.of(broken));
        assertEquals("caption.vocabulary has no <end>", e.getMessage());
    }
}
