package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.app.captioning.data.Captioned;
import lamella.app.captioning.data.EmojiData;

import org.junit.jupiter.api.Test;

import java.util.List;

class TokensTest {
    @Test
    void cutsWordsAndMarks() {
        assertEquals(
                List.of("woman", ":", "medium-dark", "skin", "tone", ",", "red", "hair"),
                Tokens.in("woman: medium-dark skin tone, red hair", false));
        assertEquals(List.of("A", "button", "(", "blood", "type", ")"), Tokens.in("A button (blood type)", false));
        assertEquals(List.of("five", "o’clock"), Tokens.in("five o’clock", false));
        assertEquals(List.of("a", "dog", "'", "s", "\"", "toy", "\""), Tokens.in("A dog 's \"toy\"", true));
    }

    @Test
    void leavesOutBlanksAndControls() {
        assertEquals(List.of("a", "b"), Tokens.in("\t a\u00a0\u0007\n b\u200b ", false));
        assertEquals(List.of(), Tokens.in("", false));
    }

    @Test
    void takesAnEmojiForAWord() {
        assertEquals(List.of("a", "👩🏽‍🚀", "!"), Tokens.in("a 👩🏽‍🚀!", false));
    }

    @Test
    void writesTextAsPeopleDo() {
        assertEquals(
                "a dog (brown), running.", Tokens.text(List.of("a", "dog", "(", "brown", ")", ",", "running", ".")));
        assertEquals("", Tokens.text(List.of()));
    }

    @Test
    void writesEveryNameOfAnEmojiAsItWas() {
        List<Captioned> all = EmojiData.compositions().train().examples();
        assertTrue(all.size() > 12_000);
        for (Captioned example : all) {
            String name = example.captions().getFirst();
            assertEquals(name, Tokens.text(Tokens.in(name, false)));
        }
    }
}
