package lamella.backend.cpu.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Blocks of 6 x 2 dot products that go on summing where they stopped: each sum is a vector, whose
/// elements are added only in the end.
///
/// 6 output channels and 2 taps: 12 sums, 8 loads for 12 products, and no register is left for more.
/// The `guard` is that of the matrix kernels' tile.
final class RunningDots {
    static final int ROWS = 6;
    static final int COLUMNS = 2;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    static final int LANES = 8;

    /// Elements of the sums of a block.
    static final int SIZE = ROWS * COLUMNS * LANES;

    private static final int NEVER = -1;

    private RunningDots() {}

    /// Adds `a[ai + i·stride + p] · b[bj + p]`, p < depth, where b0 and b1 are the two bj, to element p mod
    /// LANES of sum (i, j), which begins at `si + (i · COLUMNS + j) · LANES`. In the rows from `rows` on a is
    /// that of the last wanted one.
    ///
    /// @param depth a multiple of LANES
    static void add(
            int depth, float[] a, int ai, int stride, int rows, float[] b, int b0, int b1, float[] sums, int si) {
        add(depth, a, ai, stride, rows, b, b0, b1, NEVER, sums, si);
    }

    private static void add(
            int depth,
            float[] a,
            int ai,
            int stride,
            int rows,
            float[] b,
            int b0,
            int b1,
            int guard,
            float[] sums,
            int si) {
        int r1 = ai + Math.min(1, rows - 1) * stride;
        int r2 = ai + Math.min(2, rows - 1) * stride;
        int r3 = ai + Math.min(3, rows - 1) * stride;
        int r4 = ai + Math.min(4, rows - 1) * stride;
        int r5 = ai + Math.min(5, rows - 1) * stride;
        FloatVector s00 = FloatVector.fromArray(S, sums, si);
        FloatVector s01 = FloatVector.fromArray(S, sums, si + LANES);
        FloatVector s10 = FloatVector.fromArray(S, sums, si + 2 * LANES);
        FloatVector s11 = FloatVector.fromArray(S, sums, si + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(S, sums, si + 4 * LANES);
        FloatVector s21 = FloatVector.fromArray(S, sums, si + 5 * LANES);
        FloatVector s30 = FloatVector.fromArray(S, sums, si + 6 * LANES);
        FloatVector s31 = FloatVector.fromArray(S, sums, si + 7 * LANES);
        FloatVector s40 = FloatVector.fromArray(S, sums, si + 8 * LANES);
        FloatVector s41 = FloatVector.fromArray(S, sums, si + 9 * LANES);
        FloatVector s50 = FloatVector.fromArray(S, sums, si + 10 * LANES);
        FloatVector s51 = FloatVector.fromArray(S, sums, si + 11 * LANES);
        for (int p = 0; p < depth; p += LANES) {
            FloatVector y0 = FloatVector.fromArray(S, b, b0 + p);
            FloatVector y1 = FloatVector.fromArray(S, b, b1 + p);
            FloatVector x0 = FloatVector.fromArray(S, a, ai + p);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            FloatVector x1 = FloatVector.fromArray(S, a, r1 + p);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.fromArray(S, a, r2 + p);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            FloatVector x3 = FloatVector.fromArray(S, a, r3 + p);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.fromArray(S, a, r4 + p);
            s40 = x4.fma(y0, s40);
            s41 = x4.fma(y1, s41);
            FloatVector x5 = FloatVector.fromArray(S, a, r5 + p);
            s50 = x5.fma(y0, s50);
            s51 = x5.fma(y1, s51);
        }
        s00.intoArray(sums, si);
        s01.intoArray(sums, si + LANES);
        s10.intoArray(sums, si + 2 * LANES);
        s11.intoArray(sums, si + 3 * LANES);
        s20.intoArray(sums, si + 4 * LANES);
        s21.intoArray(sums, si + 5 * LANES);
        s30.intoArray(sums, si + 6 * LANES);
        s31.intoArray(sums, si + 7 * LANES);
        s40.intoArray(sums, si + 8 * LANES);
        s41.intoArray(sums, si + 9 * LANES);
        s50.intoArray(sums, si + 10 * LANES);
        s51.intoArray(sums, si + 11 * LANES);
    }

    /// Returns the sum of the elements of a sum, in a fixed order.
    static float total(float[] sums, int at) {
        float low = (sums[at] + sums[at + 4]) + (sums[at + 2] + sums[at + 6]);
        float high = (sums[at + 1] + sums[at + 5]) + (sums[at + 3] + sums[at + 7]);
        return low + high;
    }
}
