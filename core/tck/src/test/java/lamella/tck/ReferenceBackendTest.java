package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.LocalResponseOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.MetaBackend;
import lamella.backend.OptimizerKernels.Adam;
import lamella.backend.OptimizerKernels.RmsProp;
import lamella.backend.OptimizerKernels.Sgd;
import lamella.backend.View;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/// The oracle against numbers worked out by hand, or printed elsewhere: each example says how.
final class ReferenceBackendTest {
    private static final double EXACT = 1e-12;

    private final ReferenceBackend reference = ReferenceBackend.create();

    private View floats(Shape shape, double... values) {
        View view = empty(shape);
        for (int i = 0; i < values.length; i++) {
            reference.set(view, i, values[i]);
        }
        return view;
    }

    private View empty(Shape shape) {
        return View.of(reference.allocate(DType.FLOAT32, shape.size()), shape);
    }

    private View ints(int... values) {
        View view = View.of(reference.allocate(DType.INT32, values.length), Shape.of(values.length));
        reference.upload(values, 0, view);
        return view;
    }

    private void assertValues(View view, double... expected) {
        assertArrayEquals(expected, reference.values(view), EXACT);
    }

    /// x = 1 2 3 / 4 5 6 / 7 8 9, w = 1 2 / 3 4, bias 10: the first window is 1·1 + 2·2 + 4·3 + 5·4
    /// = 37.
    @Test
    void convolvesByHand() {
        View x = floats(Shape.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        View weight = floats(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);
        View bias = floats(Shape.of(1), 10);
        View out = empty(Shape.of(1, 1, 2, 2));
        reference.convolution().forward(x, weight, Optional.of(bias), Conv2dOptions.defaults(), out);
        assertValues(out, 47, 57, 77, 87);
        // stride 2 and padding 1
        reference
                .convolution()
                .forward(x, weight, Optional.empty(), Conv2dOptions.defaults().stride(2).padding(1), out);
        // windows at (-1,-1), (-1,1), (1,-1), (1,1): 1·4; 2·3+3·4; 4·2+7·4; 5+6·2+8·3+9·4
        assertValues(out, 4, 18, 36, 77);
    }

    /// Each output gradient 1, 10, 100, 1000 goes back over its window of the kernel 1 2 / 3 4.
    @Test
    void convolvesBackByHand() {
        View weight = floats(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);
        View gradient = floats(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);
        View toInput = empty(Shape.of(1, 1, 3, 3));
        Conv2dOptions plain = Conv2dOptions.defaults();
        reference.convolution().inputGradient(gradient, weight, plain, toInput);
        assertValues(toInput, 1, 12, 20, 103, 1234, 2040, 300, 3400, 4000);
        View x = floats(Shape.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        View toWeight = empty(Shape.of(1, 1, 2, 2));
        reference.convolution().weightGradient(x, gradient, plain, toWeight);
        // w[0, 0] meets 1, 2, 4, 5
        assertValues(toWeight, 5421, 6532, 8754, 9865);
    }

    /// Two groups of one channel, dilation 2: out[o] = x[o] at the corners, weighted.
    @Test
    void convolvesGroupsAndDilationByHand() {
        View x = floats(Shape.of(1, 2, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        View weight = floats(Shape.of(2, 1, 2, 2), 1, 10, 100, 1000, 1, 10, 100, 1000);
        View out = empty(Shape.of(1, 2, 1, 1));
        reference
                .convolution()
                .forward(x, weight, Optional.empty(), Conv2dOptions.defaults().dilation(2).groups(2), out);
        assertValues(out, 9731, 1379);
    }

    /// 1 2 3 / 4 5 6 / 7 8 9 in windows of 2 with a last, partial one.
    @Test
    void poolsByHand() {
        View x = floats(Shape.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Pool2dOptions options = Pool2dOptions.of(2).partial(true);
        View out = empty(Shape.of(1, 1, 2, 2));
        View back = empty(Shape.of(1, 1, 3, 3));
        View gradient = floats(Shape.of(1, 1, 2, 2), 4, 2, 6, 1);
        reference.pooling().maximum(x, options, out);
        assertValues(out, 5, 6, 8, 9);
        reference.pooling().maximumGradient(x, out, gradient, options, back);
        assertValues(back, 0, 0, 0, 0, 4, 2, 0, 6, 1);
        reference.pooling().average(x, options, out);
        assertValues(out, 3, 4.5, 7.5, 9);
        reference.pooling().averageGradient(gradient, options, back);
        assertValues(back, 1, 1, 1, 1, 1, 1, 3, 3, 1);
    }

    /// The divisor with padding 1 of a window of 3 over 2 cells: 9 with padding, 4 without.
    @Test
    void averagesPaddingByHand() {
        View x = floats(Shape.of(1, 1, 2, 2), 1, 2, 3, 6);
        View out = empty(Shape.of(1, 1, 1, 1));
        Pool2dOptions padded = Pool2dOptions.of(3).padding(1);
        reference.pooling().average(x, padded, out);
        assertValues(out, 12 / 9.0);
        reference.pooling().average(x, padded.countPadding(false), out);
        assertValues(out, 3);
    }

    /// Channel 0 holds 1, 3 and 5, 7: mean 4, variance 5. Channel 1 holds 2 everywhere.
    @Test
    void normalisesBatchesByHand() {
        View x = floats(Shape.of(2, 2, 2), 1, 3, 2, 2, 5, 7, 2, 2);
        View moments = empty(Shape.of(2, 2));
        reference.normalization().moments(x, moments);
        assertValues(moments, 4, 2, 5, 0);
        View out = empty(x.shape());
        View scale = floats(Shape.of(2), 3, 1);
        reference.normalization().batchNorm(x, scale, floats(Shape.of(2), 10, 20), moments, 4, out);
        // √(5 + 4) = 3
        assertValues(out, 7, 9, 20, 20, 11, 13, 20, 20);
    }

    /// Two elements −1 and 1 of variance 1, epsilon 3, scale 4: the normal values are ∓1/2. For
    /// gradients 1 and 0: mean 1/2, mean of products −1/4, so 4/2 · (1 − 1/2 − 1/8) and 4/2 · (0 −
    /// 1/2 + 1/8).
    @Test
    void normalisesBackByHand() {
        View x = floats(Shape.of(2, 1), -1, 1);
        View gradient = floats(Shape.of(2, 1), 1, 0);
        View toInput = empty(Shape.of(2, 1));
        View toScale = empty(Shape.of(1));
        View toShift = empty(Shape.of(1));
        reference
                .normalization()
                .batchNormGradient(
                        x,
                        floats(Shape.of(1), 4),
                        floats(Shape.of(2, 1), 0, 1),
                        3,
                        gradient,
                        toInput,
                        toScale,
                        toShift);
        assertValues(toInput, 0.75, -0.75);
        assertValues(toScale, -0.5);
        assertValues(toShift, 1);
        // the same numbers as one row of two features, each with its own scale gradient
        View row = empty(Shape.of(1, 2));
        View scales = empty(Shape.of(2));
        View shifts = empty(Shape.of(2));
        reference
                .normalization()
                .layerNormGradient(
                        x.reshape(Shape.of(1, 2)),
                        floats(Shape.of(2), 4, 4),
                        3,
                        gradient.reshape(Shape.of(1, 2)),
                        row,
                        scales,
                        shifts);
        assertValues(row, 0.75, -0.75);
        assertValues(scales, -0.5, 0);
        assertValues(shifts, 1, 0);
    }

    /// Channels 1, 2, 3 in windows of 3 with alpha 3, beta 1, bias 1: the bases are 1 + 1 + 4, 1 +
    /// 14 and 1 + 13.
    @Test
    void normalisesAcrossChannelsByHand() {
        View x = floats(Shape.of(1, 3, 1, 1), 1, 2, 3);
        View out = empty(x.shape());
        reference.normalization().localResponse(x, new LocalResponseOptions(3, 3, 1, 1), out);
        assertValues(out, 1 / 6.0, 2 / 15.0, 3 / 14.0);
    }

    /// Logits ln 1, ln 2, ln 5: probabilities 1/8, 2/8, 5/8.
    @Test
    void findsCrossEntropyByHand() {
        double[] logits = {0, Math.log(2), Math.log(5), 0, Math.log(2), Math.log(5)};
        View x = floats(Shape.of(2, 3), logits);
        View out = empty(Shape.of(2, 3));
        reference.softmax().softmax(x, out);
        assertValues(out, 0.125, 0.25, 0.625, 0.125, 0.25, 0.625);
        View loss = empty(Shape.of(2));
        reference.softmax().crossEntropy(x, ints(1, -1), 0, loss);
        assertValues(loss, Math.log(4), 0);
        // smoothing 0.75: targets 0.25 everywhere, 0.5 at the label
        reference.softmax().crossEntropy(x, ints(1, -1), 0.75f, loss);
        assertValues(loss, 0.25 * Math.log(8) + 0.5 * Math.log(4) + 0.25 * Math.log(1.6), 0);
        reference.softmax().crossEntropyGradient(x, ints(1, -1), 0.75f, floats(Shape.of(2), 8, 8), out);
        assertValues(out, -1, -2, 3, 0, 0, 0);
    }

    /// Known answers of Philox4x32-10 from the authors' distribution (Random123, kat_vectors).
    @Test
    void givesTheAuthorsRandomWords() {
        assertArrayEquals(
                new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, Philox.block(new int[4], new int[2]));
        assertArrayEquals(
                new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                Philox.block(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}));
        assertArrayEquals(
                new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
                Philox.block(
                        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                        new int[] {0xa4093822, 0x299f31d0}));
    }

    @Test
    void makesUniformNumbersOfTheUpper24Bits() {
        View out = empty(Shape.of(4));
        reference.random().uniform(0, 0, 0, 1, out);
        assertValues(out, 0x6627e8 * 0x1p-24, 0xe169c5 * 0x1p-24, 0xbc57ac * 0x1p-24, 0x9b00db * 0x1p-24);
    }

    /// Φ from tables of the normal distribution (Abramowitz and Stegun, table 26.1; tail: 26.2).
    @Test
    void knowsTheNormalDistribution() {
        assertEquals(0.5, NormalDistribution.cumulative(0), 1e-15);
        assertEquals(0.841344746068543, NormalDistribution.cumulative(1), 1e-15);
        assertEquals(0.977249868051821, NormalDistribution.cumulative(2), 1e-15);
        assertEquals(0.998650101968370, NormalDistribution.cumulative(3), 1e-15);
        assertEquals(0.999968328758167, NormalDistribution.cumulative(4), 1e-15);
        assertEquals(2.866515719e-7, NormalDistribution.cumulative(-5), 1e-15);
        assertEquals(7.619853024e-24, NormalDistribution.cumulative(-10), 1e-32);
        assertEquals(0.398942280401433, NormalDistribution.density(0), 1e-15);
    }

    @Test
    void derivativesAreThoseOfTheFunctions() {
        for (Unary op : Unary.values()) {
            for (double x : new double[] {0.3, 0.9, 2.1}) {
                double step = 1e-6;
                double difference =
                        ReferenceElementwise.value(op, 1.7, x + step) - ReferenceElementwise.value(op, 1.7, x - step);
                assertEquals(
                        difference / (2 * step), ReferenceElementwise.derivative(op, 1.7, x), 1e-8, op + " at " + x);
            }
        }
    }

    /// Parameter 1, gradient 2, one step each, in numbers that are exact in float32.
    @Test
    void updatesByHand() {
        View p = floats(Shape.of(1), 1);
        View g = floats(Shape.of(1), 2);
        View state = floats(Shape.of(1), 4);
        reference.optimizer().sgd(new Sgd(0.25f, 0, false, 0.5f), p, g);
        assertValues(p, 1 - 0.25 * 2.5);
        reference.set(p, 0, 1);
        // velocity 0.5 · 4 + 2 = 4; with Nesterov 2 + 0.5 · 4
        reference.optimizer().momentum(new Sgd(0.25f, 0.5f, true, 0), p, g, state);
        assertValues(state, 4);
        assertValues(p, 0);
        reference.optimizer().momentum(new Sgd(0.25f, 0.5f, false, 0), p, g, state);
        assertValues(p, -1);
        reference.set(p, 0, 1);
        View square = floats(Shape.of(1), 28);
        // mean 0.5 · 4 + 0.5 · 2 = 3, square 0.75 · 28 + 0.25 · 4 = 22
        reference.optimizer().adam(new Adam(0.5f, 0.5f, 0.75f, 1, 0.5f, 0.25f, 0, 0.5f), p, g, state, square);
        assertValues(state, 3);
        assertValues(square, 22);
        assertValues(p, 0.75 - 0.5 * 6 / (Math.sqrt(88) + 1));
        reference.set(p, 0, 1);
        reference.set(square, 0, 14);
        // square 0.5 · 14 + 0.5 · 4 = 9, velocity 0.5 · 3 + 2 / (3 + 1) = 2
        reference.optimizer().rmsProp(new RmsProp(0.25f, 0.5f, 1, 0.5f, 0), p, g, square, state);
        assertValues(square, 9);
        assertValues(state, 2);
        assertValues(p, 0.5);
    }

    @Test
    void keepsDoublesAndRoundsOnDownload() {
        View view = floats(Shape.of(2), 0.1, 1e-300);
        assertEquals(0.1, reference.get(view, 0));
        float[] rounded = new float[2];
        reference.download(view, rounded, 0);
        assertArrayEquals(new float[] {0.1f, 0}, rounded);
    }

    @Test
    void saysWhatIsWrongWithAView() {
        View ints = ints(1, 2);
        assertEquals(
                "reference: [2] is INT32 but must be FLOAT32",
                assertThrows(IllegalArgumentException.class, () -> reference.values(ints)).getMessage());
        View released = empty(Shape.of(3));
        reference.release(released.storage());
        assertEquals(
                "reference: the storage of [3] was released",
                assertThrows(IllegalStateException.class, () -> reference.get(released, 0)).getMessage());
        var meta = MetaBackend.create();
        View foreign = View.of(meta.allocate(DType.FLOAT32, 1), Shape.of(1));
        assertEquals(
                "reference: the storage of [1] belongs to another backend",
                assertThrows(IllegalArgumentException.class, () -> reference.get(foreign, 0)).getMessage());
    }

    @Test
    void newStorageHoldsNothingUseful() {
        View view = empty(Shape.of(2));
        assertArrayEquals(new double[] {Double.NaN, Double.NaN}, reference.values(view));
        assertEquals(List.of(), reference.memory().sites());
    }
}
