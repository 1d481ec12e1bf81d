package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Vector loops for functions of two elements: of two arrays, or of an array and one number. Each
/// handles the whole vectors and returns how many elements that was, as in [VectorMaps].
///
/// Not left to the compiler: a plain loop whose arrays begin at different offsets stays scalar,
/// because they might be one array that overlaps itself, and a comparison stays scalar always.
final class VectorPairs {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    private VectorPairs() {}

    static int add(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.add(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int subtract(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.sub(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int multiply(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.mul(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int divide(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.div(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int maximum(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.max(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int minimum(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.min(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int equal(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            FloatVector.zero(SPECIES).blend(1f, v.compare(VectorOperators.EQ, w)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int greater(float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            FloatVector.zero(SPECIES).blend(1f, v.compare(VectorOperators.GT, w)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int add(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.add(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int subtract(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.sub(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int multiply(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.mul(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int divide(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.div(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int maximum(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.max(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int minimum(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            v.min(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int equal(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector.zero(SPECIES).blend(1f, v.compare(VectorOperators.EQ, w)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int greater(float[] a, int ai, float b, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector w = FloatVector.broadcast(SPECIES, b);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, a, ai + i);
            FloatVector.zero(SPECIES).blend(1f, v.compare(VectorOperators.GT, w)).intoArray(out, oi + i);
        }
        return bound;
    }

    static int subtract(float a, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector v = FloatVector.broadcast(SPECIES, a);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.sub(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int divide(float a, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector v = FloatVector.broadcast(SPECIES, a);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            v.div(w).intoArray(out, oi + i);
        }
        return bound;
    }

    static int greater(float a, float[] b, int bi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        FloatVector v = FloatVector.broadcast(SPECIES, a);
        for (int i = 0; i < bound; i += SPECIES.length()) {
            FloatVector w = FloatVector.fromArray(SPECIES, b, bi + i);
            FloatVector.zero(SPECIES).blend(1f, v.compare(VectorOperators.GT, w)).intoArray(out, oi + i);
        }
        return bound;
    }
}
