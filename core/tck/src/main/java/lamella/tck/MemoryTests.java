package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.MemoryUse;
import lamella.backend.Storage;
import lamella.backend.View;

import org.junit.jupiter.api.DynamicTest;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// What a backend promises about storage: it is counted, comes back, and is used again.
///
/// @param open opens a backend of its own for each test
record MemoryTests(Function<BackendOptions, Backend> open) {
    private interface Body {
        void on(Backend backend);
    }

    Stream<DynamicTest> all() {
        BackendOptions options = BackendOptions.defaults().threads(2);
        return Stream.of(
                test("counts live bytes and the peak", options, MemoryTests::counts),
                test("uses released storage again", options, MemoryTests::reuses),
                test("keeps live storage apart", options, MemoryTests::keepsApart),
                test("rejects a second release", options, MemoryTests::rejectsSecondRelease),
                test("rejects use after close", options, MemoryTests::rejectsUseAfterClose),
                test("closes twice", options, Backend::close),
                test("allocates empty storage", options, MemoryTests::allocatesEmpty),
                test("allocates nothing in a repeated step", options, MemoryTests::repeatsWithoutAllocation),
                test("says no sites unless asked", options, MemoryTests::saysNoSites),
                test("says where live storage was allocated", options.trackMemory(true), MemoryTests::saysSites));
    }

    private DynamicTest test(String name, BackendOptions options, Body body) {
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    try (Backend backend = open.apply(options)) {
                        body.on(backend);
                    }
                });
    }

    private static void counts(Backend backend) {
        MemoryUse before = backend.memory();
        Storage floats = backend.allocate(DType.FLOAT32, 1000);
        Storage ints = backend.allocate(DType.INT32, 500);
        MemoryUse during = backend.memory();
        backend.release(floats);
        backend.release(ints);
        MemoryUse after = backend.memory();
        assertTrue(during.live() >= before.live() + 6000, during + " after " + before);
        assertTrue(during.peak() >= during.live(), during.toString());
        assertEquals(before.live(), after.live());
        assertEquals(during.peak(), after.peak());
        assertTrue(after.pooled() >= before.pooled() + 6000, after.toString());
    }

    private static void reuses(Backend backend) {
        for (DType type : DType.values()) {
            backend.release(backend.allocate(type, 12_345));
            long allocations = backend.memory().allocations();
            for (int i = 0; i < 10; i++) {
                backend.release(backend.allocate(type, 12_345));
            }
            assertEquals(allocations, backend.memory().allocations());
        }
    }

    private static void keepsApart(Backend backend) {
        Storage first = backend.allocate(DType.FLOAT32, 100);
        Storage second = backend.allocate(DType.FLOAT32, 100);
        assertNotSame(first, second);
        backend.elementwise().fill(View.of(first, Shape.of(100)), 1);
        backend.elementwise().fill(View.of(second, Shape.of(100)), 2);
        float[] elements = new float[100];
        backend.download(View.of(first, Shape.of(100)), elements, 0);
        assertEquals(1, elements[99]);
    }

    private static void rejectsSecondRelease(Backend backend) {
        Storage storage = backend.allocate(DType.FLOAT32, 10);
        backend.release(storage);
        assertTrue(storage.released());
        long live = backend.memory().live();
        assertEquals(
                "storage: released twice",
                assertThrows(IllegalStateException.class, () -> backend.release(storage)).getMessage());
        assertEquals(live, backend.memory().live());
    }

    private static void rejectsUseAfterClose(Backend backend) {
        backend.close();
        assertEquals(
                "backend '" + backend.name() + "' is closed",
                assertThrows(IllegalStateException.class, () -> backend.allocate(DType.FLOAT32, 10)).getMessage());
    }

    private static void allocatesEmpty(Backend backend) {
        Storage storage = backend.allocate(DType.FLOAT32, 0);
        View view = View.of(storage, Shape.of(0, 3));
        backend.upload(new float[0], 0, view);
        backend.elementwise().fill(view, 1);
        backend.download(view, new float[0], 0);
        assertEquals(0, storage.size());
        backend.release(storage);
    }

    /// A convolution with both gradients and a matrix product: what needs scratch memory most.
    private static void repeatsWithoutAllocation(Backend backend) {
        step(backend);
        step(backend);
        MemoryUse warm = backend.memory();
        for (int i = 0; i < 5; i++) {
            step(backend);
        }
        MemoryUse after = backend.memory();
        assertEquals(warm.allocations(), after.allocations());
        assertEquals(warm.live(), after.live());
        assertEquals(warm.peak(), after.peak());
    }

    private static void step(Backend backend) {
        Conv2dOptions options = Conv2dOptions.defaults().padding(1);
        View x = filled(backend, 4, 16, 14, 14);
        View weight = filled(backend, 32, 16, 3, 3);
        View y = filled(backend, 4, 32, 14, 14);
        View product = filled(backend, 64, 64);
        backend.convolution().forward(x, weight, Optional.empty(), options, y);
        backend.convolution().inputGradient(y, weight, options, x);
        backend.convolution().weightGradient(x, y, options, weight);
        View square = x.reshape(Shape.of(64, 196));
        backend.matrix().multiply(square, false, square, true, product);
        backend.synchronize();
        List.of(x, weight, y, product).forEach(v -> backend.release(v.storage()));
    }

    private static View filled(Backend backend, int... dims) {
        Shape shape = Shape.of(dims);
        View view = View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
        backend.elementwise().fill(view, 0.01f);
        return view;
    }

    private static void saysNoSites(Backend backend) {
        Storage storage = backend.allocate(DType.FLOAT32, 10);
        assertEquals(List.of(), backend.memory().sites());
        backend.release(storage);
    }

    private static void saysSites(Backend backend) {
        Storage storage = backend.allocate(DType.FLOAT32, 10);
        List<String> sites = backend.memory().sites();
        assertEquals(1, sites.size(), sites.toString());
        assertTrue(sites.getFirst().contains("MemoryTests.saysSites"), sites.getFirst());
        backend.release(storage);
        assertEquals(List.of(), backend.memory().sites());
    }
}
