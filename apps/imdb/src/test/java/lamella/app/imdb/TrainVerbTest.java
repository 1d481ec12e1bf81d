package lamella.app.imdb;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backends;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class TrainVerbTest {
    @TempDir static Path data;
    @TempDir Path work;

    @BeforeAll
    static void writeData() throws IOException {
        Packed.write(data, 120, 30);
    }

    private Path file(String name) {
        return work.resolve(name);
    }

    private static Run train(Object... more) {
        Object[] start = {"train", "--data", data, "--validation", 20, "--quiet"};
        boolean chosen = Arrays.asList(more).contains("--net") || Arrays.asList(more).contains("--resume");
        return Run.of(with(chosen ? start : with(start, "--net", "lstm"), more));
    }

    private static Object[] with(Object[] first, Object... second) {
        Object[] all = Arrays.copyOf(first, first.length + second.length, Object[].class);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static double accuracy(String line) {
        assertTrue(line.matches("test accuracy [01]\\.\\d{4} \\(\\d+/\\d+\\)(; .*)?"), line);
        return Double.parseDouble(line.split(" ")[2]);
    }

    // What it does

    @Test
    void lstmLearnsTheSample() throws IOException {
        Path model = file("m.safetensors");
        Run run =
                Run.of(
                                "train",
                                "--sample",
                                "--net",
                                "lstm",
                                "--epochs",
                                5,
                                "--out",
                                model,
                                "--report",
                                file("page.html"))
                        .ok();
        assertTrue(accuracy(run.lastLine()) > 0.95, run::out);
        assertTrue(run.lastLine().contains("/250)"), run::out);
        assertTrue(
                run.out().contains("data       sample, 900 training, 100 validation and 250 test reviews\n"), run::out);
        assertTrue(run.out().contains("words      vocabulary 132, the last 80 of a review\n"), run::out);
        assertTrue(run.out().contains("  validation accuracy "), run::out);
        assertTrue(run.out().contains(" reviews/s  "), run::out);
        String page = Files.readString(file("page.html"));
        assertTrue(page.contains("lstm on sample"));
        assertTrue(page.contains("<th scope=\"col\">positive</th>"));
        assertTrue(Files.readAllLines(file("page.csv")).size() > 2);
        assertEquals(run.lastLine(), Run.of("evaluate", "--sample", "--quiet", "--model", model).ok().lastLine());
    }

    @Test
    void thePageShowsMisreadReviews() throws IOException {
        train("--epochs", 1, "--learning-rate", 1e-9, "--out", file("m"), "--report", file("page.html")).ok();
        String page = Files.readString(file("page.html"));
        boolean shown =
                new SampleReviews()
                        .test().subList(0, 30).stream()
                                .anyMatch(
                                        review -> page.contains("<p>" + review.text().replace("'", "&#39;") + "</p>"));
        assertTrue(shown, page);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm", "bilstm", "gru", "rnn", "cnn-lstm", "attention"})
    void everyNetTrains(String net) {
        Run run = train("--net", net, "--epochs", 1, "--max-length", 20, "--out", file("m")).ok();
        accuracy(run.lastLine());
        assertTrue(Run.of("summary", "--net", net).ok().out().contains("total: "));
    }

    /// The best epoch is not the last one here, so the file holds two states of the net.
    @Test
    void resumedIsAsIfItHadNeverStopped() throws IOException {
        Object[] how = {"--net", "gru", "--learning-rate", 0.02, "--batch-size", 16};
        Path whole = file("whole");
        Path part = file("part");
        train(with(how, "--epochs", 4, "--out", whole)).ok();
        train(with(how, "--epochs", 2, "--out", part)).ok();
        assertFalse(Arrays.equals(Files.readAllBytes(whole), Files.readAllBytes(part)));
        train("--resume", part, "--epochs", 4, "--out", part).ok();
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(part));
        train("--resume", part, "--epochs", 4, "--out", file("copy")).ok();
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(file("copy")));
    }

    @Test
    void theNumberOfThreadsChangesNoByteAndTheSeedDoes() throws IOException {
        train("--epochs", 1, "--threads", 1, "--out", file("one")).ok();
        train("--epochs", 1, "--threads", 2, "--out", file("two")).ok();
        train("--epochs", 1, "--seed", 2, "--out", file("other")).ok();
        assertArrayEquals(Files.readAllBytes(file("one")), Files.readAllBytes(file("two")));
        assertFalse(Arrays.equals(Files.readAllBytes(file("one")), Files.readAllBytes(file("other"))));
    }

    /// A step size near 0 makes every epoch as good as the first: the later ones are not waited for.
    @Test
    void endsWhenItStopsToImproveWithTheBestEpoch() throws IOException {
        Path model = file("m");
        Run run =
                Run.of(
                                "train",
                                "--net",
                                "lstm",
                                "--data",
                                data,
                                "--validation",
                                20,
                                "--learning-rate",
                                1e-9,
                                "--epochs",
                                9,
                                "--out",
                                model)
                        .ok();
        assertEquals(3, run.out().lines().filter(line -> line.startsWith("epoch ")).count(), run::out);
        assertTrue(run.out().contains(model + " of epoch 1 written in "), run::out);
        ModelFile file = ModelFile.open(model);
        float[] best = file.tensors().floats("net.dense1.weight");
        assertFalse(Arrays.equals(best, file.tensors().floats("newest/net.dense1.weight")));
        Run first = train("--learning-rate", 1e-9, "--epochs", 1, "--out", file("first")).ok();
        assertArrayEquals(best, ModelFile.open(file("first")).tensors().floats("net.dense1.weight"));
        assertEquals(first.lastLine(), run.lastLine());
    }

    @Test
    void withoutReviewsHeldOutTheLastEpochIsTaken() throws IOException {
        Path model = file("m");
        Run run =
                Run.of("train", "--net", "lstm", "--data", data, "--validation", 0, "--epochs", 2, "--out", model).ok();
        assertTrue(run.out().contains("120 training, 0 validation and 30 test reviews"), run::out);
        assertTrue(run.out().contains(model + " written in "), run::out);
        assertFalse(run.out().contains("validation accuracy"), run::out);
        ModelFile file = ModelFile.open(model);
        assertArrayEquals(
                file.tensors().floats("net.dense1.weight"), file.tensors().floats("newest/net.dense1.weight"));
    }

    @Test
    void tellsTheAccuracyWithoutReviewsThatAreInBothParts() throws IOException {
        Path folder = Packed.write(file("both"), 120, 30);
        var test = new ArrayList<>(new SampleReviews().test().subList(0, 28));
        test.add(new Review("Superb in every way, says my uncle.", 1));
        test.add(new Review("Awful in every way, says my aunt.", 0));
        var train = new ArrayList<>(new SampleReviews().train().subList(0, 120));
        long before = test.stream().filter(train::contains).count();
        train.addAll(test.subList(28, 30));
        Packed.write(folder.resolve(Packed.TEST), test);
        Packed.write(folder.resolve(Packed.TRAIN), train);
        Run run =
                Run.of("train", "--data", folder, "--validation", 20, "--epochs", 1, "--quiet", "--out", file("m"))
                        .ok();
        String expected =
                "test accuracy [01]\\.\\d{4} \\(\\d+/30\\); [01]\\.\\d{4} \\(\\d+/%d\\) without the %d that are in the"
                        + " training part, too";
        assertTrue(run.out().strip().matches(expected.formatted(28 - before, 2 + before)), run::out);
    }

    @Test
    void theVocabularyIsOfTheReviewsToLearnFromAlone() {
        train("--epochs", 1, "--vocabulary", 20, "--max-length", 5, "--out", file("m")).ok();
        Map<String, String> texts = ModelFile.open(file("m")).metadata();
        Encoding encoding = Encoding.of(texts);
        assertEquals(20, encoding.vocabulary().size());
        assertEquals(5, encoding.maxLength());
        assertFalse(encoding.vocabulary().contains("lighthouse"));
        assertTrue(encoding.vocabulary().contains("is"));
    }

    @Test
    void quietIsOneLine() {
        Run run = train("--epochs", 1, "--out", file("m")).ok();
        assertEquals(1, run.out().lines().count(), run::out);
    }

    // What it rejects

    @Test
    void resumingRejectsWhatContradictsTheCheckpoint() throws IOException {
        Path model = file("m");
        train("--epochs", 1, "--out", model).ok();
        byte[] before = Files.readAllBytes(model);
        Object[] resume = {"train", "--data", data, "--resume", model, "--out", model};
        String was = ", but " + model + " was trained with ";
        Run.of(with(resume, "--net", "gru")).failed("--net gru" + was + "lstm");
        Run.of(with(resume, "--batch-size", 7)).failed("--batch-size 7" + was + "64");
        Run.of(with(resume, "--learning-rate", 1)).failed("--learning-rate 1.0" + was + "0.002");
        Run.of(with(resume, "--vocabulary", 7)).failed("--vocabulary 7" + was + "20000");
        Run.of(with(resume, "--max-length", 7)).failed("--max-length 7" + was + "80");
        Run.of(with(resume, "--validation", 7)).failed("--validation 7" + was + "20");
        Run.of(with(resume, "--seed", 7)).failed("--seed 7" + was + "1");
        assertArrayEquals(before, Files.readAllBytes(model));
    }

    @Test
    void resumingRejectsOtherReviews() throws IOException {
        Path model = file("m");
        train("--epochs", 1, "--out", model).ok();
        Path other = Packed.write(file("other"), 119, 30);
        Run run = Run.of("train", "--data", other, "--resume", model, "--out", model);
        String expected =
                "%s was trained on other reviews \\(120 reviews, CRC32C [0-9a-f]{8}\\) than those of %s \\(119 reviews,"
                        + " CRC32C [0-9a-f]{8}\\)";
        assertTrue(run.err().matches(expected.formatted(model, other.resolve(Packed.TRAIN))), run::err);
        assertEquals(1, run.status());
    }

    @Test
    void rejectsModelsOfOtherPrograms() {
        Path digits = file("digits");
        Path numbers = file("numbers");
        try (var backend = Backends.open()) {
            var catalog = LayerCatalog.installed();
            var reader = Model.build(sequential(flatten(), dense(10)), Shape.of(1, 28, 28), backend, 1);
            ModelFile.save(digits, reader, catalog, List.of(), state());
            ModelFile.save(
                    numbers, Model.build(sequential(dense(2)), Shape.of(8), backend, 1), catalog, List.of(), state());
        }
        String expected = digits + ": this model expects images [1, 28, 28], not reviews";
        Run.of("evaluate", "--data", data, "--model", digits).failed(expected);
        Run.of("score", "--model", digits, "A film.").failed(expected);
        train("--resume", digits, "--out", file("m")).failed(expected);
        String none = numbers + ": was not written by imdb train: it has no ";
        Run.of("score", "--model", numbers, "A film.").failed(none + "imdb.kept");
        train("--resume", numbers, "--out", file("m")).failed(none + "imdb.net");
        assertFalse(Files.exists(file("m")));
    }

    private static Map<String, String> state() {
        return Map.of(
                "training.seed", "1", "training.steps", "0", "training.history", "", "training.epoch", "0,0,0.0,0,0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--vocabulary 0   | --vocabulary must be at least 2, got 0",
                "--vocabulary 1   | --vocabulary must be at least 2, got 1",
                "--max-length 0   | --max-length must be at least 1, got 0",
                "--epochs 0       | --epochs must be at least 1, got 0",
                "--batch-size 0   | --batch-size must be at least 1, got 0",
                "--validation -1  | --validation must be at least 0, got -1",
                "--net lstn       | --net: no net named 'lstn'; known: [cnn-lstm, bilstm, lstm, gru, rnn, attention]",
                "--backend tpu    | no backend named 'tpu'; on the module path: [cpu]",
            })
    void rejectsValues(String options, String message) {
        Object[] start = {"train", "--data", data, "--out", file("m")};
        Run.of(with(start, (Object[]) options.split(" "))).failed(message);
    }

    @Test
    void rejectsToHoldOutAllReviews() {
        Path train = data.resolve(Packed.TRAIN);
        Run.of("train", "--data", data, "--out", file("m"))
                .failed("--validation: cannot hold out 2000 of the 120 reviews of " + train);
        Run.of("train", "--data", data, "--validation", 120, "--out", file("m"))
                .failed("--validation: cannot hold out 120 of the 120 reviews of " + train);
    }

    @Test
    void aLossThatIsNoNumberKeepsTheLastEpoch() {
        Run run = train("--net", "rnn", "--learning-rate", "1e38", "--out", file("m"));
        assertEquals(1, run.status());
        assertTrue(
                run.err().matches("step \\d+: loss is NaN; .*; no epoch was completed, so .* is not written"),
                run::err);
    }
}
