package lamella.backend.cpu.convolution;

import static lamella.backend.cpu.convolution.ConvolutionSample.in;
import static lamella.backend.cpu.convolution.ConvolutionSample.out;
import static lamella.backend.cpu.convolution.ConvolutionSample.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/// Winograd's method on every size, also on those for which another way would be chosen.
class WinogradTest {
    private static final int[] EXTENTS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 16, 17, 30, 33, 70};
    private static final int[] CHANNELS = {1, 2, 3, 5, 6, 7, 8, 15, 16, 17, 31, 33, 40};

    /// The largest error beside that of sums: of few channels it is larger than [#errsByFewRoundings] tells.
    private static final double ERRORS = 5;

    /// The computations of one number of threads.
    private static final class Ways {
        final WinogradConvolution winograd;
        final WinogradWeightGradient weights;
        final ArrayPool pool;

        Ways(int threads, boolean vectors) {
            var workers = new Workers(threads);
            pool = new ArrayPool(workers);
            var kernels = Gemm.kernels(vectors);
            var transforms = WinogradKernels.of(vectors);
            winograd = new WinogradConvolution(kernels, transforms, workers, pool);
            weights = new WinogradWeightGradient(kernels, transforms, workers, pool);
        }

        /// Of blocks as small as can be, of two panels of tiles or of filters.
        Ways(boolean vectors) {
            var workers = new Workers(2);
            pool = new ArrayPool(workers);
            var kernels = Gemm.kernels(vectors);
            var transforms = WinogradKernels.of(vectors);
            winograd = new WinogradConvolution(kernels, transforms, workers, pool, 1 << 15, 1 << 13);
            weights = new WinogradWeightGradient(kernels, transforms, workers, pool, 1);
        }

        /// Computes the output and the gradients of the input and of the weight.
        List<float[]> compute(ConvolutionSample sample) {
            var results = List.of(result(sample.y.length), result(sample.x.length), result(sample.weight.length));
            var bias = sample.biased ? in(sample.bias) : null;
            winograd.forward(sample.s, in(sample.x), in(sample.weight), bias, out(results.get(0)));
            winograd.inputGradient(sample.s, in(sample.gradient), in(sample.weight), out(results.get(1)));
            weights.compute(sample.s, in(sample.x), in(sample.gradient), out(results.get(2)));
            return results;
        }
    }

    private static ConvolutionSizes sizes(
            int batch, int channels, int outChannels, int height, int width, int top, int left) {
        return ConvolutionSizes.of(
                Shape.of(batch, channels, height, width),
                Shape.of(outChannels, channels, 3, 3),
                new Conv2dOptions(1, 1, top, left, 1, 1, 1));
    }

    private static int any(Random random, int[] values) {
        return values[random.nextInt(values.length)];
    }

    private static ConvolutionSample draw(Random random) {
        while (true) {
            var s =
                    sizes(
                            random.nextInt(5),
                            any(random, CHANNELS),
                            any(random, CHANNELS),
                            any(random, EXTENTS),
                            any(random, EXTENTS),
                            random.nextInt(5),
                            random.nextInt(5));
            if (s.outHeight() >= 1 && s.outWidth() >= 1 && s.work() < 300_000) {
                return new ConvolutionSample(random, s, random.nextBoolean());
            }
        }
    }

    private static void check(ConvolutionSample sample, List<float[]> results) {
        sample.check(sample.y, results.get(0), "forward", ERRORS);
        sample.check(sample.inputGradient, results.get(1), "inputGradient", ERRORS);
        sample.check(sample.weightGradient, results.get(2), "weightGradient", ERRORS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesEverySize(boolean vectors) {
        var random = new Random(1);
        var ways = new Ways(2, vectors);
        for (int i = 0; i < 200; i++) {
            ConvolutionSample sample = draw(random);
            check(sample, ways.compute(sample));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesImagesOfFewPixels(boolean vectors) {
        var random = new Random(2);
        var ways = new Ways(1, vectors);
        for (int height = 1; height <= 3; height++) {
            for (int width = 1; width <= 3; width++) {
                for (int padding = 0; padding <= 2; padding++) {
                    var s = sizes(1 + padding, 17, 19, height, width, padding, padding);
                    if (s.outHeight() >= 1 && s.outWidth() >= 1) {
                        var sample = new ConvolutionSample(random, s, true);
                        check(sample, ways.compute(sample));
                    }
                }
            }
        }
    }

    /// Several blocks of tiles and several groups of filters, the last ones of which are not whole.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesWhatNeedsSeveralBlocks(boolean vectors) {
        var random = new Random(3);
        var ways = new Ways(vectors);
        for (var s : List.of(sizes(3, 17, 40, 17, 19, 1, 1), sizes(1, 33, 34, 41, 9, 1, 0))) {
            var sample = new ConvolutionSample(random, s, true);
            check(sample, ways.compute(sample));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameBitsForAnyNumberOfThreads(boolean vectors) {
        var random = new Random(4);
        var one = new Ways(1, vectors);
        var others = List.of(new Ways(2, vectors), new Ways(3, vectors));
        for (var s : List.of(sizes(9, 12, 20, 13, 13, 1, 1), sizes(1, 30, 25, 30, 31, 0, 2))) {
            var sample = new ConvolutionSample(random, s, true);
            List<float[]> expected = one.compute(sample);
            for (Ways ways : others) {
                List<float[]> actual = ways.compute(sample);
                assertArrayEquals(expected.get(0), actual.get(0), "forward");
                assertArrayEquals(expected.get(1), actual.get(1), "inputGradient");
                assertArrayEquals(expected.get(2), actual.get(2), "weightGradient");
            }
        }
    }

    /// The errors that [WinogradKernels] states, in roundings of the sum of absolute terms.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void errsByFewRoundings(boolean vectors) {
        var random = new Random(5);
        var s = sizes(1, 64, 8, 22, 22, 0, 0);
        var sample = new ConvolutionSample(random, s, false);
        var absolute = new ConvolutionSample(random, s, false);
        for (int i = 0; i < sample.x.length; i++) {
            absolute.x[i] = Math.abs(sample.x[i]);
        }
        for (int i = 0; i < sample.weight.length; i++) {
            absolute.weight[i] = Math.abs(sample.weight[i]);
        }
        absolute.sum();
        float[] actual = new Ways(1, vectors).compute(sample).get(0);
        double most = 0;
        for (int i = 0; i < sample.y.length; i++) {
            most = Math.max(most, Math.abs(actual[i + 2] - sample.y[i]) / absolute.y[i] * 0x1p24);
        }
        assertTrue(most < 9, "roundings: " + most);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allocatesNothingOnceItsWorkspacesExist(boolean vectors) {
        var ways = new Ways(2, vectors);
        var sample = new ConvolutionSample(new Random(6), sizes(8, 16, 16, 13, 13, 0, 0), true);
        ways.compute(sample);
        long before = ways.pool.counts().allocations();
        for (int i = 0; i < 20; i++) {
            ways.compute(sample);
        }
        assertEquals(before, ways.pool.counts().allocations());
    }
}
