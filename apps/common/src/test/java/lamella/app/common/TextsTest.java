package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.Map;

class TextsTest {
    private static final Map<String, String> METADATA =
            Map.of("cat.name", "Tom", "cat.lives", "9", "cat.weight", "4.5", "cat.black", "true", "cat.fat", "false");

    private static void rejects(String message, Executable reading) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, reading).getMessage());
    }

    @Test
    void readsEntries() {
        assertEquals("Tom", Texts.get(METADATA, "cat.name"));
        assertEquals(9, Texts.count(METADATA, "cat.lives", 9));
        assertEquals(4.5f, Texts.number(METADATA, "cat.weight"));
        assertTrue(Texts.flag(METADATA, "cat.black"));
        assertFalse(Texts.flag(METADATA, "cat.fat"));
    }

    @Test
    void namesTheProgramThatWouldHaveWrittenThem() {
        rejects("was not written by cat train: it has no cat.age", () -> Texts.get(METADATA, "cat.age"));
        rejects("was not written by cat train: it has no cat.age", () -> Texts.count(METADATA, "cat.age", 0));
        rejects("was not written by cat train: it has no cat.age", () -> Texts.number(METADATA, "cat.age"));
        rejects("was not written by cat train: it has no cat.age", () -> Texts.flag(METADATA, "cat.age"));
    }

    @Test
    void rejectsWhatIsSomethingElse() {
        rejects("cat.name must be a whole number, got 'Tom'", () -> Texts.count(METADATA, "cat.name", 0));
        rejects("cat.lives must be at least 10, got 9", () -> Texts.count(METADATA, "cat.lives", 10));
        rejects("cat.name must be a number, got 'Tom'", () -> Texts.number(METADATA, "cat.name"));
        rejects("cat.name must be true or false, got 'Tom'", () -> Texts.flag(METADATA, "cat.name"));
    }
}
