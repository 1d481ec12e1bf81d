package lamella.backend.cpu.vector;

/// Functions of one float, in arithmetic that gives equal bits on every platform: additions,
/// products, quotients and fused multiply-adds in a fixed order.
///
/// [VectorMath] does the same operations in the same order on all lanes of a vector, so a result
/// does not depend on whether an element falls into the vector loop or into its tail. The
/// polynomials of exp, tanh and log are those of Moshier's Cephes library (`expf`, `tanhf`,
/// `logf`); the others are Chebyshev fits made for this file. Errors in the comments are in units
/// in the last place against the exact value; `ScalarMathTest` asserts them.
public final class ScalarMath {
    static final float LOG2_E = 1.44269504f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;

    /// 1.5 · 2²³: adding it leaves a float's nearest integer in the low bits of the sum.
    static final float ROUND = 12582912f;

    static final int ROUND_BITS = 0x4b400000;

    /// e⁸⁹ overflows, e⁻¹⁰⁴ underflows.
    static final float EXP_MOST = 89f;

    static final float EXP_LEAST = -104f;

    /// e⁻²⁵ − 1 rounds to −1.
    static final float EXPM1_LEAST = -25f;

    static final float EXP_0 = 1.9875691500e-4f;
    static final float EXP_1 = 1.3981999507e-3f;
    static final float EXP_2 = 8.3334519073e-3f;
    static final float EXP_3 = 4.1665795894e-2f;
    static final float EXP_4 = 1.6666665459e-1f;
    static final float EXP_5 = 5.0000001201e-1f;
    static final float TANH_0 = -5.70498872745e-3f;
    static final float TANH_1 = 2.06390887954e-2f;
    static final float TANH_2 = -5.37397155531e-2f;
    static final float TANH_3 = 1.33314422036e-1f;
    static final float TANH_4 = -3.33332819422e-1f;

    /// Below this, tanh is a polynomial; above, it is made of an exponential.
    static final float TANH_SPLIT = 0.625f;

    static final float LOG_0 = 7.0376836292e-2f;
    static final float LOG_1 = -1.1514610310e-1f;
    static final float LOG_2 = 1.1676998740e-1f;
    static final float LOG_3 = -1.2420140846e-1f;
    static final float LOG_4 = 1.4249322787e-1f;
    static final float LOG_5 = -1.6668057665e-1f;
    static final float LOG_6 = 2.0000714765e-1f;
    static final float LOG_7 = -2.4999993993e-1f;
    static final float LOG_8 = 3.3333331174e-1f;

    /// (artanh(s) / s − 1) / s² in powers of s², for s up to 1/3.
    static final float ARTANH_0 = 0.11612164612f;

    static final float ARTANH_1 = 0.108532879004f;
    static final float ARTANH_2 = 0.142961789972f;
    static final float ARTANH_3 = 0.19999853166f;
    static final float ARTANH_4 = 0.333333336603f;

    /// Φ(−a) · exp(a² / 2) · (a + 3) in powers of (a − 3) / (a + 3), for a up to 16.
    static final float NORMAL_TAIL_0 = 5.565083205e-5f;

    static final float NORMAL_TAIL_1 = 1.334795913e-4f;
    static final float NORMAL_TAIL_2 = -2.450017942e-4f;
    static final float NORMAL_TAIL_3 = -1.034782122e-3f;
    static final float NORMAL_TAIL_4 = 1.024294722e-3f;
    static final float NORMAL_TAIL_5 = 6.970081402e-3f;
    static final float NORMAL_TAIL_6 = -1.046230981e-2f;
    static final float NORMAL_TAIL_7 = -4.726279084e-2f;
    static final float NORMAL_TAIL_8 = 2.300176775e-1f;
    static final float NORMAL_TAIL_9 = -5.093319875e-1f;
    static final float NORMAL_TAIL_10 = 7.290836907e-1f;

    /// Beyond this, Φ(−a) is 0 in single precision.
    static final float NORMAL_MOST = 16f;

    /// 1 / √(2π).
    static final float NORMAL_PEAK = 0.3989422804f;

    /// sin(2πr) / r in powers of r², for r up to 1/8.
    static final float SINE_0 = 41.4728332395f;

    static final float SINE_1 = -76.6978663502f;
    static final float SINE_2 = 81.605204711f;
    static final float SINE_3 = -41.3417021534f;
    static final float SINE_4 = 6.28318530715f;

    /// cos(2πr) in powers of r², for r up to 1/8.
    static final float COSINE_0 = 59.2201689583f;

    static final float COSINE_1 = -85.4428446731f;
    static final float COSINE_2 = 64.9393161357f;
    static final float COSINE_3 = -19.7392086501f;
    static final float COSINE_4 = 1f;

    /// 2²³ makes a normal float of a subnormal one.
    static final float SUBNORMAL_SCALE = 8388608f;

    /// The bits of √½: log splits x into 2ᵉ · m with m from √½ to √2.
    static final int ROOT_HALF_BITS = 0x3f3504f3;

    static final int MANTISSA = 0x7fffff;
    static final int SIGN = 0x80000000;

    private ScalarMath() {}

    /// Returns 2ⁿ for n from −126 to 127.
    static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + 127) << 23);
    }

    /// Returns eˣ − 1 for |x| ≤ ln 2 / 2.
    private static float expm1Reduced(float r) {
        float p = EXP_0;
        p = Math.fma(p, r, EXP_1);
        p = Math.fma(p, r, EXP_2);
        p = Math.fma(p, r, EXP_3);
        p = Math.fma(p, r, EXP_4);
        p = Math.fma(p, r, EXP_5);
        return Math.fma(p, r * r, r);
    }

    /// Returns eˣ; at most 1.1 ulp.
    static float exp(float x) {
        float c = x > EXP_MOST ? EXP_MOST : x;
        c = c < EXP_LEAST ? EXP_LEAST : c;
        float shifted = Math.fma(c, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c));
        float q = expm1Reduced(r) + 1f;
        // 2ⁿ in two factors: n reaches 128 and -150, where 2ⁿ is no normal float.
        int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
        int half = whole >> 1;
        return q * powerOfTwo(half) * powerOfTwo(whole - half);
    }

    /// Returns eˣ − 1 for x ≤ 0, and 0 for positive x; at most 2 ulp.
    static float expm1Negative(float x) {
        float c = x > 0f ? 0f : x;
        c = c < EXPM1_LEAST ? EXPM1_LEAST : c;
        float shifted = Math.fma(c, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c));
        float scale = powerOfTwo(Float.floatToRawIntBits(shifted) - ROUND_BITS);
        return Math.fma(expm1Reduced(r), scale, scale - 1f);
    }

    /// Returns the hyperbolic tangent; at most 2 ulp.
    static float tanh(float x) {
        float a = Math.abs(x);
        float z = x * x;
        float p = TANH_0;
        p = Math.fma(p, z, TANH_1);
        p = Math.fma(p, z, TANH_2);
        p = Math.fma(p, z, TANH_3);
        p = Math.fma(p, z, TANH_4);
        float small = Math.fma(p * z, a, a);
        float large = 1f - 2f / (exp(a + a) + 1f);
        int magnitude = Float.floatToRawIntBits(a < TANH_SPLIT ? small : large);
        return Float.intBitsToFloat(magnitude | (Float.floatToRawIntBits(x) & SIGN));
    }

    /// Returns 1 / (1 + e⁻ˣ); at most 3 ulp.
    static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x < 0f ? e : 1f) / (1f + e);
    }

    /// Returns ln x; at most 1 ulp.
    public static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        float normal = subnormal ? x * SUBNORMAL_SCALE : x;
        int bits = Float.floatToRawIntBits(normal) - ROOT_HALF_BITS;
        float e = (bits >> 23) - (subnormal ? 23 : 0);
        float f = Float.intBitsToFloat((bits & MANTISSA) + ROOT_HALF_BITS) - 1f;
        float z = f * f;
        float p = LOG_0;
        p = Math.fma(p, f, LOG_1);
        p = Math.fma(p, f, LOG_2);
        p = Math.fma(p, f, LOG_3);
        p = Math.fma(p, f, LOG_4);
        p = Math.fma(p, f, LOG_5);
        p = Math.fma(p, f, LOG_6);
        p = Math.fma(p, f, LOG_7);
        p = Math.fma(p, f, LOG_8);
        float y = Math.fma(e, LN2_LOW, p * f * z);
        float r = Math.fma(e, LN2_HIGH, Math.fma(-0.5f, z, y) + f);
        r = x == Float.POSITIVE_INFINITY ? x : r;
        r = x == 0f ? Float.NEGATIVE_INFINITY : r;
        return x >= 0f ? r : Float.NaN;
    }

    /// Returns ln(1 + u) for u from 0 to 1; at most 2 ulp.
    static float log1pFraction(float u) {
        // ln(1 + u) = 2 artanh(s) with s = u / (2 + u); w = 2s keeps the bits of a subnormal u.
        float w = u / Math.fma(0.5f, u, 1f);
        float q = 0.25f * w * w;
        float p = ARTANH_0;
        p = Math.fma(p, q, ARTANH_1);
        p = Math.fma(p, q, ARTANH_2);
        p = Math.fma(p, q, ARTANH_3);
        p = Math.fma(p, q, ARTANH_4);
        return Math.fma(w, p * q, w);
    }

    /// Returns ln(1 + eˣ); at most 3 ulp.
    static float softplus(float x) {
        return log1pFraction(exp(-Math.abs(x))) + (x > 0f ? x : 0f);
    }

    /// Returns exp(−a² / 2), with the rounding error of a² put back.
    static float gaussian(float a) {
        float square = a * a;
        float rest = Math.fma(a, a, -square);
        float e = exp(-0.5f * square);
        return Math.fma(-0.5f * rest, e, e);
    }

    /// Returns Φ(x), the normal distribution function, given `g` = gaussian(min(|x|, 16)).
    static float normal(float x, float g) {
        float a = Math.abs(x);
        a = a > NORMAL_MOST ? NORMAL_MOST : a;
        float u = 1f / (a + 3f);
        float t = (a - 3f) * u;
        float p = NORMAL_TAIL_0;
        p = Math.fma(p, t, NORMAL_TAIL_1);
        p = Math.fma(p, t, NORMAL_TAIL_2);
        p = Math.fma(p, t, NORMAL_TAIL_3);
        p = Math.fma(p, t, NORMAL_TAIL_4);
        p = Math.fma(p, t, NORMAL_TAIL_5);
        p = Math.fma(p, t, NORMAL_TAIL_6);
        p = Math.fma(p, t, NORMAL_TAIL_7);
        p = Math.fma(p, t, NORMAL_TAIL_8);
        p = Math.fma(p, t, NORMAL_TAIL_9);
        p = Math.fma(p, t, NORMAL_TAIL_10);
        float tail = p * u * g;
        return x < 0f ? tail : 1f - tail;
    }

    /// Returns exp(−x² / 2), 0 beyond 16.
    static float clampedGaussian(float x) {
        float a = Math.abs(x);
        return gaussian(a > NORMAL_MOST ? NORMAL_MOST : a);
    }

    /// Returns x · Φ(x); at most 6 ulp where x ≥ −12.5 (below, Φ(x) is subnormal).
    static float gelu(float x) {
        return x * normal(x, clampedGaussian(x));
    }

    /// Returns the derivative of gelu: Φ(x) + x · φ(x).
    static float geluSlope(float x) {
        float g = clampedGaussian(x);
        return Math.fma(x * NORMAL_PEAK, g, normal(x, g));
    }

    /// Returns the derivative of x · sigmoid(x).
    static float siluSlope(float x) {
        float e = exp(-Math.abs(x));
        float d = 1f / (1f + e);
        float s = x < 0f ? e * d : d;
        float complement = x < 0f ? d : e * d;
        return s * Math.fma(x, complement, 1f);
    }

    /// Returns sin(2πr) for |r| ≤ 1/8.
    public static float sineOfTurn(float r) {
        float q = r * r;
        float p = SINE_0;
        p = Math.fma(p, q, SINE_1);
        p = Math.fma(p, q, SINE_2);
        p = Math.fma(p, q, SINE_3);
        p = Math.fma(p, q, SINE_4);
        return p * r;
    }

    /// Returns cos(2πr) for |r| ≤ 1/8.
    public static float cosineOfTurn(float r) {
        float q = r * r;
        float p = COSINE_0;
        p = Math.fma(p, q, COSINE_1);
        p = Math.fma(p, q, COSINE_2);
        p = Math.fma(p, q, COSINE_3);
        p = Math.fma(p, q, COSINE_4);
        return p;
    }
}
