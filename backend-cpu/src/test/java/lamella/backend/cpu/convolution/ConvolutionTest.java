package lamella.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmTest;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// What is special to the convolutions of this backend: that each of its ways computes every size,
/// also those for which another one would be chosen. The choice itself passes the conformance
/// suite.
class ConvolutionTest {
    private static final int[] EXTENTS = {1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 28, 33};
    private static final int[] CHANNELS = {1, 2, 3, 6, 7, 16, 17};
    private static final int[] KERNELS = {1, 2, 3, 5};

    /// A convolution with numbers, and what plain loops in double precision make of them.
    private static final class Sample {
        final ConvolutionSizes s;
        final boolean biased;
        final float[] x;
        final float[] weight;
        final float[] bias;
        final float[] gradient;
        final double[] y;
        final double[] inputGradient;
        final double[] weightGradient;

        Sample(Random random, ConvolutionSizes s, boolean biased) {
            this.s = s;
            this.biased = biased;
            x = GemmTest.random(random, s.batch() * s.channels() * s.plane());
            weight = GemmTest.random(random, s.outChannels() * s.taps());
            bias = GemmTest.random(random, s.outChannels());
            gradient = GemmTest.random(random, s.batch() * s.outChannels() * s.positions());
            y = new double[gradient.length];
            inputGradient = new double[x.length];
            weightGradient = new double[weight.length];
            for (int i = 0; i < gradient.length; i++) {
                addElement(i);
            }
        }

        private void addElement(int at) {
            var o = s.options();
            int j = at % s.outWidth();
            int i = at / s.outWidth() % s.outHeight();
            int out = at / s.positions() % s.outChannels();
            int image = at / s.positions() / s.outChannels();
            int group = out / s.groupOutChannels();
            y[at] = biased ? bias[out] : 0;
            for (int tap = 0; tap < s.taps(); tap++) {
                int c = tap / s.window();
                int u = tap % s.window() / s.kernelWidth();
                int v = tap % s.kernelWidth();
                int row = i * o.strideHeight() + u * o.dilationHeight() - o.paddingHeight();
                int column = j * o.strideWidth() + v * o.dilationWidth() - o.paddingWidth();
                if (row >= 0 && row < s.height() && column >= 0 && column < s.width()) {
                    int channel = image * s.channels() + group * s.groupChannels() + c;
                    int from = (channel * s.height() + row) * s.width() + column;
                    int by = out * s.taps() + tap;
                    y[at] += (double) x[from] * weight[by];
                    inputGradient[from] += (double) gradient[at] * weight[by];
                    weightGradient[by] += (double) gradient[at] * x[from];
                }
            }
        }

        /// Draws sizes whose output exists and is small enough for plain loops.
        static Sample draw(Random random) {
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
                    return new Sample(random, s, random.nextBoolean());
                }
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
        List<float[]> compute(Sample sample) {
            var s = sample.s;
            var x = in(sample.x);
            var weight = in(sample.weight);
            var gradient = in(sample.gradient);
            var bias = sample.biased ? in(sample.bias) : null;
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
                float[] result = new float[length + 3];
                Arrays.fill(result, Float.NaN);
                results.add(result);
            }
            shifts.forward(s, x, weight, bias, out(results.get(0)));
            columns.forward(s, x, weight, bias, out(results.get(1)));
            shifts.inputGradient(s, gradient, weight, out(results.get(2)));
            columns.inputGradient(s, gradient, weight, out(results.get(3)));
            dots.compute(s, x, gradient, out(results.get(4)));
            products.compute(s, x, gradient, out(results.get(5)));
            columns.weightGradient(s, x, gradient, out(results.get(6)));
            return results;
        }

        /// Puts NaN in front of and behind the elements.
        private static ConvolutionArray in(float[] elements) {
            float[] array = new float[elements.length + 2];
            Arrays.fill(array, Float.NaN);
            System.arraycopy(elements, 0, array, 1, elements.length);
            return new ConvolutionArray(array, 1);
        }

        private static ConvolutionArray out(float[] result) {
            return new ConvolutionArray(result, 2);
        }
    }

    private static void check(Sample sample, double[] expected, float[] actual, int way) {
        double scale = 1e-6 * Math.sqrt(sample.s.taps() + sample.s.positions()) + 1e-5;
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertEquals(
                    expected[i],
                    actual[i + 2],
                    scale * (1 + Math.abs(expected[i])),
                    () -> "way " + way + " at " + at + " of " + sample.s);
        }
        for (int i : new int[] {0, 1, expected.length + 2}) {
            assertEquals(Float.NaN, actual[i], "outside of " + sample.s);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyWayComputesEverySize(boolean vectors) {
        var random = new Random(1);
        var ways = new Ways(2, vectors);
        for (int i = 0; i < 250; i++) {
            Sample sample = Sample.draw(random);
            List<float[]> results = ways.compute(sample);
            for (int way = 0; way < 7; way++) {
                double[] expected = way < 2 ? sample.y : way < 4 ? sample.inputGradient : sample.weightGradient;
                check(sample, expected, results.get(way), way);
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
            var sample = new Sample(random, sizes, true);
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
            Sample drawn = Sample.draw(random);
            var sample = new Sample(random, drawn.s, false);
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
        var sample = new Sample(new Random(4), sizes, true);
        ways.compute(sample);
        long before = ways.pool.counts().allocations();
        for (int i = 0; i < 20; i++) {
            ways.compute(sample);
        }
        assertEquals(before, ways.pool.counts().allocations());
    }
}
