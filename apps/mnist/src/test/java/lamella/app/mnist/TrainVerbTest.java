package lamella.app.mnist;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backends;
import lamella.data.ImageDataset;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class TrainVerbTest {
    @TempDir static Path data;
    @TempDir Path work;

    @BeforeAll
    static void writeData() throws IOException {
        IdxFiles.write(data.resolve("tiny"), 200, 50);
        IdxFiles.write(data.resolve("small"), 2000, 500);
    }

    private Path file(String name) {
        return work.resolve(name);
    }

    private static Run train(Object... more) {
        Object[] all = {"train", "--data", data.resolve("tiny"), "--quiet"};
        all = Arrays.copyOf(all, all.length + more.length);
        System.arraycopy(more, 0, all, all.length - more.length, more.length);
        return Run.of(all);
    }

    private static double accuracy(String line) {
        assertTrue(line.matches("test accuracy [01]\\.\\d{4} \\(\\d+/\\d+\\)"), line);
        return Double.parseDouble(line.split(" ")[2]);
    }

    @Test
    void lenetLearnsFromAFewImages() throws IOException {
        Path model = file("m.safetensors");
        Run run =
                Run.of(
                        "train",
                        "--data",
                        data.resolve("small"),
                        "--epochs",
                        4,
                        "--out",
                        model,
                        "--report",
                        file("page.html"));
        assertEquals(0, run.status(), run::err);
        assertTrue(accuracy(run.lastLine()) > 0.85, run::out);
        assertTrue(run.lastLine().endsWith("/500)"), run::out);
        assertTrue(run.out().contains("lenet5, 61,706 parameters"), run::out);
        assertEquals(4, run.out().lines().filter(l -> l.startsWith("epoch ")).count());
        assertTrue(Files.readString(file("page.html")).contains("lenet5 on "));
        assertEquals(5, Files.readAllLines(file("page.csv")).size());

        Run test = Run.of("evaluate", "--data", data.resolve("small"), "--model", model);
        assertEquals(0, test.status(), test::err);
        assertEquals(run.lastLine(), test.lastLine());

        Run read = Run.of("classify", "--model", model, picture(), picture());
        assertEquals(0, read.status(), read::err);
        assertEquals(2, read.out().lines().count());
        String line = read.out().lines().findFirst().orElseThrow();
        assertTrue(line.startsWith(picture() + "  7 0."), line);
        assertTrue(line.endsWith(line.replaceFirst(".*(( {2,}\\d [01]\\.\\d{4}){3})$", "$1")), line);
    }

    /// The first test image, a seven, dark on light and four times as large.
    private Path picture() throws IOException {
        ImageDataset test = new MnistData(Optional.empty()).test();
        assertEquals(7, test.label(0));
        byte[] pixels = test.pixels(0);
        return Bmp.write(file("seven.bmp"), 112, 112, (x, y) -> 255 - (pixels[y / 4 * 28 + x / 4] & 0xff));
    }

    @Test
    void resumedIsAsIfItHadNeverStopped() throws IOException {
        // mlp has dropout; with augmentation and shuffling every random number of a training is used
        Object[] how = {"--net", "mlp", "--augment", "--batch-size", 48};
        Path whole = file("whole.safetensors");
        Path part = file("part.safetensors");
        assertEquals(0, train(with(how, "--epochs", 4, "--out", whole)).status());
        assertEquals(0, train(with(how, "--epochs", 2, "--out", part)).status());
        assertFalse(Arrays.equals(Files.readAllBytes(whole), Files.readAllBytes(part)));
        Run rest = train("--resume", part, "--epochs", 4, "--out", part);
        assertEquals(0, rest.status(), rest::err);
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(part));
    }

    private static Object[] with(Object[] first, Object... second) {
        Object[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Test
    void theNumberOfThreadsChangesNoByteAndTheSeedDoes() throws IOException {
        Path one = file("one.safetensors");
        Path two = file("two.safetensors");
        Path other = file("other.safetensors");
        assertEquals(0, train("--epochs", 1, "--threads", 1, "--out", one).status());
        assertEquals(0, train("--epochs", 1, "--threads", 2, "--out", two).status());
        assertEquals(0, train("--epochs", 1, "--seed", 2, "--out", other).status());
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
        assertFalse(Arrays.equals(Files.readAllBytes(one), Files.readAllBytes(other)));
    }

    @Test
    void quietIsOneLine() {
        Run run = train("--epochs", 1, "--out", file("m"));
        assertEquals(1, run.out().lines().count(), run::out);
        assertEquals("", run.err());
    }

    @Test
    void aFinishedTrainingIsOnlyTested() throws IOException {
        Path model = file("m");
        Run first = train("--epochs", 2, "--out", model);
        Run second = train("--resume", model, "--epochs", 1, "--out", file("copy"));
        assertEquals(0, second.status(), second::err);
        assertEquals(first.lastLine(), second.lastLine());
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(file("copy")));
    }

    private static void fails(String message, Run run) {
        assertEquals(message, run.err());
        assertEquals(1, run.status());
        assertEquals("", run.out());
    }

    @Test
    void resumingRejectsWhatContradictsTheCheckpoint() throws IOException {
        Path model = file("m.safetensors");
        assertEquals(0, train("--epochs", 1, "--out", model).status());
        byte[] before = Files.readAllBytes(model);
        Object[] resume = {"--resume", model, "--out", model};
        String was = ", but " + model + " was trained with ";
        fails("--net convnet" + was + "lenet5", train(with(resume, "--net", "convnet")));
        fails("--batch-size 7" + was + "64", train(with(resume, "--batch-size", 7)));
        fails("--seed 5" + was + "1", train(with(resume, "--seed", 5)));
        fails("--optimizer sgd" + was + "adam", train(with(resume, "--optimizer", "sgd")));
        fails("--augment true" + was + "false", train(with(resume, "--augment")));
        assertArrayEquals(before, Files.readAllBytes(model));
        assertEquals(0, train(with(resume, "--net", "lenet5", "--epochs", 2)).status());
    }

    @Test
    void resumingRejectsOtherImages() throws IOException {
        Path model = file("m.safetensors");
        assertEquals(0, train("--epochs", 1, "--out", model).status());
        IdxFiles.write(file("other"), 199, 50);
        Run run = train("--resume", model, "--out", model);
        assertEquals(0, run.status(), run::err);
        Run other = Run.of("train", "--quiet", "--data", file("other"), "--resume", model, "--out", model);
        assertEquals(1, other.status());
        String expected =
                "%s was trained on other images \\(200 images, CRC32C [0-9a-f]{8}\\) than those of"
                        + " %s \\(199 images, CRC32C [0-9a-f]{8}\\)";
        assertTrue(other.err().matches(expected.formatted(model, file("other"))), other::err);
    }

    @Test
    void resumingRejectsWhatTrainDidNotWrite() throws IOException {
        Path none = file("none");
        fails("checkpoint: " + none + ": no such file or folder", train("--resume", none, "--out", file("m")));
        Path words = Files.writeString(file("words"), "these are words, not tensors");
        Run run = train("--resume", words, "--out", file("m"));
        assertEquals(1, run.status());
        assertEquals(1, run.err().lines().count(), run::err);
        assertTrue(run.err().startsWith("checkpoint: " + words + ": "), run::err);
        assertFalse(Files.exists(file("m")));
    }

    @Test
    void aLossThatIsNoNumberStopsAndKeepsTheLastEpoch() throws IOException {
        Object[] how = {"--net", "mlp", "--optimizer", "sgd", "--learning-rate", "1e30"};
        Path fresh = file("fresh");
        Run run = train(with(how, "--out", fresh));
        assertEquals(1, run.status());
        String expected = "step 2: loss is NaN; last finite loss 2\\.\\d+, learningRate (1.0E30|8.0E29); %s";
        String nothing = "no epoch was completed, so " + fresh + " is not written";
        assertTrue(run.err().matches(expected.formatted(nothing)), run::err);
        assertFalse(Files.exists(fresh));
        Run epochs = train(with(how, "--out", fresh, "--batch-size", 200)); // one step an epoch
        assertEquals(1, epochs.status());
        assertTrue(epochs.err().matches(expected.formatted(fresh + " holds epoch 1")), epochs::err);
        assertEquals(1, ModelFile.open(fresh).tensors().metadata().get("training.steps").length());
    }

    @Test
    void outputThatCannotBeWrittenIsFoundFirst() throws IOException {
        Path missing = file("missing/m");
        fails(
                "model file: " + missing + ": folder " + missing.getParent() + " does not exist",
                train("--out", missing));
        fails("model file: " + work + ": is a folder", train("--out", work));
        Path page = file("nowhere/p.html");
        fails(page + ": folder " + page.getParent() + " does not exist", train("--out", file("m"), "--report", page));
        fails("--report and --out are one file, " + file("m"), train("--out", file("m"), "--report", file("m")));
        assertFalse(Files.exists(file("m")));
    }

    private Path net(String json) throws IOException {
        return Files.writeString(file("net.json"), json);
    }

    @Test
    void aFileDescribesANetThatNobodyCompiled() throws IOException {
        Path net =
                net(
                        """
                        {"layers": [
                          {"layer": "conv2d", "filters": 4, "kernel": 5, "stride": 2},
                          {"layer": "relu"},
                          {"layer": "flatten"},
                          {"layer": "dense", "units": 10}
                        ]}
                        """);
        Run run = train("--net", net, "--epochs", 1, "--out", file("m"));
        assertEquals(0, run.status(), run::err);
        accuracy(run.lastLine());
        Run summary = Run.of("summary", "--net", net);
        assertTrue(summary.out().contains("net.conv2d1"), summary::out);
        assertEquals("net.json", ModelFile.open(file("m")).metadata().get("mnist.net"));
    }

    @Test
    void aNetThatDoesNotFitIsToldBeforeAnyTraining() throws IOException {
        Path net =
                net(
                        """
                        {"layers": [
                          {"layer": "dense", "units": 10},
                          {"layer": "conv2d", "filters": 4, "kernel": 40}
                        ]}
                        """);
        Run run = train("--net", net, "--out", file("m"));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("conv2d: "), run::err);
        assertTrue(run.err().contains("\n  at net.conv2d1 = conv2d(4, 40)"), run::err);
        assertFalse(Files.exists(file("m")));
    }

    @Test
    void aNetForAnotherTaskIsRejected() throws IOException {
        Path net = net("{\"layers\": [{\"layer\": \"flatten\"}, {\"layer\": \"dense\", \"units\": 4}]}");
        fails(
                "net.json: the net makes [4] of [1, 28, 28], expected [10] of [1, 28, 28], a number"
                        + " for each digit",
                train("--net", net, "--out", file("m")));
    }

    @Test
    void netsThatAreNotThereAreNamed() throws IOException {
        fails(
                "--net: no net named 'lenet'; known: [lenet5, convnet, mlp], or a file FILE.json",
                train("--net", "lenet", "--out", file("m")));
        Path net = net("{\"layers\": [{\"layer\": \"swoosh\"}]}");
        Run run = train("--net", net, "--out", file("m"));
        assertEquals(1, run.status());
        assertTrue(
                run.err()
                        .startsWith(
                                "net description: "
                                        + net
                                        + ": layers[0]: no layer named 'swoosh'; on the module"
                                        + " path: ["),
                run::err);
    }

    @Test
    void optimizersAndBackendsThatAreNotThereAreNamed() {
        fails(
                "no optimizer named 'lion'; known: [adagrad, adam, adamw, rmsprop, sgd]",
                train("--optimizer", "lion", "--out", file("m")));
        fails("no backend named 'tpu'; on the module path: [cpu]", train("--backend", "tpu", "--out", file("m")));
        fails("--threads must be at least 1, got 0", train("--threads", 0, "--out", file("m")));
    }

    @Test
    void everyOptimizerTrains() throws IOException {
        byte[] last = new byte[0];
        for (String optimizer : new String[] {"sgd", "rmsprop", "adagrad", "adamw"}) {
            Path out = file(optimizer);
            Run run = train("--optimizer", optimizer, "--epochs", 1, "--out", out);
            assertEquals(0, run.status(), run::err);
            byte[] bytes = Files.readAllBytes(out);
            assertNotEquals(0, Arrays.compare(last, bytes));
            last = bytes;
        }
    }

    @Test
    void modelsForOtherInputsAreNamedAsSuch() {
        Path other = file("other");
        try (var backend = Backends.open()) {
            var model = Model.build(sequential(dense(2)), Shape.of(80), backend, 1);
            ModelFile.save(other, model, LayerCatalog.installed(), List.of(), Map.of());
        }
        String message = other + ": this model expects sequences [80], not images [1, 28, 28]";
        fails(message, Run.of("evaluate", "--model", other, "--data", data.resolve("tiny")));
    }

    @Test
    void modelsOfOtherProgramsAreNotEvaluated() throws IOException {
        Path words = Files.writeString(file("words"), "{}");
        Run run = Run.of("evaluate", "--model", words);
        assertEquals(1, run.status());
        assertEquals(1, run.err().lines().count(), run::err);
        Run picture = Run.of("classify", "--model", words, words);
        fails(words + ": is no picture that can be read (PNG, JPEG, GIF or BMP)", picture);
    }
}
