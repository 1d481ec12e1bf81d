package lamella.backend.cpu.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of 6 x 16 sums whose left factor is read in place: one table says where its rows begin,
/// another where the steps of the reduction lie from there. The positions of an image and the taps of a
/// kernel are such tables, either way round.
///
/// The shape of the tile and the `guard` are those of the matrix kernels' tile, but the vectors are of
/// 256 bits on every machine: 16 output channels are common in small nets, 64 are not.
///
/// The table of steps costs its load and six bounds checks, a fifth of the speed; two loops, one for the
/// rows of the image and one within a row, cost more than half: C2 then keeps sums in memory.
final class PatchTile {
    static final int ROWS = 6;
    static final int COLUMNS = 16;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    private static final int LANES = 8;
    private static final int NEVER = -1;

    private PatchTile() {}

    /// `c[ci + i·COLUMNS + j] += Σ a[ai + rows[ri + i] + steps[p]] · b[bi + p·COLUMNS + j]`, p < depth, for
    /// all rows of a tile. From `height` on the rows of the left factor are the last wanted one.
    static void add(
            int depth,
            float[] a,
            int ai,
            int[] rows,
            int ri,
            int height,
            int[] steps,
            float[] b,
            int bi,
            float[] c,
            int ci) {
        add(depth, a, ai, rows, ri, height, steps, b, bi, NEVER, c, ci);
    }

    private static void add(
            int depth,
            float[] a,
            int ai,
            int[] rows,
            int ri,
            int height,
            int[] steps,
            float[] b,
            int bi,
            int guard,
            float[] c,
            int ci) {
        int r0 = ai + rows[ri];
        int r1 = ai + rows[ri + Math.min(1, height - 1)];
        int r2 = ai + rows[ri + Math.min(2, height - 1)];
        int r3 = ai + rows[ri + Math.min(3, height - 1)];
        int r4 = ai + rows[ri + Math.min(4, height - 1)];
        int r5 = ai + rows[ri + Math.min(5, height - 1)];
        FloatVector c00 = FloatVector.fromArray(S, c, ci);
        FloatVector c01 = FloatVector.fromArray(S, c, ci + LANES);
        FloatVector c10 = FloatVector.fromArray(S, c, ci + COLUMNS);
        FloatVector c11 = FloatVector.fromArray(S, c, ci + COLUMNS + LANES);
        FloatVector c20 = FloatVector.fromArray(S, c, ci + 2 * COLUMNS);
        FloatVector c21 = FloatVector.fromArray(S, c, ci + 2 * COLUMNS + LANES);
        FloatVector c30 = FloatVector.fromArray(S, c, ci + 3 * COLUMNS);
        FloatVector c31 = FloatVector.fromArray(S, c, ci + 3 * COLUMNS + LANES);
        FloatVector c40 = FloatVector.fromArray(S, c, ci + 4 * COLUMNS);
        FloatVector c41 = FloatVector.fromArray(S, c, ci + 4 * COLUMNS + LANES);
        FloatVector c50 = FloatVector.fromArray(S, c, ci + 5 * COLUMNS);
        FloatVector c51 = FloatVector.fromArray(S, c, ci + 5 * COLUMNS + LANES);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * COLUMNS;
            int step = steps[p];
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector b1 = FloatVector.fromArray(S, b, q + LANES);
            FloatVector x0 = FloatVector.broadcast(S, a[r0 + step]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[r1 + step]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r2 + step]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[r3 + step]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r4 + step]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[r5 + step]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
        }
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + LANES);
        c10.intoArray(c, ci + COLUMNS);
        c11.intoArray(c, ci + COLUMNS + LANES);
        c20.intoArray(c, ci + 2 * COLUMNS);
        c21.intoArray(c, ci + 2 * COLUMNS + LANES);
        c30.intoArray(c, ci + 3 * COLUMNS);
        c31.intoArray(c, ci + 3 * COLUMNS + LANES);
        c40.intoArray(c, ci + 4 * COLUMNS);
        c41.intoArray(c, ci + 4 * COLUMNS + LANES);
        c50.intoArray(c, ci + 5 * COLUMNS);
        c51.intoArray(c, ci + 5 * COLUMNS + LANES);
    }
}
