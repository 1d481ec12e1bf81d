package lamella.app.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

/// The linked image from outside: what it does on good input, and what it says on bad.
class ImageIT {
    private static final Path PLUGIN = Path.of("target/example-plugin/lamella-plugin-example.jar").toAbsolutePath();

    @TempDir static Path shared;
    @TempDir Path work;
    private static Path data;
    private static Path model;

    @BeforeAll
    static void trainAModel() throws IOException {
        data = IdxFiles.write(shared.resolve("data"), 128, 50);
        model = shared.resolve("model.safetensors");
        ImageRun.of("train", "--data", data, "--epochs", 1, "--quiet", "--out", model).ok();
    }

    private Path file(String name) {
        return work.resolve(name);
    }

    private ImageRun train(Object... more) {
        return trainBehind(List.of(), more);
    }

    private ImageRun trainBehind(List<String> before, Object... more) {
        Object[] start = {"train", "--data", data, "--quiet"};
        Object[] all = Arrays.copyOf(start, start.length + more.length);
        System.arraycopy(more, 0, all, start.length, more.length);
        return ImageRun.behind(before, all);
    }

    /// What is in the folder of this test, temporary files of killed processes included.
    private List<String> files() throws IOException {
        try (var files = Files.list(work)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    // What it does

    @Test
    void trainsTestsAndReads() throws IOException {
        Path out = file("m.safetensors");
        Path page = file("page.html");
        ImageRun run = ImageRun.of("train", "--data", data, "--epochs", 1, "--out", out, "--report", page);
        String last = run.ok();
        assertTrue(last.matches("test accuracy [01]\\.\\d{4} \\(\\d+/50\\)"), last);
        assertTrue(run.out().contains("epoch 1/1  loss "), run::out);
        assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(out));
        assertEquals(List.of("m.safetensors", "page.csv", "page.html"), files());
        assertEquals(last, ImageRun.of("evaluate", "--data", data, "--model", out).ok());
        Path stroke = file("one.bmp");
        Bmp.write(stroke, 40, 60, (x, y) -> x >= 18 && x < 23 && y >= 10 && y < 50 ? 255 : 0);
        String digits = ImageRun.of("classify", "--model", out, stroke).ok();
        assertTrue(digits.matches(".*one.bmp {2}\\d [01]\\.\\d{4}( {3}\\d 0\\.\\d{4}){2}"), digits);
    }

    @Test
    void threadsAndStopsChangeNoByte() throws IOException {
        Object[] how = {"--augment", "--epochs"};
        train(how[0], how[1], 2, "--threads", 2, "--out", file("whole")).ok();
        train(how[0], how[1], 1, "--threads", 1, "--out", file("part")).ok();
        train("--resume", file("part"), how[1], 2, "--threads", 1, "--out", file("part")).ok();
        assertArrayEquals(Files.readAllBytes(file("whole")), Files.readAllBytes(file("part")));
    }

    @Test
    void answersWithoutTraining() {
        assertTrue(ImageRun.of("summary").out().contains("total: 61,706 parameters"));
        assertTrue(ImageRun.of("backends").out().contains("cpu        lamella.backend.cpu"));
        assertTrue(ImageRun.of("--version").ok().matches("mnist \\S+"));
        assertTrue(ImageRun.of("--help").out().contains("classify"));
    }

    // Bad command lines

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | --threads 0        | --threads must be at least 1, got 0",
                "1 | --epochs -1        | --epochs must be at least 1, got -1",
                "2 | --epoch 3          | unknown option '--epoch'; did you mean '--epochs'?",
                "1 | --backend tpu      | no backend named 'tpu'; on the module path: [cpu]",
            })
    void saysWhatIsWrongOnTheCommandLine(int status, String options, String message) throws IOException {
        String[] words = options.split(" ");
        ImageRun run = train(words[0], words[1], "--out", file("m"));
        assertEquals(message, run.err());
        assertEquals(status, run.status());
        assertEquals("", run.out());
        assertEquals(List.of(), files());
    }

    // Bad data

    @Test
    void saysWhatIsWrongWithTheData() throws IOException {
        Path bad = IdxFiles.write(file("bad"), 20, 20);
        Path images = bad.resolve(IdxFiles.TRAIN_IMAGES);
        byte[] whole = Files.readAllBytes(images);
        Object[] train = {"train", "--data", bad, "--out", file("m")};
        Files.write(images, Arrays.copyOf(whole, 5000));
        ImageRun.of(train).failed("idx: train-images-idx3-ubyte ends after 5000 of 15696 bytes");
        Files.copy(bad.resolve(IdxFiles.TRAIN_LABELS), images, StandardCopyOption.REPLACE_EXISTING);
        ImageRun.of(train)
                .failed("idx: train-images-idx3-ubyte holds labels, expected images (magic number" + " 2051)");
        Files.writeString(images, "no images at all");
        ImageRun.of(train)
                .failed(
                        "idx: train-images-idx3-ubyte holds magic number 1852776553, expected"
                                + " images (magic number 2051)");
        Files.delete(images);
        ImageRun.of(train)
                .failed("mnist: " + bad + ": has neither train-images-idx3-ubyte nor" + " train-images-idx3-ubyte.gz");
        assertEquals(List.of("bad"), files());
    }

    @Test
    void saysWhatIsNoPicture() throws IOException {
        Path words = Files.writeString(file("words.png"), "these are words");
        ImageRun.of("classify", "--model", model, words)
                .failed(words + ": is no picture that can be read (PNG, JPEG, GIF or BMP)");
        Path none = file("none.png");
        ImageRun.of("classify", "--model", model, none).failed(none + ": no such file or folder");
    }

    // Bad models

    private void rejected(byte[] bytes) throws IOException {
        Path bad = Files.write(file("bad.safetensors"), bytes);
        ImageRun.of("evaluate", "--data", data, "--model", bad).failedBeginning("checkpoint: ");
    }

    @Test
    void rejectsModelsThatAreCutOff() throws IOException {
        byte[] whole = Files.readAllBytes(model);
        for (int length : new int[] {0, 7, 8, 300, whole.length / 2, whole.length - 1}) {
            rejected(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void rejectsModelsThatLie() throws IOException {
        byte[] longHeader = Files.readAllBytes(model);
        ByteBuffer.wrap(longHeader).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
        rejected(longHeader);
        rejected(changed("[10,84]", "[84,10]"));
        rejected(changed("[10,84]", "[1,999999999]"));
        rejected(changed("\"data_offsets\":[0,", "\"data_offsets\":[4,"));
        rejected(changed("\\\"tanh\\\"", "\\\"tahn\\\""));
    }

    /// The model with some text of its header replaced.
    private static byte[] changed(String from, String to) throws IOException {
        byte[] file = Files.readAllBytes(model);
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        String header = new String(file, 8, length, StandardCharsets.UTF_8);
        assertTrue(header.contains(from), () -> from + " is not in " + header);
        byte[] other = header.replace(from, to).getBytes(StandardCharsets.UTF_8);
        ByteBuffer made = ByteBuffer.allocate(file.length - length + other.length).order(ByteOrder.LITTLE_ENDIAN);
        made.putLong(other.length).put(other).put(file, 8 + length, file.length - 8 - length);
        return made.array();
    }

    @Test
    void rejectsANetWhoseShapesDoNotFit() throws IOException {
        Path net =
                Files.writeString(
                        file("net.json"),
                        """
                        {"layers": [
                          {"layer": "conv2d", "filters": 4, "kernel": 5},
                          {"layer": "named", "name": "second",
                           "of": {"layer": "conv2d", "filters": 4, "kernel": 25}},
                          {"layer": "flatten"},
                          {"layer": "dense", "units": 10}]}
                        """);
        ImageRun run = train("--net", net, "--out", file("m"));
        assertEquals(1, run.status());
        assertTrue(run.err().startsWith("conv2d: "), run::err);
        assertTrue(run.err().endsWith("\n  at net.second = conv2d(4, 25)"), run::err);
        assertEquals(List.of("net.json"), files());
    }

    // Bad places to write to

    @Test
    void findsBeforeTrainingThatItCannotWrite() throws IOException {
        Path missing = file("missing").resolve("m");
        train("--out", missing)
                .failed("model file: " + missing + ": folder " + missing.getParent() + " does not exist");
        Path locked = Files.createDirectory(file("locked"));
        assertTrue(locked.toFile().setWritable(false));
        boolean root = Files.isWritable(locked);
        // root may write everywhere, unless this right is taken from it
        List<String> asUser = root ? List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search") : List.of();
        assumeTrue(!root || Files.isExecutable(Path.of("/usr/bin/setpriv")), "root needs setpriv for this");
        trainBehind(asUser, "--out", locked.resolve("m"))
                .failed("model file: " + locked.resolve("m") + ": folder " + locked + " is read-only");
        assertEquals(List.of("locked"), files());
    }

    @Test
    void keepsTheOldFileWhereTheNewOneFindsNoRoom() throws IOException {
        Path out = file("m");
        Files.writeString(out, "old");
        // no file may have more than 200 blocks of 512 bytes: as if the disk were full after them
        List<String> limited = List.of("sh", "-c", "ulimit -f 200; exec \"$0\" \"$@\"");
        ImageRun run = trainBehind(limited, "--epochs", 1, "--out", out);
        run.failedBeginning("model file: " + out + ": ");
        assertEquals("old", Files.readString(out));
        assertEquals(List.of("m"), files());
    }

    @Test
    void keepsACheckpointOnCtrlC() throws IOException {
        Path out = file("m");
        // a process started in the background may ignore the signal: this makes it listen
        List<String> listening = List.of("env", "--default-signal=INT");
        Process process = ImageRun.start(listening, "train", "--data", data, "--epochs", 100_000, "--out", out);
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
        int epochs = step / 2 + 1; // 128 images are 2 steps of 64
        train("--resume", out, "--epochs", epochs, "--out", out).ok();
        train("--epochs", epochs, "--out", file("whole")).ok();
        assertArrayEquals(Files.readAllBytes(file("whole")), Files.readAllBytes(out));
    }

    // Plugins

    private static final String SWISH_NET =
            """
            {"layers": [
              {"layer": "flatten"},
              {"layer": "dense", "units": 16},
              {"layer": "swish", "beta": 1.5},
              {"layer": "dense", "units": 10}]}
            """;

    @Test
    void layersOfPluginsComeAndGoWithTheirJar() throws IOException {
        Path net = Files.writeString(file("net.json"), SWISH_NET);
        Path jar = ImageRun.IMAGE.resolve("plugins/example.jar");
        Path garbage = ImageRun.IMAGE.resolve("plugins/garbage.jar");
        String unknown = "no layer named 'swish'; on the module path: [";
        train("--net", net, "--out", file("m")).failedBeginning("net description: " + net + ": layers[2]: " + unknown);
        try {
            Files.createDirectories(jar.getParent());
            Files.copy(PLUGIN, jar);
            String last = train("--net", net, "--epochs", 1, "--out", file("m")).ok();
            Object[] evaluate = {"evaluate", "--quiet", "--data", data, "--model", file("m")};
            assertEquals(last, ImageRun.of(evaluate).ok());
            assertEquals("plugin: lamella.plugin.example", ImageRun.of("backends").ok());
            assertTrue(ImageRun.of("summary", "--net", net).out().contains("net.swish1"));

            Files.writeString(garbage, "no jar");
            ImageRun run = ImageRun.of(evaluate);
            assertEquals(0, run.status());
            assertEquals(last, run.out().strip());
            assertEquals(garbage + ": cannot be read as a module, left out: zip END header not found", run.err());

            Files.delete(garbage);
            Files.delete(jar);
            ImageRun.of(evaluate).failedBeginning("checkpoint: " + file("m") + ": lamella.spec: layers[2]: " + unknown);
        } finally {
            Files.deleteIfExists(jar);
            Files.deleteIfExists(garbage);
        }
        assertFalse(ImageRun.of("backends").out().contains("plugin"));
    }
}
