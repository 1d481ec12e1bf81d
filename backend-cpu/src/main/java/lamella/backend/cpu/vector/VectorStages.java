package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Vector loops for functions that take an exponential and much more: in two stages, block by
/// block, with the exponentials between them in a small array. In one loop they exceed what the
/// compiler inlines, and each vector becomes an object: gelu then takes 20 times as long.
///
/// Each handles the whole vectors and returns how many elements that was, as in [VectorMaps].
final class VectorStages {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    /// Elements between the stages: 2 KiB.
    private static final int BLOCK = 512;

    private VectorStages() {}

    private static void gaussians(float[] x, int xi, float[] stage, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            VectorMath.gaussian(FloatVector.fromArray(SPECIES, x, xi + i)).intoArray(stage, i);
        }
    }

    private static void decays(float[] x, int xi, float[] stage, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            VectorMath.decay(FloatVector.fromArray(SPECIES, x, xi + i)).intoArray(stage, i);
        }
    }

    static int gelu(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        float[] stage = new float[Math.min(BLOCK, bound)];
        for (int i = 0; i < bound; i += BLOCK) {
            int count = Math.min(BLOCK, bound - i);
            gaussians(x, xi + i, stage, count);
            gelu(x, xi + i, stage, out, oi + i, count);
        }
        return bound;
    }

    private static void gelu(float[] x, int xi, float[] stage, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector s = FloatVector.fromArray(SPECIES, stage, i);
            v.mul(VectorMath.normal(v, s)).intoArray(out, oi + i);
        }
    }

    static int softplus(float[] x, int xi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        float[] stage = new float[Math.min(BLOCK, bound)];
        for (int i = 0; i < bound; i += BLOCK) {
            int count = Math.min(BLOCK, bound - i);
            decays(x, xi + i, stage, count);
            softplus(x, xi + i, stage, out, oi + i, count);
        }
        return bound;
    }

    private static void softplus(float[] x, int xi, float[] stage, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector s = FloatVector.fromArray(SPECIES, stage, i);
            VectorMath.softplus(v, s).intoArray(out, oi + i);
        }
    }

    static int geluGradient(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        float[] stage = new float[Math.min(BLOCK, bound)];
        for (int i = 0; i < bound; i += BLOCK) {
            int count = Math.min(BLOCK, bound - i);
            gaussians(x, xi + i, stage, count);
            geluGradient(x, xi + i, stage, g, gi + i, out, oi + i, count);
        }
        return bound;
    }

    private static void geluGradient(float[] x, int xi, float[] stage, float[] g, int gi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector s = FloatVector.fromArray(SPECIES, stage, i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(v.mul(ScalarMath.NORMAL_PEAK).fma(s, VectorMath.normal(v, s))).intoArray(out, oi + i);
        }
    }

    static int siluGradient(float[] x, int xi, float[] g, int gi, float[] out, int oi, int n) {
        int bound = SPECIES.loopBound(n);
        float[] stage = new float[Math.min(BLOCK, bound)];
        for (int i = 0; i < bound; i += BLOCK) {
            int count = Math.min(BLOCK, bound - i);
            decays(x, xi + i, stage, count);
            siluGradient(x, xi + i, stage, g, gi + i, out, oi + i, count);
        }
        return bound;
    }

    private static void siluGradient(float[] x, int xi, float[] stage, float[] g, int gi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i += SPECIES.length()) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xi + i);
            FloatVector s = FloatVector.fromArray(SPECIES, stage, i);
            FloatVector d = FloatVector.fromArray(SPECIES, g, gi + i);
            d.mul(VectorMath.siluSlope(v, s)).intoArray(out, oi + i);
        }
    }
}
