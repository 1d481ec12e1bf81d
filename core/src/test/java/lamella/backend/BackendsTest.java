package lamella.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// In this module alone there is no backend to be found.
class BackendsTest {
    @Test
    void saysWhenThereIsNone() {
        assertEquals(List.of(), Backends.installed().providers());
        assertEquals(
                "no backend on the module path; add lamella.backend.cpu",
                assertThrows(IllegalStateException.class, Backends::open).getMessage());
    }

    @Test
    void anUnknownNameListsWhatIsThere() {
        Backends backends = Backends.installed();

        assertEquals(
                "no backend named 'tpu'; on the module path: []",
                assertThrows(IllegalArgumentException.class, () -> backends.open("tpu", BackendOptions.defaults()))
                        .getMessage());
    }

    @Test
    void optionsRejectNonsense() {
        assertEquals(
                "backend: threads must be at least 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> BackendOptions.defaults().threads(0)).getMessage());
        assertEquals(
                "backend: device must be at least 0, got -1",
                assertThrows(IllegalArgumentException.class, () -> BackendOptions.defaults().device(-1)).getMessage());
    }

    @Test
    void optionsHaveOneThreadPerProcessor() {
        BackendOptions options = BackendOptions.defaults();

        assertEquals(Runtime.getRuntime().availableProcessors(), options.threads());
        assertEquals(0, options.device());
        assertFalse(options.trackMemory());
        assertTrue(options.trackMemory(true).trackMemory());
        assertEquals(3, options.threads(3).threads());
        assertEquals(Optional.empty(), options.precision());
        assertEquals(Optional.of(Precision.TF32), options.precision(Precision.TF32).precision());
        assertTrue(options.deterministic());
        assertFalse(options.deterministic(false).deterministic());
    }

    @Test
    void precisionsHaveTheNamesThatUsersWrite() {
        assertEquals(Precision.BFLOAT16, Precision.named("bfloat16"));
        assertEquals("tf32", Precision.TF32.toString());
        assertEquals(
                "precision must be one of float32, tf32, bfloat16, got 'half'",
                assertThrows(IllegalArgumentException.class, () -> Precision.named("half")).getMessage());
    }

    @Test
    void aFailedAllocationSaysWhatThereIsAndWhoAsked() {
        var exception = new DeviceMemoryException("cuda", 400, 300, 200, 100);
        String numbers = ": asked for 400 bytes, 300 free, 200 pooled, 100 in use";

        assertEquals("backend 'cuda' is out of memory" + numbers, exception.getMessage());
        DeviceMemoryException named = exception.during("conv2d");
        assertEquals("backend 'cuda' is out of memory in conv2d" + numbers, named.getMessage());
        assertSame(named, named.during("the gradient of conv2d"));
    }

    @Test
    void saysWhichProviderCouldNotBeMade(@TempDir Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(BackendProvider.class.getName()), "no.such.Provider");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            Backends backends = Backends.installed();

            String failure = "lamella.backend.BackendProvider: Provider no.such.Provider not found";
            assertEquals(List.of(failure), backends.failures());
            assertEquals(
                    "no backend can run here; " + failure,
                    assertThrows(IllegalStateException.class, Backends::open).getMessage());
            assertEquals(
                    "no backend named 'cpu'; on the module path: []; could not be made: " + failure,
                    assertThrows(IllegalArgumentException.class, () -> backends.open("cpu", BackendOptions.defaults()))
                            .getMessage());
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
