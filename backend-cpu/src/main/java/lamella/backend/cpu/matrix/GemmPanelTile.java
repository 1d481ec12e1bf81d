package lamella.backend.cpu.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Whole tiles of a product whose factors are both packed; the shape of the tiles and the `guard` are
/// those of [GemmTile].
///
/// Why not [GemmTile]: there the distance from one step of b to the next is a parameter. Here it is a
/// constant, so that C2 sees where the loop ends and tests the bounds of b once, in front of it. The
/// tests and the multiplication of each step take the loop from about 28 instructions to 40, more than
/// the 36 that a Zen 3 core takes in during the 6 cycles of 12 multiply-adds: 97 instead of 86
/// GFLOP/s, where 98 is the most the core can do (6 x 2 vectors of 256 bits, factors in the caches).
/// Taking two or four steps in one pass of the loop makes C2 spill again (91, 46).
///
/// Why `before`: what a tile is added to is read behind the loop, once, straight into the sum. To
/// write the tile apart and then to add it costs 15 % with a depth of 256. Where there is nothing to
/// add, `before` is a row of zeros and `step` is 0: a second loop without the addition would be no
/// faster, and a test of whether to add brings back the spill (39).
final class GemmPanelTile {
    private static final VectorSpecies<Float> S = GemmKernelsVector.SPECIES;
    private static final int LANES = S.length();
    private static final int ROWS = GemmKernelsVector.ROWS;
    private static final int NEVER = -1;

    private GemmPanelTile() {}

    /// Computes [GemmKernels#panel].
    static void panel(
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
        if (GemmKernelsVector.COLUMNS == 2 * LANES) {
            tile2(depth, a, ai, b, bi, NEVER, before, at, step, c, ci, stride);
        } else {
            tile4(depth, a, ai, b, bi, NEVER, before, at, step, c, ci, stride);
        }
    }

    private static void tile4(
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            int guard,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
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
            int r = ai + p * ROWS;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
            FloatVector b2 = FloatVector.fromArray(S, b, q + 2 * LANES);
            FloatVector b3 = FloatVector.fromArray(S, b, q + 3 * LANES);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
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

    private static void tile2(
            int depth,
            float[] a,
            int ai,
            float[] b,
            int bi,
            int guard,
            float[] before,
            int at,
            int step,
            float[] c,
            int ci,
            int stride) {
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
            int r = ai + p * ROWS;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
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
