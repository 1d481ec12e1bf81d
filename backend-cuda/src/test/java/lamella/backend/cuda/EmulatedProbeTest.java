package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the backend says of machines that lack a part. Each is a program of its own, on the class
/// path, with a folder of libraries in which that part is missing.
final class EmulatedProbeTest {
    private static final String SEARCHED = "; searched %s, the system's library path";

    @TempDir Path folder;

    @BeforeAll
    static void build() {
        EmulatedDevice.require();
        Assumptions.assumeFalse(
                Files.exists(Path.of("/usr/lib/x86_64-linux-gnu/libcuda.so.1")), "this machine has a driver");
    }

    private void have(String... libraries) throws IOException {
        for (String library : libraries) {
            Files.copy(EmulatedDevice.FOLDER.resolve(library), folder.resolve(library));
        }
    }

    /// Makes a library with a function that nobody needs.
    ///
    /// @param file the file's name
    /// @param name the name and version that it says it has
    private void haveEmpty(String file, String name) throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("empty.cpp"), "extern \"C\" void cublasNothing() {}");
        Path versions = Files.writeString(folder.resolve("versions"), name + " { global: *; };");
        List<String> command =
                List.of(
                        "g++",
                        "-shared",
                        source.toString(),
                        "-Wl,-soname," + name + ",--version-script=" + versions,
                        "-o",
                        folder.resolve(file).toString());
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    private String probe(Map<String, String> environment) throws IOException, InterruptedException {
        String places =
                System.getProperty("jdk.module.path") + File.pathSeparator + System.getProperty("java.class.path");
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dlamella.cuda.libraries=" + folder,
                                "-cp",
                                places,
                                ProbeProgram.class.getName()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.strip();
    }

    private String probe() throws IOException, InterruptedException {
        return probe(Map.of());
    }

    private String searched() {
        return SEARCHED.formatted(folder);
    }

    @Test
    void saysThatThereIsNoDriver() throws Exception {
        assertEquals("unavailable: libcuda.so.1 (the NVIDIA driver) was not found" + searched(), probe());
    }

    @Test
    void saysThatThereIsNoGpu() throws Exception {
        have("libcuda.so.1", "libcublas.so.12", "libcudnn.so.9");
        assertEquals("unavailable: the driver libcuda.so.1 finds no GPU", probe(Map.of("EMULATOR_DEVICES", "0")));
    }

    @Test
    void saysThatTheDriverIsTooOld() throws Exception {
        have("libcuda.so.1", "libcublas.so.12", "libcudnn.so.9");
        assertEquals(
                "unavailable: the driver libcuda.so.1 is for CUDA 11.4, at least 12.0 is needed",
                probe(Map.of("EMULATOR_DRIVER", "11040")));
    }

    @Test
    void saysThatThereIsNoBlas() throws Exception {
        have("libcuda.so.1", "libcudnn.so.9");
        assertEquals("unavailable: libcublas.so.12 (cuBLAS) was not found" + searched(), probe());
    }

    @Test
    void saysHowTheBlasOfCuda13CanBeUsed() throws Exception {
        have("libcuda.so.1", "libcudnn.so.9");
        haveEmpty("libcublas.so.13", "libcublas.so.13");
        assertEquals(
                "unavailable: libcublas.so.12 (cuBLAS) was not found; libcublas.so.13 is there, for which"
                        + " forward-cublas.sh makes a libcublas.so.12"
                        + searched(),
                probe());
    }

    /// A file of CUDA 13 under the name of that of CUDA 12, where the system's loader finds it.
    @Test
    void saysThatTheBlasIsOfAnotherVersion() throws Exception {
        have("libcuda.so.1", "libcudnn.so.9");
        haveEmpty("libcublas.so.12", "libcublas.so.13");
        assertEquals(
                "unavailable: the library " + folder + "/libcublas.so.12 is not of version libcublas.so.12",
                probe(Map.of("LD_LIBRARY_PATH", folder.toString())));
    }

    @Test
    void saysThatThereIsNoDnn() throws Exception {
        have("libcuda.so.1", "libcublas.so.12");
        assertEquals("unavailable: libcudnn.so.9 (cuDNN) was not found" + searched(), probe());
    }

    @Test
    void saysWhatTheDeviceIs() throws Exception {
        have("libcuda.so.1", "libcublas.so.12", "libcudnn.so.9");
        assertEquals("available: Emulated GPU, cuDNN 9.5.1", probe());
    }
}
