package lamella.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lamella.array.DType;
import lamella.array.LocalResponseOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.OptimizerKernels.Adam;
import lamella.backend.RecurrentKernels.Cell;
import lamella.backend.RecurrentKernels.Pass;
import lamella.backend.RecurrentKernels.Run;
import lamella.backend.RecurrentKernels.State;
import lamella.backend.RecurrentKernels.Weights;
import lamella.backend.ReductionKernels.Reduction;
import lamella.backend.View;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Arrays that are large enough for several threads give the same bits with one, two and three.
/// (The cases of the conformance suite are mostly too small for that.)
final class ThreadIndependenceTest {
    private interface Body {
        List<View> run(Backend backend);
    }

    private record Case(String name, Body body) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static View view(Backend backend, int... dims) {
        Shape shape = Shape.of(dims);
        return View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
    }

    private static View normal(Backend backend, long key, int... dims) {
        View out = view(backend, dims);
        backend.random().normal(key, 0, 0f, 1f, out);
        return out;
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("random", b -> List.of(normal(b, 1, 100_001))),
                new Case("tanh", ThreadIndependenceTest::tanh),
                new Case("broadcast", ThreadIndependenceTest::broadcast),
                new Case("reductions", ThreadIndependenceTest::reductions),
                new Case("softmax", ThreadIndependenceTest::softmax),
                new Case("pooling", ThreadIndependenceTest::pooling),
                new Case("batchNorm of images", b -> batchNorm(b, 16, 12, 30, 31)),
                new Case("batchNorm of vectors", b -> batchNorm(b, 500, 300)),
                new Case("layerNorm", ThreadIndependenceTest::layerNorm),
                new Case("localResponse", ThreadIndependenceTest::localResponse),
                new Case("scatterAdd", ThreadIndependenceTest::scatterAdd),
                new Case("adam", ThreadIndependenceTest::adam),
                new Case("lstm", b -> recurrent(b, Cell.LSTM)),
                new Case("gru", b -> recurrent(b, Cell.GRU)));
    }

    private static List<View> tanh(Backend b) {
        View x = normal(b, 1, 100_001);
        View y = view(b, 100_001);
        b.elementwise().unary(Unary.TANH, 0f, x, y);
        return List.of(y);
    }

    private static List<View> broadcast(Backend b) {
        View out = view(b, 33, 50, 77);
        b.elementwise().binary(Binary.DIVIDE, normal(b, 1, 33, 1, 77), normal(b, 2, 50, 1), out);
        return List.of(out);
    }

    private static List<View> reductions(Backend b) {
        View x = normal(b, 1, 40, 70, 130);
        View all = view(b, 1);
        View rows = view(b, 40, 70);
        View columns = view(b, 130);
        View middle = view(b, 40, 130);
        View channels = view(b, 70);
        View most = view(b, 130);
        b.reduction().reduce(Reduction.SUM, x, new int[] {0, 1, 2}, all);
        b.reduction().reduce(Reduction.MEAN, x, new int[] {2}, rows);
        b.reduction().reduce(Reduction.SUM, x, new int[] {0, 1}, columns);
        b.reduction().reduce(Reduction.SUM, x, new int[] {1}, middle);
        b.reduction().reduce(Reduction.SUM, x, new int[] {0, 2}, channels);
        b.reduction().reduce(Reduction.MAXIMUM, x, new int[] {0, 1}, most);
        return List.of(all, rows, columns, middle, channels, most);
    }

    private static List<View> softmax(Backend b) {
        View x = normal(b, 1, 3000, 11);
        View y = view(b, 3000, 11);
        View z = view(b, 3000, 11);
        b.softmax().softmax(x, y);
        b.softmax().softmaxGradient(y, x, z);
        return List.of(y, z);
    }

    private static List<View> pooling(Backend b) {
        var options = Pool2dOptions.of(3).stride(2).padding(1);
        View x = normal(b, 1, 8, 9, 33, 35);
        View y = view(b, 8, 9, 17, 18);
        View z = view(b, 8, 9, 33, 35);
        b.pooling().maximum(x, options, y);
        b.pooling().maximumGradient(x, y, y, options, z);
        return List.of(y, z);
    }

    private static List<View> batchNorm(Backend b, int... dims) {
        View x = normal(b, 1, dims);
        View g = normal(b, 2, dims);
        int channels = dims[1];
        View scale = normal(b, 3, channels);
        View moments = view(b, 2, channels);
        View y = view(b, dims);
        View dx = view(b, dims);
        View dScale = view(b, channels);
        View dShift = view(b, channels);
        b.normalization().moments(x, moments);
        b.normalization().batchNorm(x, scale, scale, moments, 1e-5f, y);
        b.normalization().batchNormGradient(x, scale, moments, 1e-5f, g, dx, dScale, dShift);
        return List.of(moments, y, dx, dScale, dShift);
    }

    private static List<View> layerNorm(Backend b) {
        View x = normal(b, 1, 500, 300);
        View scale = normal(b, 2, 300);
        View y = view(b, 500, 300);
        View dx = view(b, 500, 300);
        View dScale = view(b, 300);
        View dShift = view(b, 300);
        b.normalization().layerNorm(x, scale, scale, 1e-5f, y);
        b.normalization().layerNormGradient(x, scale, 1e-5f, y, dx, dScale, dShift);
        return List.of(y, dx, dScale, dShift);
    }

    private static List<View> localResponse(Backend b) {
        var constants = new LocalResponseOptions(5, 1e-2f, 0.75f, 2f);
        View x = normal(b, 1, 6, 20, 19, 19);
        View y = view(b, 6, 20, 19, 19);
        View dx = view(b, 6, 20, 19, 19);
        b.normalization().localResponse(x, constants, y);
        b.normalization().localResponseGradient(x, y, x, constants, dx);
        return List.of(y, dx);
    }

    private static List<View> scatterAdd(Backend b) {
        int n = 2000;
        View x = normal(b, 1, n, 70);
        View indices = View.of(b.allocate(DType.INT32, n), Shape.of(n));
        int[] ids = new int[n];
        Arrays.setAll(ids, i -> i * 7919 % 37 - 1);
        b.upload(ids, 0, indices);
        View out = view(b, 900, 70);
        b.index().scatterAdd(x, indices, out);
        return List.of(out);
    }

    private static List<View> adam(Backend b) {
        View p = normal(b, 1, 100_001);
        View g = normal(b, 2, 100_001);
        View m = view(b, 100_001);
        View s = view(b, 100_001);
        b.elementwise().fill(m, 0f);
        b.elementwise().fill(s, 0f);
        var constants = new Adam(1e-2f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f, 1e-3f, 0f);
        b.optimizer().adam(constants, p, g, m, s);
        return List.of(p, m, s);
    }

    private static List<View> recurrent(Backend b, Cell cell) {
        int[] lengths = new int[29];
        Arrays.setAll(lengths, i -> i * 7 % 14);
        var run = new Run(cell, true, lengths);
        Pass values = pass(b, cell, 1);
        Pass gradients = pass(b, cell, 101);
        var kernels = b.recurrent().orElseThrow();
        View reserve = view(b, kernels.reserveSize(cell, 29, 13, 50, 70));
        kernels.forward(run, values, Optional.of(reserve));
        kernels.gradient(run, values, reserve, gradients);
        return List.of(
                values.states(),
                values.last().hidden(),
                gradients.x(),
                gradients.initial().hidden(),
                gradients.weights().input(),
                gradients.weights().hidden(),
                gradients.weights().bias());
    }

    private static Pass pass(Backend b, Cell cell, long key) {
        int stacked = 70 * cell.gates();
        var weights =
                new Weights(
                        normal(b, key, stacked, 50),
                        normal(b, key + 1, stacked, 70),
                        normal(b, key + 2, stacked),
                        cell.hasCandidateBias() ? Optional.of(normal(b, key + 3, 70)) : Optional.empty());
        return new Pass(
                normal(b, key + 4, 29, 13, 50),
                state(b, cell, key + 5),
                weights,
                normal(b, key + 7, 29, 13, 70),
                state(b, cell, key + 8));
    }

    private static State state(Backend b, Cell cell, long key) {
        return new State(
                normal(b, key, 29, 70), cell.hasCell() ? Optional.of(normal(b, key + 1, 29, 70)) : Optional.empty());
    }

    private static int[][] bits(Case kernels, int threads, boolean vectors) {
        var options = BackendOptions.defaults().threads(threads);
        try (var backend = new CpuBackend(options, vectors, "a test")) {
            return kernels.body().run(backend).stream().map(view -> bits(backend, view)).toArray(int[][]::new);
        }
    }

    private static int[] bits(Backend backend, View view) {
        float[] values = new float[view.size()];
        backend.download(view, values, 0);
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToIntBits(values[i]));
        return bits;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameBitsForAnyNumberOfThreads(Case kernels) {
        for (boolean vectors : new boolean[] {true, false}) {
            int[][] one = bits(kernels, 1, vectors);
            assertArrayEquals(one, bits(kernels, 2, vectors), "2 threads");
            assertArrayEquals(one, bits(kernels, 3, vectors), "3 threads");
        }
    }
}
