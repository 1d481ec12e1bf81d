package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The linked image from outside: what it does on good input, and what it says on bad.
class ImageIT {
    @TempDir static Path shared;
    @TempDir Path work;
    private static Path data;
    private static Path model;

    @BeforeAll
    static void trainAModel() throws IOException {
        data = Packed.write(shared.resolve("data"), 120, 30);
        model = shared.resolve("m.safetensors");
        train(20, "--epochs", 1, "--out", model).ok();
    }

    private Path file(String name) {
        return work.resolve(name);
    }

    private static ImageRun train(int heldOut, Object... more) {
        return ImageRun.of(training(heldOut, more));
    }

    private static Object[] training(int heldOut, Object... more) {
        Object[] start = {"train", "--net", "lstm", "--data", data, "--validation", heldOut};
        Object[] all = Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        return all;
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(work)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    // What it does

    @Test
    void trainsTestsAndScores() throws IOException {
        Path out = file("m.safetensors");
        ImageRun run = train(20, "--epochs", 1, "--out", out, "--report", file("page.html"));
        String last = run.ok();
        assertTrue(last.matches("test accuracy [01]\\.\\d{4} \\(\\d+/30\\).*"), last);
        assertTrue(run.out().contains("epoch 1/1  loss "), run::out);
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(out));
        assertEquals(List.of("m.safetensors", "page.csv", "page.html"), files());
        assertEquals(last, ImageRun.of("evaluate", "--data", data, "--model", out).ok());
        ImageRun score = ImageRun.of("score", "--model", out, "The cast is superb!");
        assertTrue(score.ok().contains("superb "), score::out);
        assertEquals(score.out(), ImageRun.reading("The cast is superb!\n", "score", "--model", out).out());
    }

    @Test
    void threadsAndStopsChangeNoByte() throws IOException {
        train(20, "--epochs", 2, "--threads", 2, "--out", file("whole")).ok();
        train(20, "--resume", model, "--epochs", 2, "--threads", 1, "--out", file("part")).ok();
        assertArrayEquals(Files.readAllBytes(file("whole")), Files.readAllBytes(file("part")));
    }

    @Test
    void answersWithoutTraining() {
        assertTrue(ImageRun.of("summary", "--net", "lstm").out().contains("embedding(20000, 128)"));
        assertTrue(ImageRun.of("backends").out().contains("cpu        lamella.backend.cpu"));
        assertTrue(ImageRun.of("--version").ok().matches("imdb \\S+"));
        assertTrue(ImageRun.of("--help").out().contains("score"));
    }

    @Test
    void keepsACheckpointOnCtrlC() throws IOException {
        Path out = file("m");
        // a process started in the background may ignore the signal: this makes it listen
        List<String> listening = List.of("env", "--default-signal=INT");
        Process process = ImageRun.start(listening, training(0, "--epochs", 100_000, "--out", out));
        var lines = process.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.startsWith("epoch ")) {
            line = lines.readLine();
        }
        var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertEquals(0, ImageRun.status(kill));
        lines.transferTo(Writer.nullWriter());
        assertEquals(130, ImageRun.status(process));
        String err = ImageRun.withoutNote(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        String expected = "interrupted at step \\d+; %s holds it, go on with --resume %s";
        assertTrue(err.matches(expected.formatted(out, out)), err);
        int step = Integer.parseInt(err.replaceAll("\\D+(\\d+);.*", "$1"));
        int epochs = step / 2 + 1; // 120 reviews are 2 steps of 64
        train(0, "--resume", out, "--epochs", epochs, "--out", out).ok();
        train(0, "--epochs", epochs, "--out", file("whole")).ok();
        assertArrayEquals(Files.readAllBytes(file("whole")), Files.readAllBytes(out));
    }

    // What it rejects

    @Test
    void saysWhatIsWrongWithTheData() throws IOException {
        ImageRun.of("train", "--out", file("m"))
                .failed(
                        "--data DIR is missing: unpack the Large Movie Review Dataset (Maas et al. 2011,"
                                + " ai.stanford.edu/~amaas/data/sentiment) and name its folder aclImdb; or try the"
                                + " program out with --sample");
        Path bad = Files.createDirectory(file("bad"));
        Object[] train = {"train", "--data", bad, "--out", file("m")};
        ImageRun.of(train)
                .failed(
                        bad
                                + ": holds neither the folders train and test nor the files *train.tsv.gz and"
                                + " *test.tsv.gz");
        Path reviews = bad.resolve("train.tsv.gz");
        Packed.write(reviews, "1\t9\t0\tfine\n1\t9\tfine\n".getBytes(StandardCharsets.UTF_8));
        ImageRun.of(train).failed(reviews + ": line 2: has 3 of the 4 columns label, stars, id, text");
        Files.writeString(reviews, "1\t9\t0\tfine\n");
        ImageRun.of(train).failed(reviews + ": is no gzip file");
        assertEquals(List.of("bad"), files());
    }

    @Test
    void saysWhatIsWrongWithAReview() {
        ImageRun.of("score", "--model", model, "").failed("review 1: the review is empty");
        ImageRun.reading("superb\nqqq\n", "score", "--model", model)
                .failed("standard input: line 2: the model knows none of its words (1 of them; vocabulary 130)");
    }

    @Test
    void saysWhatIsNoModel() throws IOException {
        Path words = Files.writeString(file("words"), "these are words, not tensors");
        ImageRun run = ImageRun.of("score", "--model", words, "superb");
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("checkpoint: " + words + ": "), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }
}
