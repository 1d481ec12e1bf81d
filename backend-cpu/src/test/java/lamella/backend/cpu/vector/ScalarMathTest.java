package lamella.backend.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.ElementwiseKernels.Unary;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/// The accuracy of our own functions, and that vectors give the bits of single elements.
final class ScalarMathTest {
    /// A prime, so that the walk over all bit patterns meets every exponent in many places.
    private static final int STEP = 5003;

    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        88.72283f,
        88.722835f,
        -103.97208f,
        -103.97209f,
        -87.33655f,
        0.625f,
        Math.nextDown(0.625f),
        (float) Math.sqrt(0.5)
    };

    /// A function with its exact form and the largest error in units in the last place.
    ///
    /// @param least where the claim begins; below, a factor of the function is subnormal
    private record Claim(Unary op, DoubleUnaryOperator exact, double ulps, float least) {
        Claim(Unary op, DoubleUnaryOperator exact, double ulps) {
            this(op, exact, ulps, Float.NEGATIVE_INFINITY);
        }

        boolean holdsAt(float x) {
            return !(x < least);
        }

        @Override
        public String toString() {
            return op + " within " + ulps + " ulp";
        }
    }

    private static Stream<Claim> claims() {
        return Stream.of(
                new Claim(Unary.EXP, StrictMath::exp, 1.1),
                new Claim(Unary.LOG, StrictMath::log, 1.0),
                new Claim(Unary.TANH, StrictMath::tanh, 2.0),
                new Claim(Unary.SIGMOID, ScalarMathTest::sigmoid, 3.0),
                new Claim(Unary.SOFTPLUS, ScalarMathTest::softplus, 3.0),
                new Claim(Unary.SILU, x -> x * sigmoid(x), 4.0, -87f),
                new Claim(Unary.GELU, x -> x * normal(x), 6.0, -12.5f),
                new Claim(Unary.ELU, x -> x > 0 ? x : StrictMath.expm1(x), 2.0));
    }

    private static double sigmoid(double x) {
        return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
    }

    /// Returns Φ(x): near 0 by Marsaglia's series, further out by the continued fraction of
    /// Laplace.
    private static double normal(double x) {
        double a = Math.abs(x);
        double density = StrictMath.exp(-0.5 * a * a) / Math.sqrt(2 * Math.PI);
        if (a < 3) {
            double term = x;
            double sum = x;
            for (int k = 3; k < 100; k += 2) {
                term *= x * x / k;
                sum += term;
            }
            return 0.5 + density * sum;
        }
        double fraction = a;
        for (int k = 200; k > 0; k--) {
            fraction = a + k / fraction;
        }
        double tail = Double.isInfinite(a) ? 0 : density / fraction;
        return x < 0 ? tail : 1 - tail;
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    private static double error(float actual, double exact) {
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
            boolean equal = Float.compare(rounded, actual) == 0;
            // The largest float is the neighbour of infinity.
            return equal ? 0 : Math.abs(actual) == Float.MAX_VALUE ? 1 : Double.POSITIVE_INFINITY;
        }
        if (Float.isInfinite(actual)) {
            return Math.abs(rounded) == Float.MAX_VALUE ? 1 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(actual - exact) / Math.ulp(rounded);
    }

    @ParameterizedTest
    @MethodSource("claims")
    void staysWithinItsErrorOverAllFloats(Claim claim) {
        double worst = 0;
        float place = 0;
        for (long bits = 0; bits < 1L << 32; bits += STEP) {
            float x = Float.intBitsToFloat((int) bits);
            if (!claim.holdsAt(x)) {
                continue;
            }
            double error = error(ScalarFunctions.unary(claim.op(), 1f, x), claim.exact().applyAsDouble(x));
            if (!(error <= worst)) {
                worst = error;
                place = x;
            }
        }
        assertTrue(worst <= claim.ulps(), claim.op() + ": " + worst + " ulp at " + place);
    }

    @ParameterizedTest
    @MethodSource("claims")
    void knowsSpecialValues(Claim claim) {
        for (float x : SPECIAL) {
            if (!claim.holdsAt(x)) {
                continue;
            }
            float actual = ScalarFunctions.unary(claim.op(), 1f, x);
            double exact = claim.exact().applyAsDouble(x);
            assertTrue(
                    error(actual, exact) <= claim.ulps(), claim.op() + " of " + x + " is " + actual + ", not " + exact);
        }
    }

    @Test
    void keepsTheSignOfZero() {
        for (Unary op : new Unary[] {Unary.TANH, Unary.SILU, Unary.GELU}) {
            float negative = ScalarFunctions.unary(op, 1f, -0f);
            assertEquals(Float.floatToIntBits(-0f), Float.floatToIntBits(negative), op.name());
        }
    }

    @Test
    void tanhNeverLeavesTheInterval() {
        for (float x = 0.625f; x < 12f; x += 17 * Math.ulp(x)) {
            float y = ScalarMath.tanh(x);
            assertTrue(y <= 1f && ScalarMath.tanh(-x) == -y, "tanh of " + x + " is " + y);
        }
    }

    @Test
    void vectorsGiveTheBitsOfSingleElements() {
        var plain = new PlainPrimitives();
        var vector = Primitives.of(true);
        int n = 1 << 16;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i < SPECIAL.length ? SPECIAL[i] : Float.intBitsToFloat(i * 65_521 + (i << 20));
        }
        float[] y = new float[n];
        float[] g = new float[n];
        for (int i = 0; i < n; i++) {
            g[i] = 0.5f + i % 7;
        }
        for (Unary op : Unary.values()) {
            for (float alpha : new float[] {0.01f, -2f}) {
                float[] expected = new float[n];
                float[] actual = new float[n];
                plain.unary(op, alpha, x, 0, expected, 0, n);
                vector.unary(op, alpha, x, 0, actual, 0, n);
                assertSameBits(op + " forward", x, expected, actual);
                System.arraycopy(expected, 0, y, 0, n);
                plain.unaryGradient(op, alpha, x, 0, y, 0, g, 0, expected, 0, n);
                vector.unaryGradient(op, alpha, x, 0, y, 0, g, 0, actual, 0, n);
                assertSameBits(op + " gradient", x, expected, actual);
            }
        }
    }

    private static void assertSameBits(String name, float[] x, float[] expected, float[] actual) {
        for (int i = 0; i < x.length; i++) {
            int wanted = Float.floatToIntBits(expected[i]);
            int got = Float.floatToIntBits(actual[i]);
            String message = name + " of " + x[i] + ": " + expected[i] + " and " + actual[i];
            assertEquals(wanted, got, message);
        }
    }
}
