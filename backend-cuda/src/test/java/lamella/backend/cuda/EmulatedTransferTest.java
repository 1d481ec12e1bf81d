package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.View;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Copies to the device and back. The emulated device puts work off until something waits, so that a buffer
/// which is used again too early shows.
final class EmulatedTransferTest {
    private Backend backend;

    @BeforeEach
    void open() {
        EmulatedDevice.require();
        backend = new CudaBackendProvider().open(BackendOptions.defaults());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static float[] filled(int size, float value) {
        float[] elements = new float[size];
        Arrays.fill(elements, value);
        return elements;
    }

    /// More uploads than there are buffers, small and large in turn, without a wait of the program.
    @Test
    void uploadsKeepTheirOrder() {
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int size = i % 2 == 0 ? 100 : 300_000;
            sums.add(Tensor.of(backend, Shape.of(size), filled(size, i)).mean());
        }
        for (int i = 0; i < 40; i++) {
            assertEquals(i, sums.get(i).item(), 1e-3);
        }
    }

    /// An array goes into memory that kernels issued before still read.
    @Test
    void uploadsComeAfterTheKernelsBefore() {
        int size = 200_000;
        View x = View.of(backend.allocate(DType.FLOAT32, size), Shape.of(size));
        View before = View.of(backend.allocate(DType.FLOAT32, size), Shape.of(size));
        backend.upload(filled(size, 1), 0, x);
        backend.elementwise().copy(x, before);
        backend.upload(filled(size, 2), 0, x);
        float[] elements = new float[size];
        backend.download(before, elements, 0);
        assertEquals(1, elements[size - 1]);
        backend.download(x, elements, 0);
        assertEquals(2, elements[size - 1]);
    }

    @Test
    void largeArraysGoByTheCopyStream() {
        backend.synchronize();
        EmulatedDevice.reset();
        Tensor.of(backend, Shape.of(1000), filled(1000, 1));
        assertEquals(0, EmulatedDevice.count("cuStreamWaitEvent"));
        Tensor.of(backend, Shape.of(100_000), filled(100_000, 1));
        assertEquals(2, EmulatedDevice.count("cuStreamWaitEvent"));
        assertEquals(1, EmulatedDevice.count("cuMemcpyDtoDAsync_v2"));
    }

    /// Longer than the pinned memory of one transfer.
    @Test
    void transfersGoInParts() {
        int size = (40 << 20) / 4;
        float[] elements = new float[size];
        for (int i = 0; i < size; i++) {
            elements[i] = i;
        }
        View x = View.of(backend.allocate(DType.FLOAT32, size), Shape.of(size));
        backend.upload(elements, 0, x);
        float[] back = new float[size + 3];
        backend.download(x, back, 3);
        assertEquals(0, back[2]);
        assertTrue(Arrays.equals(elements, 0, size, back, 3, size + 3));
    }

    @Test
    void memoryThatIsDroppedComesBack() throws InterruptedException {
        backend.synchronize();
        long live = backend.memory().live();
        for (int i = 0; i < 10; i++) {
            backend.allocate(DType.FLOAT32, 100_000);
        }
        for (int i = 0; i < 100 && backend.memory().live() > live; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertEquals(live, backend.memory().live());
        long allocations = backend.memory().allocations();
        backend.allocate(DType.FLOAT32, 100_000);
        assertEquals(allocations, backend.memory().allocations());
    }

    @Test
    void closingGivesAllMemoryBack() {
        long before = EmulatedDevice.liveBytes();
        try (Backend other = new CudaBackendProvider().open(BackendOptions.defaults())) {
            new SmallNet(other).step(6, true);
            assertTrue(EmulatedDevice.liveBytes() > before);
        }
        assertEquals(before, EmulatedDevice.liveBytes());
    }
}
