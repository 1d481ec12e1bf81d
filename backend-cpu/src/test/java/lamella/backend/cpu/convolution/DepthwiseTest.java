package lamella.backend.cpu.convolution;

import static lamella.backend.cpu.convolution.ConvolutionSample.in;
import static lamella.backend.cpu.convolution.ConvolutionSample.out;
import static lamella.backend.cpu.convolution.ConvolutionSample.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/// Depthwise convolution on every size, also on those for which another way would be chosen.
class DepthwiseTest {
    private static final int[] EXTENTS = {1, 2, 3, 4, 5, 7, 8, 9, 14, 15, 16, 17, 33, 40};

    /// The computations of one number of threads.
    private static final class Ways {
        final DepthwiseConvolution depthwise;
        final ArrayPool pool;

        Ways(int threads, boolean vectors) {
            var workers = new Workers(threads);
            pool = new ArrayPool(workers);
            depthwise = new DepthwiseConvolution(DepthwiseKernels.of(vectors), workers, pool);
        }

        /// Computes the output and the gradients of the input and of the weight.
        List<float[]> compute(ConvolutionSample sample) {
            var s = sample.s;
            var results = List.of(result(sample.y.length), result(sample.x.length), result(sample.weight.length));
            var bias = sample.biased ? in(sample.bias) : null;
            depthwise.forward(s, in(sample.x), in(sample.weight), bias, out(results.get(0)));
            depthwise.inputGradient(s, in(sample.gradient), in(sample.weight), out(results.get(1)));
            depthwise.weightGradient(s, in(sample.x), in(sample.gradient), out(results.get(2)));
            return results;
        }
    }

    private static ConvolutionSizes sizes(
            int batch,
            int channels,
            int filters,
            int height,
            int width,
            int kernelHeight,
            int kernelWidth,
            Conv2dOptions options) {
        return ConvolutionSizes.of(
                Shape.of(batch, channels, height, width),
                Shape.of(channels * filters, 1, kernelHeight, kernelWidth),
                options.groups(channels));
    }

    private static ConvolutionSample draw(Random random) {
        while (true) {
            var options =
                    new Conv2dOptions(
                            1 + random.nextInt(3),
                            1 + random.nextInt(3),
                            random.nextInt(5),
                            random.nextInt(5),
                            1 + random.nextInt(2),
                            1 + random.nextInt(2),
                            1);
            var s =
                    sizes(
                            random.nextInt(4),
                            1 + random.nextInt(9),
                            1 + random.nextInt(3),
                            EXTENTS[random.nextInt(EXTENTS.length)],
                            EXTENTS[random.nextInt(EXTENTS.length)],
                            1 + random.nextInt(5),
                            1 + random.nextInt(5),
                            options);
            if (s.outHeight() >= 1 && s.outWidth() >= 1 && s.work() < 200_000) {
                return new ConvolutionSample(random, s, random.nextBoolean());
            }
        }
    }

    private static void check(ConvolutionSample sample, List<float[]> results) {
        sample.check(sample.y, results.get(0), "forward");
        sample.check(sample.inputGradient, results.get(1), "inputGradient");
        sample.check(sample.weightGradient, results.get(2), "weightGradient");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesEverySize(boolean vectors) {
        var random = new Random(1);
        var ways = new Ways(2, vectors);
        for (int i = 0; i < 300; i++) {
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
                for (int padding = 1; padding <= 2; padding++) {
                    for (int stride = 1; stride <= 2; stride++) {
                        var options = Conv2dOptions.defaults().padding(padding).stride(stride);
                        var s = sizes(2, 5, stride, height, width, 3, 3, options);
                        var sample = new ConvolutionSample(random, s, true);
                        check(sample, ways.compute(sample));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameBitsForAnyNumberOfThreads(boolean vectors) {
        var random = new Random(3);
        var one = new Ways(1, vectors);
        var others = List.of(new Ways(2, vectors), new Ways(3, vectors));
        for (int stride = 1; stride <= 2; stride++) {
            var s = sizes(5, 24, 1, 40, 41, 3, 3, Conv2dOptions.defaults().padding(1).stride(stride));
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

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allocatesNothingOnceItsWorkspacesExist(boolean vectors) {
        var ways = new Ways(2, vectors);
        var s = sizes(4, 16, 1, 30, 30, 3, 3, Conv2dOptions.defaults().padding(1).stride(2));
        var sample = new ConvolutionSample(new Random(4), s, true);
        ways.compute(sample);
        long before = ways.pool.counts().allocations();
        for (int i = 0; i < 20; i++) {
            ways.compute(sample);
        }
        assertEquals(before, ways.pool.counts().allocations());
    }
}
