package lamella.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;
import lamella.tck.ReferenceBackend;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/// What changes with size: columns in parts, more images than cuDNN takes, indices shared out among
/// blocks. The conformance suite, which runs on every backend, is too small for these.
final class EmulatedLargeSizesTest {
    private static final double UNIT = 0x1p-24;

    private static Backend cuda;
    private ReferenceBackend reference;

    @BeforeAll
    static void open() {
        EmulatedDevice.require();
        cuda = new CudaBackendProvider().open(BackendOptions.defaults());
    }

    @AfterAll
    static void close() {
        if (cuda != null) {
            cuda.close();
        }
    }

    @BeforeEach
    void forget() {
        reference = ReferenceBackend.create();
        EmulatedDevice.reset();
    }

    @AfterEach
    void waitForAll() {
        cuda.synchronize();
    }

    private static float[] random(long seed, int n) {
        var random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    private static View floats(Backend backend, float[] values, int... dims) {
        View view = View.of(backend.allocate(DType.FLOAT32, values.length), Shape.of(dims));
        backend.upload(values, 0, view);
        return view;
    }

    private static View ints(Backend backend, int[] values, int... dims) {
        View view = View.of(backend.allocate(DType.INT32, values.length), Shape.of(dims));
        backend.upload(values, 0, view);
        return view;
    }

    private static View empty(Backend backend, DType type, int... dims) {
        Shape shape = Shape.of(dims);
        return View.of(backend.allocate(type, shape.size()), shape);
    }

    private static float[] read(Backend backend, View view) {
        float[] values = new float[view.size()];
        backend.download(view, values, 0);
        return values;
    }

    private static int[] readInts(Backend backend, View view) {
        int[] values = new int[view.size()];
        backend.download(view, values, 0);
        return values;
    }

    /// Something to run on both backends.
    private interface Program {
        /// Runs it and returns the results.
        View[] run(Backend backend);
    }

    /// Asserts that all results are near to the reference's.
    ///
    /// @param allowed the largest difference of a result's elements
    private void assertNear(Program program, IntToDoubleFunction allowed) {
        View[] expected = program.run(reference);
        View[] actual = program.run(cuda);
        for (int k = 0; k < expected.length; k++) {
            double[] exact = reference.values(expected[k]);
            float[] values = read(cuda, actual[k]);
            for (int i = 0; i < values.length; i++) {
                double apart = Math.abs(values[i] - exact[i]);
                int place = i;
                int result = k;
                assertTrue(
                        apart <= allowed.applyAsDouble(k),
                        () -> "result %d, element %d: %s".formatted(result, place, apart));
            }
        }
    }

    /// Returns the bound of a sum of so many numbers up to 1: blocks keep chains of roundings short.
    private static double ofSum(int count) {
        return 16 * UNIT * count;
    }

    @Test
    void sumsALongRowInParts() {
        float[] x = random(1, 300_000);
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32);
                    b.reduction().reduce(Reduction.SUM, floats(b, x, x.length), new int[] {0}, out);
                    return new View[] {out};
                },
                _ -> ofSum(x.length));
        assertTrue(EmulatedDevice.count("cuLaunchKernel") >= 2);
    }

    @Test
    void sumsLongColumnsInParts() {
        float[] x = random(1, 20_000 * 5);
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32, 5);
                    b.reduction().reduce(Reduction.SUM, floats(b, x, 20_000, 5), new int[] {0}, out);
                    return new View[] {out};
                },
                _ -> ofSum(20_000));
    }

    @Test
    void findsTheFirstLargestOfALongRow() {
        float[] x = random(2, 3 * 70_000);
        x[60_000] = 5;
        x[60_001] = 5;
        x[69_999] = 5;
        x[70_000 + 65_000] = Float.NaN;
        x[70_000 + 66_000] = Float.NaN;
        x[70_000 + 1_000] = Float.POSITIVE_INFINITY;
        for (int i = 0; i < 70_000; i++) {
            x[2 * 70_000 + i] = Float.NEGATIVE_INFINITY;
        }
        View out = empty(cuda, DType.INT32, 3);
        cuda.reduction().argMaximum(floats(cuda, x, 3, 70_000), 1, out);
        assertArrayEquals(new int[] {60_000, 65_000, 0}, readInts(cuda, out));
    }

    @Test
    void findsTheFirstLargestOfALongColumn() {
        float[] x = random(3, 70_000 * 3);
        View expected = empty(reference, DType.INT32, 3);
        reference.reduction().argMaximum(floats(reference, x, 70_000, 3), 0, expected);
        View out = empty(cuda, DType.INT32, 3);
        cuda.reduction().argMaximum(floats(cuda, x, 70_000, 3), 0, out);
        assertArrayEquals(readInts(reference, expected), readInts(cuda, out));
    }

    @Test
    void joinsTheMomentsOfParts() {
        float[] x = random(4, 5 * 3 * 40 * 53);
        for (int i = 0; i < x.length; i++) {
            x[i] += 100;
        }
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32, 2, 3);
                    b.normalization().moments(floats(b, x, 5, 3, 40, 53), out);
                    return new View[] {out.rows(0, 1), out.rows(1, 1)};
                },
                result -> result == 0 ? 1e-5 : 1e-6);
        assertTrue(EmulatedDevice.log().contains("kernel moments_of_parts"));
    }

    @Test
    void momentsOfAColumnDoNotCancel() {
        float[] x = random(5, 3000 * 7);
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] / 64 + 1000;
        }
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32, 2, 7);
                    b.normalization().moments(floats(b, x, 3000, 7), out);
                    return new View[] {out.rows(0, 1), out.rows(1, 1)};
                },
                // the mean of squares less the square of the mean would be wrong by 10⁶ units
                result -> result == 0 ? 1e-4 : 1e-8);
    }

    @Test
    void normalizesMoreImagesThanCudnnTakes() {
        int images = 65_535 + 70;
        float[] x = random(6, images * 2);
        float[] moments = {0.1f, -0.1f, 0.3f, 0.4f};
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32, images, 2);
                    b.normalization()
                            .batchNorm(
                                    floats(b, x, images, 2),
                                    floats(b, new float[] {1.5f, 0.5f}, 2),
                                    floats(b, new float[] {-1, 1}, 2),
                                    floats(b, moments, 2, 2),
                                    1e-5f,
                                    out);
                    return new View[] {out};
                },
                _ -> 64 * UNIT);
        assertEquals(2, EmulatedDevice.count("cudnnBatchNormalizationForwardInference"));
    }

    private void assertBatchNormGradient(int... dims) {
        Shape shape = Shape.of(dims);
        float[] x = random(7, shape.size());
        float[] gradient = random(8, shape.size());
        int count = shape.size() / dims[1];
        assertNear(
                b -> {
                    View input = floats(b, x, dims);
                    View moments = empty(b, DType.FLOAT32, 2, dims[1]);
                    b.normalization().moments(input, moments);
                    View inputGradient = empty(b, DType.FLOAT32, dims);
                    View scaleGradient = empty(b, DType.FLOAT32, dims[1]);
                    View shiftGradient = empty(b, DType.FLOAT32, dims[1]);
                    b.normalization()
                            .batchNormGradient(
                                    input,
                                    floats(b, new float[] {1.5f, 0.5f, 1}, dims[1]),
                                    moments,
                                    1e-5f,
                                    floats(b, gradient, dims),
                                    inputGradient,
                                    scaleGradient,
                                    shiftGradient);
                    return new View[] {inputGradient, scaleGradient, shiftGradient};
                },
                result -> result == 0 ? 64 * UNIT : ofSum(count));
        assertEquals(0, EmulatedDevice.count("cudnnBatchNormalizationBackward"));
        assertTrue(EmulatedDevice.log().contains("kernel batch_norm_input"));
    }

    @Test
    void givesGradientsOfMoreImagesThanCudnnTakes() {
        assertBatchNormGradient(65_536, 3);
        assertBatchNormGradient(65_537, 3, 2);
    }

    @Test
    void takesTheSoftmaxOfManyRows() {
        int rows = 65_535 + 3;
        float[] x = random(9, rows * 3);
        float[] gradient = random(10, rows * 3);
        assertNear(
                b -> {
                    View y = empty(b, DType.FLOAT32, rows, 3);
                    b.softmax().softmax(floats(b, x, rows, 3), y);
                    View out = empty(b, DType.FLOAT32, rows, 3);
                    b.softmax().softmaxGradient(y, floats(b, gradient, rows, 3), out);
                    return new View[] {y, out};
                },
                _ -> 16 * UNIT);
        assertEquals(2, EmulatedDevice.count("cudnnSoftmaxForward"));
        assertEquals(2, EmulatedDevice.count("cudnnSoftmaxBackward"));
    }

    @Test
    void addsManyRowsToFewInOrder() {
        int count = 9000;
        var random = new Random(11);
        int[] indices = random.ints(count, -1, 4).toArray();
        float[] x = random(12, count * 130);
        assertNear(
                b -> {
                    View out = empty(b, DType.FLOAT32, 4, 130);
                    b.index().scatterAdd(floats(b, x, count, 130), ints(b, indices, count), out);
                    return new View[] {out};
                },
                _ -> ofSum(count));
        assertTrue(EmulatedDevice.log().contains("kernel reduce_sum"), "the positions are shared out");
    }

    @Test
    void namesTheFirstBadIndexOfMany() {
        int count = 9000;
        int[] indices = new int[count];
        indices[4321] = 4;
        indices[8000] = -7;
        View out = empty(cuda, DType.FLOAT32, 4, 3);
        View x = floats(cuda, random(13, count * 3), count, 3);
        cuda.index().scatterAdd(x, ints(cuda, indices, count), out);
        var thrown = assertThrows(IndexOutOfBoundsException.class, cuda::synchronize);
        assertEquals("scatterAdd: index 4 at position 4321 is outside [0, 4)", thrown.getMessage());
    }

    @Test
    void looksAtTheIndicesOfATableWithoutElements() {
        View table = empty(cuda, DType.FLOAT32, 5, 0);
        View rows = empty(cuda, DType.FLOAT32, 2, 0);
        View indices = ints(cuda, new int[] {4, 5}, 2);
        cuda.index().gather(table, indices, rows);
        var thrown = assertThrows(IndexOutOfBoundsException.class, cuda::synchronize);
        assertEquals("gather: index 5 at position 1 is outside [0, 5)", thrown.getMessage());
        cuda.index().scatterAdd(rows, indices, table);
        thrown = assertThrows(IndexOutOfBoundsException.class, cuda::synchronize);
        assertEquals("scatterAdd: index 5 at position 1 is outside [0, 5)", thrown.getMessage());
    }

    @Test
    void namesALabelOutsideTheClasses() {
        View logits = floats(cuda, random(14, 5 * 10), 5, 10);
        View labels = ints(cuda, new int[] {0, 9, -1, 10, -2}, 5);
        View out = empty(cuda, DType.FLOAT32, 5);
        cuda.softmax().crossEntropy(logits, labels, 0, out);
        var thrown = assertThrows(IndexOutOfBoundsException.class, cuda::synchronize);
        assertEquals("crossEntropy: label 10 at index 3 is outside [0, 10)", thrown.getMessage());
        View gradient = empty(cuda, DType.FLOAT32, 5, 10);
        cuda.softmax().crossEntropyGradient(logits, labels, 0.1f, out, gradient);
        thrown = assertThrows(IndexOutOfBoundsException.class, cuda::synchronize);
        assertEquals("crossEntropy: label 10 at index 3 is outside [0, 10)", thrown.getMessage());
        assertArrayEquals(new float[20], Arrays.copyOfRange(read(cuda, gradient), 30, 50));
    }
}
