package lamella.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Storage;
import lamella.backend.View;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

final class CpuBackendTest {
    private static CpuBackend open() {
        return new CpuBackend(BackendOptions.defaults().threads(2), true, "a test");
    }

    private static Stream<Consumer<Backend>> uses() {
        return Stream.of(
                Backend::elementwise,
                Backend::reduction,
                Backend::matrix,
                Backend::convolution,
                Backend::pooling,
                Backend::normalization,
                Backend::softmax,
                Backend::layout,
                Backend::index,
                Backend::random,
                Backend::optimizer,
                Backend::synchronize,
                backend -> backend.allocate(DType.INT32, 4));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void rejectsUseAfterClose(Consumer<Backend> use) {
        var backend = open();
        use.accept(backend);
        backend.close();
        backend.close();
        var thrown = assertThrows(IllegalStateException.class, () -> use.accept(backend));
        assertEquals("backend 'cpu' is closed", thrown.getMessage());
    }

    @Test
    void takesStorageBackAfterClose() {
        var backend = open();
        Storage storage = backend.allocate(DType.FLOAT32, 100);
        backend.close();
        backend.release(storage);
        assertEquals(0, backend.memory().live());
        assertEquals(0, backend.memory().pooled());
    }

    @Test
    void rejectsUseOfReleasedStorage() {
        try (var backend = open()) {
            Storage storage = backend.allocate(DType.FLOAT32, 100);
            View view = View.of(storage, Shape.of(100));
            backend.release(storage);
            var thrown = assertThrows(IllegalStateException.class, () -> backend.elementwise().fill(view, 1f));
            assertEquals("storage: 100 elements are used after their release", thrown.getMessage());
        }
    }

    @Test
    void countsBytesByCapacity() {
        try (var backend = open()) {
            Storage a = backend.allocate(DType.FLOAT32, 1000);
            Storage b = backend.allocate(DType.INT32, 16);
            assertEquals(4 * 1024 + 64, backend.memory().live());
            backend.release(a);
            assertEquals(64, backend.memory().live());
            assertEquals(4 * 1024, backend.memory().pooled());
            assertEquals(4 * 1024 + 64, backend.memory().peak());
            backend.release(b);
        }
    }

    @Test
    void groupsSitesAndPutsTheLargestFirst() {
        try (var backend = new CpuBackend(BackendOptions.defaults().trackMemory(true), true, "a test")) {
            var kept = new ArrayList<Storage>();
            for (int i = 0; i < 3; i++) {
                kept.add(backend.allocate(DType.FLOAT32, 16));
            }
            kept.add(backend.allocate(DType.FLOAT32, 1024));
            List<String> sites = backend.memory().sites();
            assertEquals(2, sites.size());
            String place =
                    " arrays at lamella\\.backend\\.cpu\\.CpuBackendTest"
                            + "\\.groupsSitesAndPutsTheLargestFirst"
                            + "\\(CpuBackendTest\\.java:\\d+\\)";
            assertTrue(sites.get(0).matches("4096 bytes in 1" + place), sites.get(0));
            assertTrue(sites.get(1).matches("192 bytes in 3" + place), sites.get(1));
            kept.forEach(backend::release);
        }
    }

    @Test
    void forgetsStorageThatBecameUnreachable() throws InterruptedException {
        try (var backend = open()) {
            for (int i = 0; i < 10; i++) {
                backend.allocate(DType.FLOAT32, 1000);
            }
            for (int i = 0; i < 200 && backend.memory().live() > 0; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertEquals(0, backend.memory().live());
            assertEquals(0, backend.memory().pooled());
        }
    }
}
