package lamella.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What is special to the convolutions of this backend: that each of its ways computes every size,
/// also those for which another one would be chosen. The choice itself passes the conformance
/// suite.
class ConvolutionTest {
    private static final int[] EXTENTS = {1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 28, 33};
    private static final int[] CHANNELS = {1, 2, 3, 6, 7, 16, 17};
    private static final int[] KERNELS = {1, 2, 3, 5};

    /// Draws sizes whose output exists and is small enough for plain loops.
    private static ConvolutionSample draw(Random random) {
        while (true) {
            int groups = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
            int channels = groups * CHANNELS[random.nextInt(CHANNELS.length)];
            int outs = groups * CHANNELS[random.nextInt(CHANNELS.length)];
            int height = EXTENTS[random.nextInt(EXTENTS.length)];
            int width = EXTENTS[random.nextInt(EXTENTS.length)];
            boolean whole = random.nextInt(8) == 0;
            int kernelHeight = whole ? height : KERNELS[random.nextInt(KERNELS.length)];
            int kernelWidth = whole ? width : KERNELS[random.nextInt(KERNELS.length)];
            var options =
                    new Conv2dOptions(
                            1 + random.nextInt(3),
                            1 + random.nextInt(3),
                            random.nextInt(3),
                            random.nextInt(3),
                            1 + random.nextInt(2),
                            1 + random.nextInt(2),
                            groups);
            var s =
                    ConvolutionSizes.of(
                            Shape.of(random.nextInt(4), channels, height, width),
                            Shape.of(outs, channels / groups, kernelHeight, kernelWidth),
                            options);
            if (s.outHeight() >= 1 && s.outWidth() >= 1 && s.work() < 300_000) {
                return new ConvolutionSample(random, s, random.nextBoolean());
            }
        }
    }

    /// The ways of one number of threads.
    private static final class Ways {
        final ConvolutionByShifts shifts;
        final ConvolutionByColumns columns;
        final ConvolutionWeightDots dots;
        final ConvolutionWeightProducts products;
        final ArrayPool pool;

        Ways(int threads, boolean vectors) {
            var workers = new Workers(threads);
            var kernels = Gemm.kernels(vectors);
            pool = new ArrayPool(workers);
            shifts = new ConvolutionByShifts(kernels, workers, pool);
            columns = new ConvolutionByColumns(new Gemm(kernels, workers, pool), workers, pool);
            dots = new ConvolutionWeightDots(kernels, workers, pool);
            products = new ConvolutionWeightProducts(kernels, workers, pool);
        }

        /// Computes everything in each way: two outputs, two input gradients, three weight
        /// gradients.
        List<float[]> compute(ConvolutionSample sample) {
            var s = sample.s;
            var x = ConvolutionSample.in(sample.x);
            var weight = ConvolutionSample.in(sample.weight);
            var gradient = ConvolutionSample.in(sample.gradient);
            var bias = sample.biased ? ConvolutionSample.in(sample.bias) : null;
            var results = new ArrayList<float[]>();
            for (int length :
                    new int[] {
                        sample.y.length,
                        sample.y.length,
                        sample.x.length,
                        sample.x.length,
                        sample.weight.length,
                        sample.weight.length,
                        sample.weight.length
                    }) {
                results.add(ConvolutionSample.result(length));
            }
            shifts.forward(s, x, weight, bias, ConvolutionSample.out(results.get(0)));
            columns.forward(s, x, weight, bias, ConvolutionSample.out(results.get(1)));
            shifts.inputGradient(s, gradient, weight, ConvolutionSample.out(results.get(2)));
            columns.inputGradient(s, gradient, weight, ConvolutionSample.out(results.get(3)));
            dots.compute(s, x, gradient, ConvolutionSample.out(results.get(4)));
            products.compute(s, x, gradient, ConvolutionSample.out(results.get(5)));
            columns.weightGradient(s, x, gradient, ConvolutionSample.out(results.get(6)));
            return results;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyWayComputesEverySize(boolean vectors) {
        var random = new Random(1);
        var ways = new Ways(2, vectors);
        for (int i = 0; i < 250; i++) {
            ConvolutionSample sample = draw(random);
            List<float[]> results = ways.compute(sample);
            for (int way = 0; way < 7; way++) {
                double[] expected = way < 2 ? sample.y : way < 4 ? sample.inputGradient : sample.weightGradient;
                sample.check(expected, results.get(way), "way " + way);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameBitsForAnyNumberOfThreads(boolean vectors) {
        var random = new Random(2);
        var one = new Ways(1, vectors);
        var two = new Ways(2, vectors);
        var three = new Ways(3, vectors);
        for (int i = 0; i < 6; i++) {
            var options = Conv2dOptions.defaults().padding(1).stride(1 + i % 2).groups(1 + i / 3);
            var sizes =
                    ConvolutionSizes.of(Shape.of(9, 12, 13, 13), Shape.of(34, 12 / options.groups(), 3, 3), options);
            var sample = new ConvolutionSample(random, sizes, true);
            List<float[]> expected = one.compute(sample);
            for (Ways ways : List.of(two, three)) {
                List<float[]> actual = ways.compute(sample);
                for (int way = 0; way < 7; way++) {
                    assertArrayEquals(expected.get(way), actual.get(way), "way " + way);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradientsAreAdjointToTheForwardPass(boolean vectors) {
        var random = new Random(3);
        var ways = new Ways(1, vectors);
        for (int i = 0; i < 60; i++) {
            ConvolutionSample drawn = draw(random);
            var sample = new ConvolutionSample(random, drawn.s, false);
            List<float[]> results = ways.compute(sample);
            double forward = inner(sample.gradient, results.get(0));
            double tolerance = 1e-4 * Math.sqrt(1.0 + sample.s.work());
            assertEquals(forward, inner(sample.x, results.get(2)), tolerance, "input, " + drawn.s);
            assertEquals(forward, inner(sample.weight, results.get(5)), tolerance, "weight, " + drawn.s);
        }
    }

    private static double inner(float[] a, float[] result) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * result[i + 2];
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allocatesNothingOnceItsWorkspacesExist(boolean vectors) {
        var ways = new Ways(2, vectors);
        var sizes = ConvolutionSizes.of(Shape.of(16, 6, 14, 14), Shape.of(16, 6, 5, 5), Conv2dOptions.defaults());
        var sample = new ConvolutionSample(new Random(4), sizes, true);
        ways.compute(sample);
        long before = ways.pool.counts().allocations();
        for (int i = 0; i < 20; i++) {
            ways.compute(sample);
        }
        assertEquals(before, ways.pool.counts().allocations());
    }
}
