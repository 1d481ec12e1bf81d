package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The linked image from outside: what it does on good input, and what it says on bad.
class ImageIT {
    @TempDir static Path shared;
    @TempDir Path work;
    private static Path data;
    private static Path model;

    @BeforeAll
    static void trainAModel() throws IOException {
        data = Shapes.write(shared.resolve("shapes"), "picture");
        model = shared.resolve("m.safetensors");
        train(model, 2).ok();
    }

    private static ImageRun train(Path out, int epochs, Object... more) {
        Object[] all = new Object[11 + more.length];
        Object[] start = {
            "train", "--dataset", "folder", "--data", data, "--size", 16, "--epochs", epochs, "--out", out
        };
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        return ImageRun.of(all);
    }

    @Test
    void trainsTestsAndDescribes() throws IOException {
        Path out = work.resolve("m.safetensors");
        ImageRun run = train(out, 2, "--report", work.resolve("page.html"));
        String last = run.ok();
        assertTrue(last.matches("test exact [01]\\.\\d{4} \\(\\d/2\\), word F1 .*"), last);
        assertTrue(run.out().contains("epoch 2/2  loss "), run::out);
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(out));
        assertTrue(Files.size(work.resolve("page.html")) > 10_000);
        assertEquals(
                last, ImageRun.of("evaluate", "--dataset", "folder", "--data", data, "--model", out, "--beam", 1).ok());
        Path looks = work.resolve("looks.png");
        ImageRun.of("describe", "--model", out, "--attention", looks, data.resolve("red-disc.png")).ok();
        assertTrue(Files.size(looks) > 100);
    }

    @Test
    void hasTheEmoji() {
        ImageRun.of("train", "--unseen-style", "apple")
                .failed("no style named 'apple'; known: [google, twitter, fluent, noto1, emojione]");
        ImageRun.of("evaluate", "--model", model, "--dataset", "emoji")
                .failed(model + ": the net takes pictures [3, 16, 16], those of emoji are [3, 32, 32]");
        ImageRun.of("evaluate", "--model", model, "--split", "test")
                .failed("emoji: no split named 'test'; known: [comp-test, comp-val]");
    }

    @Test
    void answersWithoutTraining() {
        assertTrue(ImageRun.of("summary").out().contains("decoder.attention.keyWeight"));
        assertTrue(ImageRun.of("backends").out().contains("cpu        lamella.backend.cpu"));
        assertTrue(ImageRun.of("--version").ok().matches("caption \\S+"));
        assertTrue(ImageRun.of("--help").out().contains("describe"));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        ImageRun.of("evaluate", "--model", model, "--beam", 0).failed("--beam must be at least 1, got 0");
        Path words = Files.writeString(work.resolve("words"), "these are words, not tensors");
        ImageRun run = ImageRun.of("describe", "--model", words, data.resolve("red-bar.png"));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("checkpoint: " + words + ": "), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }
}
