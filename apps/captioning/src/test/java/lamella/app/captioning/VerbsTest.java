package lamella.app.captioning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

/// The verbs on a small folder of pictures.
class VerbsTest {
    @TempDir static Path shared;
    @TempDir Path work;
    private static Path data;
    private static Path model;

    @BeforeAll
    static void trainAModel() throws IOException {
        data = Shapes.write(shared.resolve("shapes"), "picture");
        model = shared.resolve("m.safetensors");
        train("--epochs", 3, "--out", model).ok();
    }

    private static Run train(Object... more) {
        Object[] start = {
            "train",
            "--dataset",
            "folder",
            "--data",
            data,
            "--size",
            16,
            "--rarest",
            1,
            "--batch-size",
            4,
            "--embedding",
            16,
            "--hidden",
            24
        };
        return Run.of(Stream.concat(Arrays.stream(start), Arrays.stream(more)).toArray());
    }

    private Path file(String name) {
        return work.resolve(name);
    }

    @Test
    void trainsTestsAndDescribes() throws IOException {
        Path out = file("m.safetensors");
        Run run = train("--epochs", 3, "--out", out, "--report", file("page.html")).ok();
        assertTrue(
                run.lastLine()
                        .matches(
                                "test exact [01]\\.\\d{4} \\(\\d/2\\), word F1 [01]\\.\\d{4}, BLEU-1 [\\d.]+, BLEU-4"
                                        + " [\\d.]+"),
                run::lastLine);
        assertTrue(
                run.out().contains("data       shapes, 8 training pictures with 8 captions, 2 validation pictures"),
                run::out);
        assertTrue(run.out().contains("epoch 3/3  loss "), run::out);
        assertTrue(run.out().contains("validation bleu "), run::out);
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(out));
        String page = Files.readString(file("page.html"));
        assertTrue(page.contains(run.lastLine()) && page.contains("<h2>Captions</h2>"), page);
        Run evaluate = Run.of("evaluate", "--dataset", "folder", "--data", data, "--model", out, "--beam", 1).ok();
        assertEquals(run.lastLine(), evaluate.lastLine());
        assertTrue(evaluate.out().contains("CIDEr-D "), evaluate::out);
        Path picture = data.resolve("red-bar.png");
        Run describe = Run.of("describe", "--model", out, picture).ok();
        assertEquals(1, describe.out().lines().count());
        Run both = Run.of("describe", "--model", out, picture, data.resolve("blue-disc.png")).ok();
        assertTrue(both.out().startsWith(picture + ": " + describe.out()), both::out);
        assertEquals(2, both.out().lines().count());
    }

    @Test
    void goesOnAsIfItHadNeverStopped() throws IOException {
        train("--epochs", 3, "--out", file("again")).ok();
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(file("again")));
        train("--resume", model, "--out", file("same")).ok();
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(file("same")));
        Run.of("train", "--dataset", "folder", "--data", data, "--resume", model, "--epochs", 4, "--out", file("other"))
                .failed("--epochs 4, but " + model + " was trained with 3");
        assertFalse(Files.exists(file("other")));
    }

    @Test
    void goesOnWithTheSamePicturesOnly() throws IOException {
        Path other = Shapes.write(file("shapes"), "picture");
        try (var pictures = Files.newDirectoryStream(other, "*-disc.png")) {
            for (Path picture : pictures) {
                Files.copy(other.resolve("red-bar.png"), picture, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Run run = Run.of("train", "--dataset", "folder", "--data", other, "--resume", model, "--out", file("m"));
        String eight = " \\(8 pictures, CRC32C [0-9a-f]{8}\\)";
        assertTrue(
                run.err()
                        .matches(
                                "\\Q"
                                        + model
                                        + "\\E was trained on other pictures"
                                        + eight
                                        + " than those of shapes"
                                        + eight),
                run::err);
    }

    @Test
    void threadsChangeNoByte() throws IOException {
        train("--epochs", 3, "--threads", 1, "--out", file("one")).ok();
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(file("one")));
    }

    @Test
    void takesEveryOption() {
        train(
                        "--epochs",
                        1,
                        "--net",
                        "tell",
                        "--tied=false",
                        "--augment=false",
                        "--dropout",
                        0.1,
                        "--weight-decay",
                        0,
                        "--label-smoothing",
                        0.2,
                        "--scheduled-sampling",
                        0.5,
                        "--measure",
                        "exact",
                        "--patience",
                        1,
                        "--max-length",
                        3,
                        "--out",
                        file("m"))
                .ok();
        train("--epochs", 1, "--doubly-stochastic", 0.5, "--learning-rate", 0.01, "--out", file("n")).ok();
    }

    @Test
    void drawsWhatItLookedAt() throws IOException {
        Path picture = data.resolve("red-bar.png");
        Path looks = file("looks.png");
        Run.of("describe", "--model", model, "--attention", looks, picture).ok();
        var image = ImageIO.read(looks.toFile());
        assertTrue(image.getWidth() > 100 && image.getHeight() > 100, image::toString);
        Run.of("describe", "--model", model, "--attention", looks, picture, picture)
                .failed("--attention takes one IMAGE, got 2");
        train("--epochs", 1, "--net", "tell", "--out", file("tell")).ok();
        Run.of("describe", "--model", file("tell"), "--attention", looks, picture)
                .failed("--attention: " + file("tell") + " is a net without attention (tell)");
    }

    @Test
    void drawsCaptions() {
        Object[] describe = {
            "describe", "--model", model, "--temperature", 2, "--top", 5, "--seed", 3, data.resolve("red-bar.png")
        };
        assertEquals(Run.of(describe).ok().out(), Run.of(describe).ok().out());
        Run.of("describe", "--model", model, "--temperature", 1, "--beam", 2, data.resolve("red-bar.png"))
                .failed("--beam and --temperature exclude each other");
    }

    @Test
    void refusesAnotherVocabulary() throws IOException {
        Path other = Shapes.write(file("other"), "some quite strange painting drawn by somebody");
        Files.writeString(
                other.resolve("captions.tsv"),
                Files.readString(other.resolve("captions.tsv"))
                        .replaceAll(" of a (\\S+) (\\S+)", " showing $1-coloured $2s"));
        Run.of("evaluate", "--dataset", "folder", "--data", other, "--model", model)
                .failed(model + ": was trained on another vocabulary: it knows 0 of the 12 words of test in other");
        Run run = Run.of("train", "--dataset", "folder", "--data", other, "--resume", model, "--out", file("m"));
        assertTrue(
                run.err()
                        .matches(
                                "\\Q"
                                        + model
                                        + "\\E was trained on another vocabulary \\(\\d+ words, longest caption 5\\)"
                                        + " than that of the data \\(\\d+ words, longest caption 10\\)"),
                run::err);
        Run.of("evaluate", "--model", model)
                .failed(model + ": the net takes pictures [3, 16, 16], those of emoji are [3, 32, 32]");
    }

    @Test
    void saysWhatIsWrongWithTheOptions() {
        Run.of("evaluate", "--model", model, "--beam", 0).failed("--beam must be at least 1, got 0");
        Run.of("evaluate", "--model", model, "--length-normalization", -1)
                .failed("--length-normalization must be in [0, 10], got -1");
        Run.of("train", "--dataset", "cats")
                .failed("--dataset: no data set named 'cats'; known: [emoji, flickr8k, folder]");
        Run.of("train", "--net", "show").failed("no net named 'show'; known: [attend, tell]");
        Run.of("train", "--dropout", 1).failed("--dropout must be in [0, 1), got 1");
        Run.of("train", "--label-smoothing", "much").failed("--label-smoothing must be a number, got 'much'");
        Run.of("train", "--scheduled-sampling", 2).failed("--scheduled-sampling must be in [0, 1.0], got 2");
        Run.of("train", "--measure", "rouge").failed("no measure named 'rouge'; known: [exact, bleu]");
        Run.of("train", "--size", 64, "--out", file("m")).failed("--size: emoji are 32 x 32, got 64");
        Run.of("train", "--data", data, "--out", file("m"))
                .failed("--data is no option of emoji, which are part of the program");
        Run.of("train", "--dataset", "folder", "--out", file("m"))
                .failed("--data DIR is missing: a folder with pictures and a file captions.tsv");
        Run.of("train", "--dataset", "flickr8k", "--out", file("m"))
                .failed("--data DIR is missing: the folder of Flickr8k, with its photos, captions and splits");
        Run.of("train", "--dataset", "folder", "--data", data, "--unseen-style", "noto1", "--out", file("m"))
                .failed("--unseen-style is an option of emoji, not of folder");
        Run.of("evaluate", "--dataset", "folder", "--data", data, "--model", model, "--split", "comp-test")
                .failed("shapes: no split named 'comp-test'; known: [test, dev]");
    }

    @Test
    void saysWhatIsNoModel() throws IOException {
        Path words = Files.writeString(file("words"), "these are words, not tensors");
        Run run = Run.of("describe", "--model", words, data.resolve("red-bar.png"));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("checkpoint: " + words + ": "), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
        Run.of("describe", "--model", model, file("none.png")).failed(file("none.png") + ": no such file or folder");
    }

    @Test
    void showsTheLayers() {
        Run run = Run.of("summary", "--vocabulary", 100).ok();
        assertTrue(run.out().contains("encoder.residual1.body.conv2d1"), run::out);
        assertTrue(run.out().contains("decoder.attention.keyWeight"), run::out);
        assertTrue(run.out().contains("[192, 4, 4]"), run::out);
        String tell = Run.of("summary", "--net", "tell", "--dataset", "flickr8k").ok().out();
        assertTrue(tell.contains("decoder.picture.weight"), tell);
        assertTrue(Run.of("backends").ok().out().contains("cpu "));
    }
}
