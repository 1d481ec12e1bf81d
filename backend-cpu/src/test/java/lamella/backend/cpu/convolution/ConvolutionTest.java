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
/// also those for which another one would be chosen. What is chosen passes the conformance suite.
class ConvolutionTest {
    private static final int[] EXTENTS = {1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 28, 33};
    private static final int[] CHANNELS = {1, 2, 3, 6, 7, 16, 17};
    private static final int[] KERNELS = {1, 2, 3, 5};

    /// Draws sizes whose output exists and is small enough for plain loops.
    ///
    /// @param largest stride and dilation
    private static ConvolutionSample draw(Random random, int largest) {
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
                            1 + random.nextInt(largest),
                            1 + random.nextInt(largest),
                            random.nextInt(3),
                            random.nextInt(3),
                            1 + random.nextInt(Math.min(2, largest)),
                            1 + random.nextInt(Math.min(2, largest)),
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

    private enum Wanted {
        OUTPUT,
        INPUT_GRADIENT,
        WEIGHT_GRADIENT;

        double[] expected(ConvolutionSample sample) {
            return switch (this) {
                case OUTPUT -> sample.y;
                case INPUT_GRADIENT -> sample.inputGradient;
                case WEIGHT_GRADIENT -> sample.weightGradient;
            };
        }
    }

    /// What one way computed.
    private record Result(String way, Wanted wanted, float[] elements) {
        @Override
        public String toString() {
            return way + ": " + wanted;
        }
    }

    /// The ways of one number of threads.
    private static final class Ways {
        final boolean vectors;
        final ConvolutionByShifts shifts;
        final ConvolutionByColumns columns;
        final ConvolutionByRows rows;
        final ConvolutionByChannels channels;
        final ConvolutionWeightDots dots;
        final ConvolutionWeightProducts products;
        final ConvolutionWeightRuns runs;
        final ArrayPool pool;

        Ways(int threads, boolean vectors) {
            this.vectors = vectors;
            var workers = new Workers(threads);
            var kernels = Gemm.kernels(vectors);
            pool = new ArrayPool(workers);
            shifts = new ConvolutionByShifts(kernels, workers, pool);
            columns = new ConvolutionByColumns(new Gemm(kernels, workers, pool), workers, pool);
            rows = new ConvolutionByRows(kernels, workers, pool);
            channels = new ConvolutionByChannels(workers, pool);
            dots = new ConvolutionWeightDots(kernels, workers, pool);
            products = new ConvolutionWeightProducts(kernels, workers, pool);
            runs = new ConvolutionWeightRuns(workers, pool);
        }

        /// Computes everything in each way there is.
        List<Result> compute(ConvolutionSample sample) {
            var s = sample.s;
            var x = ConvolutionSample.in(sample.x);
            var weight = ConvolutionSample.in(sample.weight);
            var gradient = ConvolutionSample.in(sample.gradient);
            var bias = sample.biased ? ConvolutionSample.in(sample.bias) : null;
            var results = new ArrayList<Result>();
            shifts.forward(s, x, weight, bias, out(results, "shifts", Wanted.OUTPUT, sample));
            columns.forward(s, x, weight, bias, out(results, "columns", Wanted.OUTPUT, sample));
            shifts.inputGradient(s, gradient, weight, out(results, "shifts", Wanted.INPUT_GRADIENT, sample));
            columns.inputGradient(s, gradient, weight, out(results, "columns", Wanted.INPUT_GRADIENT, sample));
            dots.compute(s, x, gradient, out(results, "dots", Wanted.WEIGHT_GRADIENT, sample));
            products.compute(s, x, gradient, out(results, "products", Wanted.WEIGHT_GRADIENT, sample));
            columns.weightGradient(s, x, gradient, out(results, "columns", Wanted.WEIGHT_GRADIENT, sample));
            if (vectors) {
                channels.forward(s, x, weight, bias, out(results, "channels", Wanted.OUTPUT, sample));
                channels.weightGradient(s, x, gradient, out(results, "channels", Wanted.WEIGHT_GRADIENT, sample));
            }
            if (vectors && ConvolutionByRows.fits(s)) {
                rows.forward(s, x, weight, bias, out(results, "rows", Wanted.OUTPUT, sample));
                rows.inputGradient(s, gradient, weight, out(results, "rows", Wanted.INPUT_GRADIENT, sample));
                runs.compute(s, x, gradient, out(results, "runs", Wanted.WEIGHT_GRADIENT, sample));
            }
            return results;
        }

        private static ConvolutionArray out(List<Result> results, String way, Wanted wanted, ConvolutionSample sample) {
            float[] elements = ConvolutionSample.result(wanted.expected(sample).length);
            results.add(new Result(way, wanted, elements));
            return ConvolutionSample.out(elements);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyWayComputesEverySize(boolean vectors) {
        var random = new Random(1);
        var ways = new Ways(2, vectors);
        for (int i = 0; i < 250; i++) {
            ConvolutionSample sample = draw(random, i % 2 == 0 ? 3 : 1);
            for (Result result : ways.compute(sample)) {
                sample.check(result.wanted().expected(sample), result.elements(), result.toString());
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
            List<Result> expected = one.compute(sample);
            for (Ways ways : List.of(two, three)) {
                List<Result> actual = ways.compute(sample);
                for (int way = 0; way < expected.size(); way++) {
                    Result result = expected.get(way);
                    assertArrayEquals(result.elements(), actual.get(way).elements(), result.toString());
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
            ConvolutionSample drawn = draw(random, i % 2 == 0 ? 3 : 1);
            var sample = new ConvolutionSample(random, drawn.s, false);
            List<Result> results = ways.compute(sample);
            double forward = inner(sample.gradient, results.getFirst());
            double tolerance = 1e-4 * Math.sqrt(1.0 + sample.s.work());
            for (Result result : results) {
                float[] by =
                        switch (result.wanted()) {
                            case OUTPUT -> sample.gradient;
                            case INPUT_GRADIENT -> sample.x;
                            case WEIGHT_GRADIENT -> sample.weight;
                        };
                assertEquals(forward, inner(by, result), tolerance, result + " of " + drawn.s);
            }
        }
    }

    private static double inner(float[] a, Result result) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * result.elements()[i + 2];
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
