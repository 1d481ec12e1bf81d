package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

class ScoreVerbTest {
    private static final String MOVED = " {17}\\S+ [+-]0\\.\\d{4}(, \\S+ [+-]0\\.\\d{4})*";

    @TempDir static Path shared;
    private static Path model;

    @BeforeAll
    static void trainAModel() {
        model = shared.resolve("m");
        Run.of("train", "--sample", "--net", "gru", "--epochs", 4, "--quiet", "--out", model).ok();
    }

    private static Run score(Object... texts) {
        Object[] all = new Object[texts.length + 3];
        all[0] = "score";
        all[1] = "--model";
        all[2] = model;
        System.arraycopy(texts, 0, all, 3, texts.length);
        return Run.of(all);
    }

    private static Run reading(String in) {
        return Run.reading(in.getBytes(StandardCharsets.UTF_8), "score", "--model", model);
    }

    @Test
    void givesVerdictProbabilityAndTheWordsThatMovedIt() {
        List<String> lines =
                score("The story is superb and gripping!", "The story is awful and tedious.")
                        .ok()
                        .out()
                        .lines()
                        .toList();
        assertEquals(4, lines.size(), lines::toString);
        assertTrue(
                lines.get(0).matches("positive (0\\.[5-9]\\d{3}|1\\.0000)  The story is superb and gripping!"),
                lines::toString);
        assertTrue(
                lines.get(2).matches("negative 0\\.[0-4]\\d{3}  The story is awful and tedious\\."), lines::toString);
        assertTrue(lines.get(1).matches(MOVED), lines::toString);
        assertTrue(lines.get(3).matches(MOVED), lines::toString);
        assertEquals(5, lines.get(1).split(", ").length);
        assertTrue(lines.get(1).contains("superb +0.") || lines.get(1).contains("gripping +0."), lines::toString);
        assertTrue(lines.get(3).contains("awful -0.") || lines.get(3).contains("tedious -0."), lines::toString);
    }

    @Test
    void tellsAsManyWordsAsAskedFor() {
        String text = "The story is superb and gripping!";
        List<String> two = score("--words", 2, text).ok().out().lines().toList();
        assertEquals(2, two.get(1).split(", ").length);
        List<String> none = score("--words", 0, text).ok().out().lines().toList();
        assertEquals(List.of(two.getFirst()), none);
    }

    @Test
    void readsAReviewFromEachLineOfTheStandardInput() {
        Run lines = reading("The cast is superb!\r\nThe cast is awful.\n").ok();
        assertEquals(score("The cast is superb!", "The cast is awful.").ok().out(), lines.out());
    }

    @Test
    void oneWordIsAReview() {
        List<String> lines = score("superb").ok().out().lines().toList();
        assertTrue(lines.get(0).matches("positive \\d\\.\\d{4}  superb"), lines::toString);
        assertTrue(lines.get(1).matches(" {17}superb \\+0\\.\\d{4}"), lines::toString);
    }

    @Test
    void aReviewIsJudgedAlikeAloneAndAmongOthers() {
        String text = "The second half is not dull at all.";
        String alone = score(text).ok().out();
        String among = score("The music is superb and the ending is beautiful and moving!", text, "dull").ok().out();
        assertTrue(among.contains(alone), among);
    }

    @Test
    void showsTheBeginningOfALongReviewOnOneLine() {
        String text = "The cast\tis\n\u001b[31m superb. " + "The music is superb. ".repeat(30);
        String line = score("--words", 0, text).ok().out().strip();
        assertEquals(
                "The cast is [31m superb. The music is superb. The music is s...",
                line.substring(line.indexOf("  ") + 2));
    }

    // What it rejects

    @Test
    void rejectsAnEmptyReview() {
        score("").failed("review 1: the review is empty");
        score("The cast is superb!", " \t").failed("review 2: the review is empty");
        reading("The cast is superb!\n\nThe cast is awful.\n").failed("standard input: line 2: the review is empty");
        reading("").failed("standard input: holds no reviews");
    }

    @Test
    void rejectsAReviewOfWhichItKnowsNoWord() {
        score("zzz qqq").failed("review 1: the model knows none of its words (2 of them; vocabulary 132)");
        score("...").failed("review 1: the model knows none of its words (0 of them; vocabulary 132)");
        score("<br />").failed("review 1: the model knows none of its words (0 of them; vocabulary 132)");
        reading("superb\nzzz")
                .failed("standard input: line 2: the model knows none of its words (1 of them; vocabulary 132)");
    }

    @Test
    @Timeout(20)
    void aMillionCharactersWithoutABlankAreOneWordThatItDoesNotKnow() {
        String endless = "x".repeat(1_000_000);
        score(endless).failed("review 1: the model knows none of its words (1 of them; vocabulary 132)");
        assertTrue(score("superb " + endless).ok().out().startsWith("positive "));
    }

    @Test
    void rejectsInputThatIsNoUtf8() {
        byte[] bytes = {'o', 'k', '\n', (byte) 0xe4, '\n'};
        Run.reading(bytes, "score", "--model", model).failed("standard input: line 2: is not UTF-8");
    }

    @Test
    void rejectsNegativeNumbersOfWords() {
        score("--words", -1, "superb").failed("--words must be at least 0, got -1");
    }
}
