package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Maxima over 2 x 2 windows side by side, the pooling of most networks.
///
/// Rows are short (14 windows in LeNet), so the vectors are at most 256 bits, and a last vector
/// that would reach beyond the row overlaps the one before it instead. Rows shorter than a vector (5
/// windows in LeNet) are left to the caller, but not their gradient: a plain loop mispredicts, once for
/// each window, which element is the largest, and masks on all loads and stores cost less.
final class VectorWindows {
    private static final VectorSpecies<Float> SPECIES =
            VectorMath.SPECIES.length() >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    private static final int LENGTH = SPECIES.length();
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(SPECIES, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(SPECIES, 1);
    private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(SPECIES, 0);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(SPECIES, 1);

    private VectorWindows() {}

    /// Tells whether [#maximum2x2] can handle a row of `n` windows.
    static boolean fits(int n) {
        return n >= LENGTH;
    }

    static void maximum2x2(float[] x, int top, int bottom, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += LENGTH) {
            int k = Math.min(i, n - LENGTH);
            FloatVector low =
                    FloatVector.fromArray(SPECIES, x, top + 2 * k)
                            .max(FloatVector.fromArray(SPECIES, x, bottom + 2 * k));
            FloatVector high =
                    FloatVector.fromArray(SPECIES, x, top + 2 * k + LENGTH)
                            .max(FloatVector.fromArray(SPECIES, x, bottom + 2 * k + LENGTH));
            FloatVector even = low.rearrange(EVEN, high);
            even.max(low.rearrange(ODD, high)).intoArray(out, oi + k);
        }
    }

    private static VectorMask<Float> matches(FloatVector x, FloatVector most) {
        return x.compare(VectorOperators.EQ, most).or(x.compare(VectorOperators.NE, x));
    }

    static void maximum2x2Gradient(
            float[] x,
            int top,
            int bottom,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int outTop,
            int outBottom,
            int n) {
        if (n < LENGTH) {
            shortMaximum2x2Gradient(x, top, bottom, y, yi, g, gi, out, outTop, outBottom, n);
            return;
        }
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = 0; i < n; i += LENGTH) {
            int k = Math.min(i, n - LENGTH);
            FloatVector topLow = FloatVector.fromArray(SPECIES, x, top + 2 * k);
            FloatVector topHigh = FloatVector.fromArray(SPECIES, x, top + 2 * k + LENGTH);
            FloatVector bottomLow = FloatVector.fromArray(SPECIES, x, bottom + 2 * k);
            FloatVector bottomHigh = FloatVector.fromArray(SPECIES, x, bottom + 2 * k + LENGTH);
            FloatVector most = FloatVector.fromArray(SPECIES, y, yi + k);
            FloatVector gradient = FloatVector.fromArray(SPECIES, g, gi + k);

            // The first of the four places that matches takes the gradient and leaves 0.
            VectorMask<Float> first = matches(topLow.rearrange(EVEN, topHigh), most);
            FloatVector a = zero.blend(gradient, first);
            FloatVector rest = gradient.blend(zero, first);
            VectorMask<Float> second = matches(topLow.rearrange(ODD, topHigh), most);
            FloatVector b = zero.blend(rest, second);
            rest = rest.blend(zero, second);
            VectorMask<Float> third = matches(bottomLow.rearrange(EVEN, bottomHigh), most);
            FloatVector c = zero.blend(rest, third);
            FloatVector d = rest.blend(zero, third);

            a.rearrange(LOW, b).intoArray(out, outTop + 2 * k);
            a.rearrange(HIGH, b).intoArray(out, outTop + 2 * k + LENGTH);
            c.rearrange(LOW, d).intoArray(out, outBottom + 2 * k);
            c.rearrange(HIGH, d).intoArray(out, outBottom + 2 * k + LENGTH);
        }
    }

    private static void shortMaximum2x2Gradient(
            float[] x,
            int top,
            int bottom,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int outTop,
            int outBottom,
            int n) {
        FloatVector zero = FloatVector.zero(SPECIES);
        VectorMask<Float> lowMask = SPECIES.indexInRange(0, 2 * n);
        VectorMask<Float> highMask = SPECIES.indexInRange(LENGTH, 2 * n);
        VectorMask<Float> mask = SPECIES.indexInRange(0, n);
        FloatVector topLow = FloatVector.fromArray(SPECIES, x, top, lowMask);
        FloatVector topHigh = FloatVector.fromArray(SPECIES, x, top + LENGTH, highMask);
        FloatVector bottomLow = FloatVector.fromArray(SPECIES, x, bottom, lowMask);
        FloatVector bottomHigh = FloatVector.fromArray(SPECIES, x, bottom + LENGTH, highMask);
        FloatVector most = FloatVector.fromArray(SPECIES, y, yi, mask);
        FloatVector gradient = FloatVector.fromArray(SPECIES, g, gi, mask);

        // The first of the four places that matches takes the gradient and leaves 0.
        VectorMask<Float> first = matches(topLow.rearrange(EVEN, topHigh), most);
        FloatVector a = zero.blend(gradient, first);
        FloatVector rest = gradient.blend(zero, first);
        VectorMask<Float> second = matches(topLow.rearrange(ODD, topHigh), most);
        FloatVector b = zero.blend(rest, second);
        rest = rest.blend(zero, second);
        VectorMask<Float> third = matches(bottomLow.rearrange(EVEN, bottomHigh), most);
        FloatVector c = zero.blend(rest, third);
        FloatVector d = rest.blend(zero, third);

        a.rearrange(LOW, b).intoArray(out, outTop, lowMask);
        a.rearrange(HIGH, b).intoArray(out, outTop + LENGTH, highMask);
        c.rearrange(LOW, d).intoArray(out, outBottom, lowMask);
        c.rearrange(HIGH, d).intoArray(out, outBottom + LENGTH, highMask);
    }
}
