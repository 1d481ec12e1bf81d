package lamella.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sums and extremes of the whole vectors of a range.
///
/// Four accumulators, because an addition takes four cycles and two can begin in each. Float sums
/// are taken over blocks of 4096 elements, so that no accumulator adds more than 256 numbers, and
/// the blocks are added in double precision.
final class VectorSums {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LENGTH = SPECIES.length();

    /// Elements of a block, a multiple of four vectors of any width.
    static final int BLOCK = 4096;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    private VectorSums() {}

    /// Returns the sum of the lanes, halves first. `reduceLanes(ADD)` would add in one order in the
    /// interpreter and in another in compiled code.
    private static float lanes(FloatVector v) {
        FloatVector s = v;
        if (LENGTH > 8) {
            s = s.add(s.rearrange(BY_8));
        }
        if (LENGTH > 4) {
            s = s.add(s.rearrange(BY_4));
        }
        if (LENGTH > 2) {
            s = s.add(s.rearrange(BY_2));
        }
        return s.add(s.rearrange(BY_1)).lane(0);
    }

    /// Returns Σ x over `n` elements, a multiple of the vector length, at most a block.
    static float sum(float[] x, int xi, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, x, xi + i));
            s1 = s1.add(FloatVector.fromArray(SPECIES, x, xi + i + LENGTH));
            s2 = s2.add(FloatVector.fromArray(SPECIES, x, xi + i + 2 * LENGTH));
            s3 = s3.add(FloatVector.fromArray(SPECIES, x, xi + i + 3 * LENGTH));
        }
        for (; i < n; i += LENGTH) {
            s0 = s0.add(FloatVector.fromArray(SPECIES, x, xi + i));
        }
        return lanes(s0.add(s1).add(s2.add(s3)));
    }

    /// Returns Σ (x − less)², as [#sum].
    static float squares(float[] x, int xi, float less, int n) {
        FloatVector mean = FloatVector.broadcast(SPECIES, less);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, x, xi + i).sub(mean);
            FloatVector d1 = FloatVector.fromArray(SPECIES, x, xi + i + LENGTH).sub(mean);
            FloatVector d2 = FloatVector.fromArray(SPECIES, x, xi + i + 2 * LENGTH).sub(mean);
            FloatVector d3 = FloatVector.fromArray(SPECIES, x, xi + i + 3 * LENGTH).sub(mean);
            s0 = d0.fma(d0, s0);
            s1 = d1.fma(d1, s1);
            s2 = d2.fma(d2, s2);
            s3 = d3.fma(d3, s3);
        }
        for (; i < n; i += LENGTH) {
            FloatVector d = FloatVector.fromArray(SPECIES, x, xi + i).sub(mean);
            s0 = d.fma(d, s0);
        }
        return lanes(s0.add(s1).add(s2.add(s3)));
    }

    /// Returns Σ a · (b − less), as [#sum].
    static float dot(float[] a, int ai, float[] b, int bi, float less, int n) {
        FloatVector mean = FloatVector.broadcast(SPECIES, less);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, b, bi + i).sub(mean);
            FloatVector d1 = FloatVector.fromArray(SPECIES, b, bi + i + LENGTH).sub(mean);
            FloatVector d2 = FloatVector.fromArray(SPECIES, b, bi + i + 2 * LENGTH).sub(mean);
            FloatVector d3 = FloatVector.fromArray(SPECIES, b, bi + i + 3 * LENGTH).sub(mean);
            s0 = d0.fma(FloatVector.fromArray(SPECIES, a, ai + i), s0);
            s1 = d1.fma(FloatVector.fromArray(SPECIES, a, ai + i + LENGTH), s1);
            s2 = d2.fma(FloatVector.fromArray(SPECIES, a, ai + i + 2 * LENGTH), s2);
            s3 = d3.fma(FloatVector.fromArray(SPECIES, a, ai + i + 3 * LENGTH), s3);
        }
        for (; i < n; i += LENGTH) {
            FloatVector d = FloatVector.fromArray(SPECIES, b, bi + i).sub(mean);
            s0 = d.fma(FloatVector.fromArray(SPECIES, a, ai + i), s0);
        }
        return lanes(s0.add(s1).add(s2.add(s3)));
    }

    /// Returns the largest of `n` elements, a multiple of the vector length; NaN if one is NaN.
    static float maximum(float[] x, int xi, int n) {
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * LENGTH; i += 2 * LENGTH) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, x, xi + i));
            m1 = m1.max(FloatVector.fromArray(SPECIES, x, xi + i + LENGTH));
        }
        for (; i < n; i += LENGTH) {
            m0 = m0.max(FloatVector.fromArray(SPECIES, x, xi + i));
        }
        return m0.max(m1).reduceLanes(VectorOperators.MAX);
    }

    /// Returns the smallest of `n` elements, a multiple of the vector length; NaN if one is NaN.
    static float minimum(float[] x, int xi, int n) {
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * LENGTH; i += 2 * LENGTH) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, x, xi + i));
            m1 = m1.min(FloatVector.fromArray(SPECIES, x, xi + i + LENGTH));
        }
        for (; i < n; i += LENGTH) {
            m0 = m0.min(FloatVector.fromArray(SPECIES, x, xi + i));
        }
        return m0.min(m1).reduceLanes(VectorOperators.MIN);
    }
}
