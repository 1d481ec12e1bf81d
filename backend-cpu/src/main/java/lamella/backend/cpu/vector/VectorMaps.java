package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Vector loops for functions of one element. Each handles as many whole vectors as there are and
/// returns how many elements that was.
///
/// One loop for each function, though they look alike: a loop that takes the function as an
/// argument is compiled once for all of them, and then each vector becomes an object.
final class VectorMaps {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    private VectorMaps() {}

    static int negate(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.neg().intoArray(out, oi + i);
        }
        return bound;
    }

    static int absolute(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.abs().intoArray(out, oi + i);
        }
        return bound;
    }

    static int exp(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            VectorMath.exp(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int log(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            VectorMath.log(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int sqrt(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.sqrt().intoArray(out, oi + i);
        }
        return bound;
    }

    static int square(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.mul(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int reciprocal(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector.broadcast(SPECIES, 1f).div(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int tanh(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            VectorMath.tanh(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int sigmoid(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            VectorMath.sigmoid(v).intoArray(out, oi + i);
        }
        return bound;
    }

    static int relu(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.max(0f).intoArray(out, oi + i);
        }
        return bound;
    }

    static int leakyRelu(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.mul(alpha).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int elu(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            VectorMath.expm1Negative(v).mul(alpha).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int silu(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.mul(VectorMath.sigmoid(v)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int scale(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.mul(alpha).intoArray(out, oi + i);
        }
        return bound;
    }

    static int shift(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.add(alpha).intoArray(out, oi + i);
        }
        return bound;
    }

    static int atLeast(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.max(alpha).intoArray(out, oi + i);
        }
        return bound;
    }

    static int atMost(float alpha, float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            v.min(alpha).intoArray(out, oi + i);
        }
        return bound;
    }
}
