package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// The compiled kernels that are kept with their sources.
final class PtxTest {
    private static final Path SOURCES = Path.of("src", "main", "cuda");
    private static final Path COMPILED = Path.of("src", "main", "resources", "lamella", "backend", "cuda", "ptx");

    @TempDir Path folder;

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void everySourceIsCompiledForAllDriversAndDevices() throws IOException {
        List<Path> sources = files(SOURCES, ".cu");
        assertTrue(sources.size() > 5, sources.toString());
        assertEquals(sources.size(), files(COMPILED, ".ptx").size());
        for (Path file : files(COMPILED, ".ptx")) {
            List<String> lines = Files.readAllLines(file);
            assertEquals(".version 7.0", lines.get(1), file.toString());
            assertEquals(".target sm_75", lines.get(2), file.toString());
        }
    }

    @Test
    void isWhatTheSourcesGive() throws IOException, InterruptedException {
        Assumptions.assumeTrue(EmulatedDevice.isOnPath("nvcc"), "nvcc is not here, so nothing is compiled anew");
        String release = run("nvcc", "--version").replaceAll("(?s).*release ([0-9.]+).*", "$1");
        String first = Files.readAllLines(files(COMPILED, ".ptx").getFirst()).getFirst();
        Assumptions.assumeTrue(
                first.endsWith(" by nvcc " + release), "nvcc is of release " + release + ", but: " + first);
        run("sh", SOURCES.resolve("generate-ptx.sh").toString(), folder.toString());
        for (Path file : files(COMPILED, ".ptx")) {
            assertEquals(
                    Files.readString(file),
                    Files.readString(folder.resolve(file.getFileName())),
                    file + " is not what its source gives; run src/main/cuda/generate-ptx.sh");
        }
    }

    @Test
    void canBeAssembledForThreeGenerations() throws Exception {
        Assumptions.assumeTrue(EmulatedDevice.isOnPath("ptxas"), "ptxas is not here, so nothing is assembled");
        var tasks = new ArrayList<Callable<String>>();
        for (Path file : files(COMPILED, ".ptx")) {
            for (String device : List.of("sm_75", "sm_80", "sm_90")) {
                String output = folder.resolve(file.getFileName() + device).toString();
                tasks.add(() -> run("ptxas", "-arch=" + device, "-o", output, file.toString()));
            }
        }
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var result : threads.invokeAll(tasks)) {
                assertEquals("", result.get());
            }
        }
    }
}
