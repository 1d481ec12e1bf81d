package lamella.backend.cpu.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Whole tiles of a product whose right factor is packed and whose left one is read in place; for why
/// they are apart from [GemmOuter], and for `before`, see [GemmPanelTile].
///
/// The six places of a step of a take as many registers, which leaves the loop 2 % slower than with a
/// packed (94 instead of 96 GFLOP/s).
final class GemmPanelOuter {
    private static final VectorSpecies<Float> S = GemmKernelsVector.SPECIES;
    private static final int LANES = S.length();
    private static final int NEVER = -1;

    private GemmPanelOuter() {}

    /// Computes [GemmKernels#panelInPlace].
    static void panel(
            int depth,
            float[] a,
            int ai,
            int[] offsets,
            int oi,
            float[] b,
            int bi,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        if (GemmKernelsVector.COLUMNS == 2 * LANES) {
            outer2(depth, a, ai, offsets, oi, b, bi, NEVER, before, at, step, c, ci, stride);
        } else {
            outer4(depth, a, ai, offsets, oi, b, bi, NEVER, before, at, step, c, ci, stride);
        }
    }

    private static void outer4(
            int depth,
            float[] a,
            int ai,
            int[] offsets,
            int oi,
            float[] b,
            int bi,
            int guard,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        int r0 = ai + offsets[oi];
        int r1 = ai + offsets[oi + 1];
        int r2 = ai + offsets[oi + 2];
        int r3 = ai + offsets[oi + 3];
        int r4 = ai + offsets[oi + 4];
        int r5 = ai + offsets[oi + 5];
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c02 = FloatVector.zero(S);
        FloatVector c03 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c12 = FloatVector.zero(S);
        FloatVector c13 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c22 = FloatVector.zero(S);
        FloatVector c23 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c32 = FloatVector.zero(S);
        FloatVector c33 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c42 = FloatVector.zero(S);
        FloatVector c43 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        FloatVector c52 = FloatVector.zero(S);
        FloatVector c53 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * 4 * LANES;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, q + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, q + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(S, a[r0 + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[r1 + p]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r2 + p]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(S, a[r3 + p]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r4 + p]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = FloatVector.broadcast(S, a[r5 + p]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
        }
        c00.add(FloatVector.fromArray(S, before, at)).intoArray(c, ci);
        c01.add(FloatVector.fromArray(S, before, at + LANES)).intoArray(c, ci + LANES);
        c02.add(FloatVector.fromArray(S, before, at + 2 * LANES)).intoArray(c, ci + 2 * LANES);
        c03.add(FloatVector.fromArray(S, before, at + 3 * LANES)).intoArray(c, ci + 3 * LANES);
        c10.add(FloatVector.fromArray(S, before, at + step)).intoArray(c, ci + stride);
        c11.add(FloatVector.fromArray(S, before, at + step + LANES)).intoArray(c, ci + stride + LANES);
        c12.add(FloatVector.fromArray(S, before, at + step + 2 * LANES)).intoArray(c, ci + stride + 2 * LANES);
        c13.add(FloatVector.fromArray(S, before, at + step + 3 * LANES)).intoArray(c, ci + stride + 3 * LANES);
        c20.add(FloatVector.fromArray(S, before, at + 2 * step)).intoArray(c, ci + 2 * stride);
        c21.add(FloatVector.fromArray(S, before, at + 2 * step + LANES)).intoArray(c, ci + 2 * stride + LANES);
        c22.add(FloatVector.fromArray(S, before, at + 2 * step + 2 * LANES)).intoArray(c, ci + 2 * stride + 2 * LANES);
        c23.add(FloatVector.fromArray(S, before, at + 2 * step + 3 * LANES)).intoArray(c, ci + 2 * stride + 3 * LANES);
        c30.add(FloatVector.fromArray(S, before, at + 3 * step)).intoArray(c, ci + 3 * stride);
        c31.add(FloatVector.fromArray(S, before, at + 3 * step + LANES)).intoArray(c, ci + 3 * stride + LANES);
        c32.add(FloatVector.fromArray(S, before, at + 3 * step + 2 * LANES)).intoArray(c, ci + 3 * stride + 2 * LANES);
        c33.add(FloatVector.fromArray(S, before, at + 3 * step + 3 * LANES)).intoArray(c, ci + 3 * stride + 3 * LANES);
        c40.add(FloatVector.fromArray(S, before, at + 4 * step)).intoArray(c, ci + 4 * stride);
        c41.add(FloatVector.fromArray(S, before, at + 4 * step + LANES)).intoArray(c, ci + 4 * stride + LANES);
        c42.add(FloatVector.fromArray(S, before, at + 4 * step + 2 * LANES)).intoArray(c, ci + 4 * stride + 2 * LANES);
        c43.add(FloatVector.fromArray(S, before, at + 4 * step + 3 * LANES)).intoArray(c, ci + 4 * stride + 3 * LANES);
        c50.add(FloatVector.fromArray(S, before, at + 5 * step)).intoArray(c, ci + 5 * stride);
        c51.add(FloatVector.fromArray(S, before, at + 5 * step + LANES)).intoArray(c, ci + 5 * stride + LANES);
        c52.add(FloatVector.fromArray(S, before, at + 5 * step + 2 * LANES)).intoArray(c, ci + 5 * stride + 2 * LANES);
        c53.add(FloatVector.fromArray(S, before, at + 5 * step + 3 * LANES)).intoArray(c, ci + 5 * stride + 3 * LANES);
    }

    private static void outer2(
            int depth,
            float[] a,
            int ai,
            int[] offsets,
            int oi,
            float[] b,
            int bi,
            int guard,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        int r0 = ai + offsets[oi];
        int r1 = ai + offsets[oi + 1];
        int r2 = ai + offsets[oi + 2];
        int r3 = ai + offsets[oi + 3];
        int r4 = ai + offsets[oi + 4];
        int r5 = ai + offsets[oi + 5];
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c01 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c11 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c21 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c31 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c41 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        FloatVector c51 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * 2 * LANES;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
            FloatVector x0 = FloatVector.broadcast(S, a[r0 + p]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r1 + p]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r2 + p]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r3 + p]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r4 + p]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r5 + p]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        c00.add(FloatVector.fromArray(S, before, at)).intoArray(c, ci);
        c01.add(FloatVector.fromArray(S, before, at + LANES)).intoArray(c, ci + LANES);
        c10.add(FloatVector.fromArray(S, before, at + step)).intoArray(c, ci + stride);
        c11.add(FloatVector.fromArray(S, before, at + step + LANES)).intoArray(c, ci + stride + LANES);
        c20.add(FloatVector.fromArray(S, before, at + 2 * step)).intoArray(c, ci + 2 * stride);
        c21.add(FloatVector.fromArray(S, before, at + 2 * step + LANES)).intoArray(c, ci + 2 * stride + LANES);
        c30.add(FloatVector.fromArray(S, before, at + 3 * step)).intoArray(c, ci + 3 * stride);
        c31.add(FloatVector.fromArray(S, before, at + 3 * step + LANES)).intoArray(c, ci + 3 * stride + LANES);
        c40.add(FloatVector.fromArray(S, before, at + 4 * step)).intoArray(c, ci + 4 * stride);
        c41.add(FloatVector.fromArray(S, before, at + 4 * step + LANES)).intoArray(c, ci + 4 * stride + LANES);
        c50.add(FloatVector.fromArray(S, before, at + 5 * step)).intoArray(c, ci + 5 * stride);
        c51.add(FloatVector.fromArray(S, before, at + 5 * step + LANES)).intoArray(c, ci + 5 * stride + LANES);
    }
}
