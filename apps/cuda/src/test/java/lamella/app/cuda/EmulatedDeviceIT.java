package lamella.app.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How each arrangement behaves where there is a device, as far as one can be emulated.
class EmulatedDeviceIT {
    @TempDir static Path shared;
    @TempDir Path temporary;

    private static Path libraries;
    private static Path data;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        libraries = Emulator.libraries();
        data = DigitFiles.write(shared.resolve("data"), 80, 20);
    }

    private Program mnist(Arrangement arrangement) {
        return arrangement.mnist(temporary).where("LAMELLA_CUDA_LIBRARIES", libraries);
    }

    private List<Path> left() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDeviceIsTheDefault(Arrangement arrangement) throws IOException {
        String module = arrangement == Arrangement.CLASS_PATH ? "(class path)" : "lamella.backend.cuda";
        List<String> lines = mnist(arrangement).run("backends").ok();
        assertEquals("%-10s %-24s %s".formatted("cuda", module, "Emulated GPU, cuDNN 9.5.1 (default)"), lines.get(1));
        assertEquals(List.of(), left());
    }

    @ParameterizedTest
    @EnumSource
    void trainsOnTheDevice(Arrangement arrangement) throws IOException {
        Path model = shared.resolve("model-" + arrangement);
        List<String> lines =
                mnist(arrangement).run("train", "--data", data, "--epochs", 2, "--batch-size", 8, "--out", model).ok();
        assertTrue(lines.contains("backend    cuda, Emulated GPU, cuDNN 9.5.1, tf32"), lines::toString);
        assertEquals("test accuracy 1.0000 (20/20)", lines.getLast());
        // the other backend reads the model
        List<String> test =
                mnist(arrangement)
                        .run("evaluate", "--quiet", "--backend", "cpu", "--data", data, "--model", model)
                        .ok();
        assertEquals(List.of("test accuracy 1.0000 (20/20)"), test);
        assertEquals(List.of(), left());
    }
}
