package lamella.backend.cpu.convolution;

import static lamella.backend.cpu.convolution.ConvolutionSample.in;
import static lamella.backend.cpu.convolution.ConvolutionSample.out;
import static lamella.backend.cpu.convolution.ConvolutionSample.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

/// Convolution with a 1 x 1 kernel as a product of matrices, of few images and of many.
class PointwiseTest {
    private static List<float[]> compute(int threads, boolean vectors, ConvolutionSample sample) {
        var workers = new Workers(threads);
        var pointwise =
                new ConvolutionPointwise(new Gemm(Gemm.kernels(vectors), workers, new ArrayPool(workers)), workers);
        var results = List.of(result(sample.y.length), result(sample.x.length));
        var bias = sample.biased ? in(sample.bias) : null;
        pointwise.forward(sample.s, in(sample.x), in(sample.weight), bias, out(results.get(0)));
        pointwise.inputGradient(sample.s, in(sample.gradient), in(sample.weight), out(results.get(1)));
        workers.close();
        return results;
    }

    private static ConvolutionSizes sizes(int batch, int groups, int channels, int outs, int height, int width) {
        return ConvolutionSizes.of(
                Shape.of(batch, groups * channels, height, width),
                Shape.of(groups * outs, channels, 1, 1),
                Conv2dOptions.defaults().groups(groups));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void computesEverySize(boolean vectors) {
        var random = new Random(1);
        for (int i = 0; i < 60; i++) {
            var s =
                    sizes(
                            random.nextInt(10),
                            1 + random.nextInt(3),
                            1 + random.nextInt(40),
                            1 + random.nextInt(40),
                            1 + random.nextInt(9),
                            1 + random.nextInt(9));
            var sample = new ConvolutionSample(random, s, random.nextBoolean());
            List<float[]> results = compute(2, vectors, sample);
            sample.check(sample.y, results.get(0), "forward");
            sample.check(sample.inputGradient, results.get(1), "inputGradient");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameBitsForAnyNumberOfThreads(boolean vectors) {
        var random = new Random(2);
        for (int batch : new int[] {1, 9}) {
            var sample = new ConvolutionSample(random, sizes(batch, 1, 70, 90, 7, 9), true);
            List<float[]> expected = compute(1, vectors, sample);
            for (int threads = 2; threads <= 3; threads++) {
                List<float[]> actual = compute(threads, vectors, sample);
                assertArrayEquals(expected.get(0), actual.get(0), "forward");
                assertArrayEquals(expected.get(1), actual.get(1), "inputGradient");
            }
        }
    }
}
