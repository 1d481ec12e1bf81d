package lamella.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.backend.cpu.matrix.GemmTest;

import java.util.Arrays;
import java.util.Random;

/// A convolution with numbers, and what plain loops in double precision make of them.
final class ConvolutionSample {
    final ConvolutionSizes s;
    final boolean biased;
    final float[] x;
    final float[] weight;
    final float[] bias;
    final float[] gradient;
    final double[] y;
    final double[] inputGradient;
    final double[] weightGradient;

    ConvolutionSample(Random random, ConvolutionSizes s, boolean biased) {
        this.s = s;
        this.biased = biased;
        x = GemmTest.random(random, s.batch() * s.channels() * s.plane());
        weight = GemmTest.random(random, s.outChannels() * s.taps());
        bias = GemmTest.random(random, s.outChannels());
        gradient = GemmTest.random(random, s.batch() * s.outChannels() * s.positions());
        y = new double[gradient.length];
        inputGradient = new double[x.length];
        weightGradient = new double[weight.length];
        sum();
    }

    /// Computes the results anew, from what the operands hold now.
    void sum() {
        Arrays.fill(inputGradient, 0);
        Arrays.fill(weightGradient, 0);
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

    /// Returns the elements of an operand, with a NaN in front of them and one behind them.
    static ConvolutionArray in(float[] elements) {
        float[] array = new float[elements.length + 2];
        Arrays.fill(array, Float.NaN);
        System.arraycopy(elements, 0, array, 1, elements.length);
        return new ConvolutionArray(array, 1);
    }

    /// Returns an array of NaNs for a result of `size` elements.
    static float[] result(int size) {
        float[] result = new float[size + 3];
        Arrays.fill(result, Float.NaN);
        return result;
    }

    /// Returns where in the array the result's elements go.
    static ConvolutionArray out(float[] result) {
        return new ConvolutionArray(result, 2);
    }

    /// Checks a result of sums in any order, and that nothing around it was written.
    ///
    /// @param way what computed it
    void check(double[] expected, float[] actual, String way) {
        check(expected, actual, way, 1);
    }

    /// Checks a result, and that nothing around it was written.
    ///
    /// @param errors the largest error beside that of sums
    void check(double[] expected, float[] actual, String way, double errors) {
        double scale = errors * (1e-6 * Math.sqrt(s.taps() + s.batch() * s.positions()) + 1e-5);
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertEquals(
                    expected[i],
                    actual[i + 2],
                    scale * (1 + Math.abs(expected[i])),
                    () -> way + " at " + at + " of " + s);
        }
        for (int i : new int[] {0, 1, expected.length + 2}) {
            assertEquals(Float.NaN, actual[i], "outside of " + s);
        }
    }
}
