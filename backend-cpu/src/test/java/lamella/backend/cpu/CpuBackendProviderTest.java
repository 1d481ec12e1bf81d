package lamella.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.Availability;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.BackendProvider;
import lamella.backend.Backends;
import lamella.backend.Precision;
import lamella.backend.cpu.vector.VectorWidth;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class CpuBackendProviderTest {
    @Test
    void saysCoresAndVectorWidth() {
        var provider = new CpuBackendProvider();
        assertEquals("cpu", provider.name());
        assertEquals(0, provider.priority());
        var available = (Availability.Available) provider.probe();
        int cores = Runtime.getRuntime().availableProcessors();
        String start = cores == 1 ? "1 core, " : cores + " cores, ";
        assertEquals(start + VectorWidth.bits() + "-bit vectors", available.device());
        assertEquals(
                start + "plain loops: add --add-modules jdk.incubator.vector for the fast" + " kernels",
                CpuBackendProvider.device(false));
    }

    @Test
    void isFoundByName() {
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults())) {
            assertEquals("cpu", backend.name());
            assertEquals(CpuBackendProvider.device(true), backend.device());
        }
    }

    @Test
    void rejectsOtherDevicesAndPrecisions() {
        var provider = new CpuBackendProvider();
        BackendOptions options = BackendOptions.defaults();
        assertEquals(
                "backend 'cpu' has one device, 0, got 2",
                assertThrows(IllegalArgumentException.class, () -> provider.open(options.device(2))).getMessage());
        assertEquals(
                "backend 'cpu' computes in float32, not in bfloat16",
                assertThrows(IllegalArgumentException.class, () -> provider.open(options.precision(Precision.BFLOAT16)))
                        .getMessage());
        provider.open(options.precision(Precision.FLOAT32)).close();
    }

    @Test
    void isNamedInTheServiceFile() throws IOException {
        String file = "/META-INF/services/" + BackendProvider.class.getName();
        try (InputStream in = CpuBackendProvider.class.getResourceAsStream(file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(List.of(CpuBackendProvider.class.getName()), text.lines().toList());
        }
    }

    @Test
    void takesPlainLoopsForABriefRun() {
        try (Backend brief = new CpuBackendProvider().open(BackendOptions.defaults().brief(true))) {
            assertTrue(brief.device().matches("\\d+ cores?, plain loops"), brief::device);
        }
    }

    /// Runs on a class path without the Vector API's module, where naming one of its types would
    /// end the program.
    @Test
    void fallsBackToPlainLoopsOnAClassPathWithoutTheVectorModule() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath =
                Stream.of(CpuBackendProvider.class, Backend.class, PlainProgram.class)
                        .map(CpuBackendProviderTest::place)
                        .distinct()
                        .collect(Collectors.joining(File.pathSeparator));
        Process process =
                new ProcessBuilder(java.toString(), "-cp", classPath, PlainProgram.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        String hint = "backend 'cpu' uses plain loops; add --add-modules jdk.incubator.vector";
        assertEquals(1, output.lines().filter(line -> line.contains(hint)).count(), "hints: " + output);
        assertTrue(output.lines().anyMatch(PlainProgram.RESULT::equals), output);
    }

    /// Returns the folder or the jar that a class was loaded from. Asks for the class file: a test
    /// class that is patched into a module has the module's code source.
    private static String place(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        String url = type.getResource("/" + file).toString();
        String root = url.substring(0, url.length() - file.length());
        return root.startsWith("jar:")
                ? Path.of(URI.create(root.substring(4, root.length() - 2))).toString()
                : Path.of(URI.create(root)).toString();
    }
}
