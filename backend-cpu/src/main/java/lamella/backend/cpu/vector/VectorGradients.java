package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Vector loops for the gradients of functions of one element: out = g · op′(x), y being op(x).
/// Each handles the whole vectors and returns how many elements that was, as in [VectorMaps].
final class VectorGradients {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    private VectorGradients() {}

    static int absolute(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            FloatVector.zero(SPECIES)
                    .blend(d, v.compare(VectorOperators.GT, 0f))
                    .blend(d.neg(), v.compare(VectorOperators.LT, 0f))
                    .intoArray(out, oi + i);
        }
        return bound;
    }

    static int log(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.div(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int sqrt(float[] y, int yi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, y, yi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(0.5f).div(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int square(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            v.mul(2f).mul(d).intoArray(out, oi + i);
        }
        return bound;
    }

    static int reciprocal(float[] y, int yi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, y, yi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.neg().mul(w.mul(w)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int tanh(float[] y, int yi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, y, yi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(w.neg().fma(w, FloatVector.broadcast(SPECIES, 1f))).intoArray(out, oi + i);
        }
        return bound;
    }

    static int sigmoid(float[] y, int yi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, y, yi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(w.mul(FloatVector.broadcast(SPECIES, 1f).sub(w))).intoArray(out, oi + i);
        }
        return bound;
    }

    static int above(float alpha, float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            FloatVector.zero(SPECIES).blend(d, v.compare(VectorOperators.GT, alpha)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int below(float alpha, float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            FloatVector.zero(SPECIES).blend(d, v.compare(VectorOperators.LT, alpha)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int leakyRelu(float alpha, float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(alpha).blend(d, v.compare(VectorOperators.GT, 0f)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int elu(float alpha, float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(VectorMath.exp(v).mul(alpha)).blend(d, v.compare(VectorOperators.GT, 0f)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int softplus(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(VectorMath.sigmoid(v)).intoArray(out, oi + i);
        }
        return bound;
    }
}
