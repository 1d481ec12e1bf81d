package lamella.app.captioning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class EmojiDataTest {
    private static Set<String> captions(Part part) {
        return part.examples().stream().flatMap(e -> e.captions().stream()).collect(Collectors.toSet());
    }

    private static Set<String> names(Part part) {
        return part.examples().stream().map(Captioned::name).collect(Collectors.toSet());
    }

    @Test
    void holdsOutCompositions() {
        EmojiData data = EmojiData.compositions();
        Part train = data.train();
        Part held = data.validation();
        Part test = data.test("comp-test");
        assertEquals(List.of(12_157, 511, 1_001), List.of(train.size(), held.size(), test.size()));
        assertEquals(Shape.of(4, 32, 32), train.picture());
        assertEquals("comp-test", test.name());
        var seen = captions(train);
        assertTrue(captions(held).stream().noneMatch(seen::contains));
        assertTrue(captions(test).stream().noneMatch(seen::contains));
        assertEquals(held.size(), data.test("comp-val").size());
    }

    @Test
    void holdsOutAStyle() {
        EmojiData data = EmojiData.styles(Style.TWITTER);
        Part test = data.test("style");
        assertEquals(3_516, test.size());
        assertTrue(test.examples().stream().allMatch(e -> e.name().endsWith(" twitter")));
        Part train = data.train();
        Part held = data.validation();
        assertEquals(13_669 - 3_516, train.size() + held.size());
        assertEquals(400, held.size());
        var both = new HashSet<>(names(train));
        both.retainAll(names(held));
        assertEquals(Set.of(), both);
        assertTrue(train.examples().stream().noneMatch(e -> e.name().endsWith(" twitter")));
    }

    @Test
    void cutsPicturesOutOfTheSheets() {
        Captioned cherry =
                EmojiData.compositions().train().examples().stream()
                        .filter(e -> e.name().equals("1F352 twitter"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(List.of("cherries"), cherry.captions());
        int red = 0;
        int green = 0;
        for (int i = 0; i < 1024; i++) {
            boolean opaque = (cherry.pixels()[3 * 1024 + i] & 0xff) > 200;
            int r = cherry.pixels()[i] & 0xff;
            int g = cherry.pixels()[1024 + i] & 0xff;
            red += opaque && r > 150 && g < 80 ? 1 : 0;
            green += opaque && g > 100 && r < 120 ? 1 : 0;
        }
        assertTrue(red > 200 && green > 40, red + " red and " + green + " green pixels");
        assertEquals(0, cherry.pixels()[3 * 1024], "the corner is transparent");
    }

    @Test
    void saysWhichSplitsThereAre() {
        var e = assertThrows(IllegalArgumentException.class, () -> EmojiData.compositions().test("test"));
        assertEquals("emoji: no split named 'test'; known: [comp-test, comp-val]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> EmojiData.styles(Style.NOTO1).test("comp-val"));
        assertEquals("emoji, all styles but noto1: no split named 'comp-val'; known: [style]", e.getMessage());
    }

    @Test
    void saysWhichStylesThereAre() {
        assertEquals(Style.EMOJIONE, Style.named("emojione"));
        var e = assertThrows(IllegalArgumentException.class, () -> Style.named("apple"));
        assertEquals("no style named 'apple'; known: [google, twitter, fluent, noto1, emojione]", e.getMessage());
    }
}
