package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.DeviceMemoryException;
import lamella.backend.cuda.runtime.Device;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/// What the driver and the libraries see of a training step.
final class EmulatedStepTest {
    private static final int BATCH = 6;
    private static final List<String> WAITS =
            List.of("cuStreamSynchronize", "cuEventSynchronize", "cuCtxSynchronize", "cuMemcpyDtoH_v2");
    private static final List<String> ALLOCATIONS =
            List.of("cuMemAlloc_v2", "cuMemFree_v2", "cuMemHostRegister_v2", "cuMemHostUnregister");

    @BeforeAll
    static void build() {
        EmulatedDevice.require();
    }

    @AfterEach
    void restore() {
        System.clearProperty(Device.GRAPHS_PROPERTY);
        EmulatedDevice.memory(1L << 30);
    }

    private static Backend open(boolean graphs) {
        System.setProperty(Device.GRAPHS_PROPERTY, Boolean.toString(graphs));
        return new CudaBackendProvider().open(BackendOptions.defaults());
    }

    private static long total(List<String> functions) {
        return functions.stream().mapToLong(EmulatedDevice::count).sum();
    }

    @Test
    void aWarmStepNeitherWaitsNorAllocates() {
        for (boolean graphs : List.of(true, false)) {
            try (Backend backend = open(graphs)) {
                var net = new SmallNet(backend);
                for (int i = 0; i < 6; i++) {
                    net.step(BATCH, false);
                }
                backend.synchronize();
                EmulatedDevice.reset();
                net.step(BATCH, false);
                net.step(BATCH, false);
                assertEquals(0, total(WAITS), () -> EmulatedDevice.log().toString());
                assertEquals(0, total(ALLOCATIONS), () -> EmulatedDevice.log().toString());
                net.step(BATCH, true);
                assertEquals(1, total(WAITS), () -> EmulatedDevice.log().toString());
            }
        }
    }

    @Test
    void aStepThatCameTwiceIsStartedAsGraphs() {
        try (Backend backend = open(true)) {
            var net = new SmallNet(backend);
            for (int i = 0; i < 6; i++) {
                net.step(BATCH, false);
            }
            backend.synchronize();
            EmulatedDevice.reset();
            net.step(BATCH, false);
            backend.synchronize();
            String log = EmulatedDevice.log().toString();
            assertEquals(0, EmulatedDevice.count("cuLaunchKernel"), log);
            assertEquals(0, EmulatedDevice.count("cudnnConvolutionForward"), log);
            assertEquals(0, EmulatedDevice.count("cublasGemmEx"), log);
            long starts = EmulatedDevice.count("cuGraphLaunch");
            assertTrue(starts >= 1 && starts <= 4, log);
            // Adam's corrections and the counter of random numbers
            long changed = EmulatedDevice.count("cuGraphExecKernelNodeSetParams_v2");
            assertTrue(changed >= 6 && changed <= 8, changed + " in " + log);
        }
    }

    @Test
    void withoutGraphsEveryPieceIsStarted() {
        try (Backend backend = open(false)) {
            var net = new SmallNet(backend);
            for (int i = 0; i < 6; i++) {
                net.step(BATCH, false);
            }
            EmulatedDevice.reset();
            net.step(BATCH, false);
            assertEquals(0, EmulatedDevice.count("cuGraphLaunch"));
            assertEquals(1, EmulatedDevice.count("cudnnConvolutionForward"));
            assertEquals(1, EmulatedDevice.count("cudnnConvolutionBackwardFilter"));
            assertEquals(2 + 4, EmulatedDevice.count("cublasGemmEx"), EmulatedDevice.log()::toString);
        }
    }

    /// Full and partial batches in turn, a step that reads its loss, and one that does not.
    private static List<float[]> train(Backend backend) {
        var net = new SmallNet(backend);
        for (int i = 0; i < 24; i++) {
            net.step(i % 5 == 4 ? BATCH - 1 : BATCH, i % 3 == 0);
        }
        return net.values();
    }

    @Test
    void graphsChangeNoBit() {
        List<float[]> expected;
        try (Backend backend = open(false)) {
            expected = train(backend);
        }
        try (Backend backend = open(true)) {
            List<float[]> got = train(backend);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), got.get(i), 0);
            }
        }
    }

    @Test
    void workThatNoGraphTakesIsIssuedAsBefore() {
        List<float[]> expected;
        try (Backend backend = open(false)) {
            expected = train(backend);
        }
        try (Backend backend = open(true)) {
            EmulatedDevice.failNext("cuStreamBeginCapture_v2", 900);
            List<float[]> got = train(backend);
            for (int i = 0; i < expected.size(); i++) {
                assertArrayEquals(expected.get(i), got.get(i), 0);
            }
        }
    }

    @Test
    void learns() {
        try (Backend backend = open(true)) {
            var net = new SmallNet(backend);
            float first = net.step(20, true);
            for (int i = 0; i < 60; i++) {
                net.step(20, false);
            }
            float last = net.step(20, true);
            assertTrue(last < 0.6 * first, first + " to " + last);
        }
    }

    @Test
    void outOfMemorySaysWhatThereIsAndWhoAsked() {
        try (Backend backend = open(true)) {
            EmulatedDevice.memory(64 << 20);
            Tensor x = Tensor.zeros(backend, Shape.of(4 << 20));
            Memory.scope(() -> x.add(x)); // leaves 16 MiB in the pool, which are given back
            var thrown =
                    assertThrows(
                            DeviceMemoryException.class,
                            () ->
                                    Memory.scope(
                                            () ->
                                                    x.reshape(Shape.of(1, 4 << 20))
                                                            .broadcastTo(Shape.of(3, 4 << 20))
                                                            .exp()));
            assertEquals(
                    "backend 'cuda' is out of memory in exp: asked for 50331648 bytes, 0 free, 0 pooled, 67108864"
                            + " in use",
                    thrown.getMessage());
            // the backend goes on
            assertEquals(1, x.exp().mean().item(), 1e-6);
        }
    }
}
