package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The functions of [ScalarMath] on all lanes of a vector, operation by operation. See there.
///
/// Our own code rather than `lanewise(EXP)`: that one calls another library on each platform.
final class VectorMath {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private VectorMath() {}

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector expm1Reduced(FloatVector r) {
        FloatVector p = constant(ScalarMath.EXP_0);
        p = p.fma(r, constant(ScalarMath.EXP_1));
        p = p.fma(r, constant(ScalarMath.EXP_2));
        p = p.fma(r, constant(ScalarMath.EXP_3));
        p = p.fma(r, constant(ScalarMath.EXP_4));
        p = p.fma(r, constant(ScalarMath.EXP_5));
        return p.fma(r.mul(r), r);
    }

    private static FloatVector remainder(FloatVector n, FloatVector c) {
        FloatVector high = n.fma(constant(-ScalarMath.LN2_HIGH), c);
        return n.fma(constant(-ScalarMath.LN2_LOW), high);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector most = constant(ScalarMath.EXP_MOST);
        FloatVector least = constant(ScalarMath.EXP_LEAST);
        // Compare and blend instead of min and max: their care for NaN and -0 takes longer.
        FloatVector c = x.blend(most, x.compare(VectorOperators.GT, most));
        c = c.blend(least, c.compare(VectorOperators.LT, least));
        FloatVector shifted = c.fma(constant(ScalarMath.LOG2_E), constant(ScalarMath.ROUND));
        FloatVector r = remainder(shifted.sub(ScalarMath.ROUND), c);
        FloatVector q = expm1Reduced(r).add(1f);
        IntVector whole = shifted.reinterpretAsInts().sub(ScalarMath.ROUND_BITS);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        return q.mul(powerOfTwo(half)).mul(powerOfTwo(whole.sub(half)));
    }

    static FloatVector expm1Negative(FloatVector x) {
        FloatVector least = constant(ScalarMath.EXPM1_LEAST);
        FloatVector c = x.blend(0f, x.compare(VectorOperators.GT, 0f));
        c = c.blend(least, c.compare(VectorOperators.LT, least));
        FloatVector shifted = c.fma(constant(ScalarMath.LOG2_E), constant(ScalarMath.ROUND));
        FloatVector r = remainder(shifted.sub(ScalarMath.ROUND), c);
        FloatVector scale = powerOfTwo(shifted.reinterpretAsInts().sub(ScalarMath.ROUND_BITS));
        return expm1Reduced(r).fma(scale, scale.sub(1f));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector z = x.mul(x);
        FloatVector p = constant(ScalarMath.TANH_0);
        p = p.fma(z, constant(ScalarMath.TANH_1));
        p = p.fma(z, constant(ScalarMath.TANH_2));
        p = p.fma(z, constant(ScalarMath.TANH_3));
        p = p.fma(z, constant(ScalarMath.TANH_4));
        FloatVector small = p.mul(z).fma(a, a);
        FloatVector large = constant(1f).sub(constant(2f).div(exp(a.add(a)).add(1f)));
        var low = a.compare(VectorOperators.LT, ScalarMath.TANH_SPLIT);
        IntVector sign = x.reinterpretAsInts().and(ScalarMath.SIGN);
        return large.blend(small, low).reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = decay(x);
        return constant(1f).blend(e, x.compare(VectorOperators.LT, 0f)).div(e.add(1f));
    }

    /// Returns e ln 2 + ln(1 + f). Apart, because the compiler inlines no more than 325 bytes of
    /// code.
    private static FloatVector logReduced(FloatVector f, FloatVector e) {
        FloatVector z = f.mul(f);
        FloatVector p = constant(ScalarMath.LOG_0);
        p = p.fma(f, constant(ScalarMath.LOG_1));
        p = p.fma(f, constant(ScalarMath.LOG_2));
        p = p.fma(f, constant(ScalarMath.LOG_3));
        p = p.fma(f, constant(ScalarMath.LOG_4));
        p = p.fma(f, constant(ScalarMath.LOG_5));
        p = p.fma(f, constant(ScalarMath.LOG_6));
        p = p.fma(f, constant(ScalarMath.LOG_7));
        p = p.fma(f, constant(ScalarMath.LOG_8));
        FloatVector y = e.fma(constant(ScalarMath.LN2_LOW), p.mul(f).mul(z));
        FloatVector r = z.fma(constant(-0.5f), y).add(f);
        return e.fma(constant(ScalarMath.LN2_HIGH), r);
    }

    static FloatVector log(FloatVector x) {
        var subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
        FloatVector normal = x.blend(x.mul(ScalarMath.SUBNORMAL_SCALE), subnormal);
        IntVector bits = normal.reinterpretAsInts().sub(ScalarMath.ROOT_HALF_BITS);
        FloatVector exponent = (FloatVector) bits.lanewise(VectorOperators.ASHR, 23).convert(VectorOperators.I2F, 0);
        FloatVector e = exponent.blend(exponent.sub(23f), subnormal);
        FloatVector f = bits.and(ScalarMath.MANTISSA).add(ScalarMath.ROOT_HALF_BITS).reinterpretAsFloats().sub(1f);
        FloatVector r = logReduced(f, e);
        r = r.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
        r = r.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0f));
        return constant(Float.NaN).blend(r, x.compare(VectorOperators.GE, 0f));
    }

    /// Returns ln(1 + eˣ), given e = exp(−|x|).
    static FloatVector softplus(FloatVector x, FloatVector e) {
        FloatVector w = e.div(e.fma(constant(0.5f), constant(1f)));
        FloatVector q = w.mul(0.25f).mul(w);
        FloatVector p = constant(ScalarMath.ARTANH_0);
        p = p.fma(q, constant(ScalarMath.ARTANH_1));
        p = p.fma(q, constant(ScalarMath.ARTANH_2));
        p = p.fma(q, constant(ScalarMath.ARTANH_3));
        p = p.fma(q, constant(ScalarMath.ARTANH_4));
        FloatVector positive = constant(0f).blend(x, x.compare(VectorOperators.GT, 0f));
        return w.fma(p.mul(q), w).add(positive);
    }

    /// Returns exp(−|x|).
    static FloatVector decay(FloatVector x) {
        return exp(x.abs().neg());
    }

    private static FloatVector clamp(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector most = constant(ScalarMath.NORMAL_MOST);
        return a.blend(most, a.compare(VectorOperators.GT, most));
    }

    /// Returns exp(−x² / 2), 0 beyond 16.
    static FloatVector gaussian(FloatVector x) {
        FloatVector a = clamp(x);
        FloatVector square = a.mul(a);
        FloatVector rest = a.fma(a, square.neg());
        FloatVector e = exp(square.mul(-0.5f));
        return rest.mul(-0.5f).fma(e, e);
    }

    /// Returns Φ(x), given g = exp(−x² / 2).
    static FloatVector normal(FloatVector x, FloatVector g) {
        FloatVector a = clamp(x);
        FloatVector u = constant(1f).div(a.add(3f));
        FloatVector t = a.sub(3f).mul(u);
        FloatVector p = constant(ScalarMath.NORMAL_TAIL_0);
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_1));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_2));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_3));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_4));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_5));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_6));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_7));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_8));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_9));
        p = p.fma(t, constant(ScalarMath.NORMAL_TAIL_10));
        FloatVector tail = p.mul(u).mul(g);
        return constant(1f).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0f));
    }

    /// Returns the derivative of x · sigmoid(x), given e = exp(−|x|).
    static FloatVector siluSlope(FloatVector x, FloatVector e) {
        FloatVector d = constant(1f).div(e.add(1f));
        var negative = x.compare(VectorOperators.LT, 0f);
        FloatVector small = e.mul(d);
        FloatVector s = d.blend(small, negative);
        FloatVector complement = small.blend(d, negative);
        return s.mul(x.fma(complement, constant(1f)));
    }
}
