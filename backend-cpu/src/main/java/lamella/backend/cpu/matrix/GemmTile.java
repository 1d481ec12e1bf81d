package lamella.backend.cpu.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of a product of two matrices: 6 rows and 4 vectors, or 2 or 1 at the right edge.
///
/// Why 6 x 2 on machines with 16 registers: a multiply-add takes 4 cycles and two can start in
/// each, so at least 8 sums must be in flight; 12 sums, 2 vectors of b and 1 or 2 broadcast
/// elements of a fill the registers of AVX2, and the 8 loads of a step stay below its 12
/// multiply-adds. With vectors of 512 bits there are 32 registers; 24 sums then halve the loads for
/// each multiply-add, which matters since each such load crosses a line of the cache.
///
/// Why `guard`: it is -1, and `p == guard` never holds. Without these tests the loop body is one
/// basic block, in which C2 hoists all broadcasts to the front, runs out of registers and spills a
/// sum; the store and load of that sum in each step then cap the kernel at 43 % of the peak
/// (measured with 6 x 2 vectors of 256 bits: 50 instead of 113 GFLOP/s). Each test ends the block.
/// It must be a `break`, because then the sums are live behind it, and a parameter, because C2
/// would remove a constant. Nothing else prevents the spill without a flag for the JVM.
///
/// All vectors are local variables of static methods: in fields or arrays C2 would box them.
final class GemmTile {
    private static final VectorSpecies<Float> S = GemmKernelsVector.SPECIES;
    private static final int LANES = S.length();
    private static final int ROWS = GemmKernelsVector.ROWS;
    private static final int NEVER = -1;

    private GemmTile() {}

    /// Computes [GemmKernels#tile].
    static void tile(
            int depth, float[] a, int ai, float[] b, int bi, int step, int columns, float[] c, int ci, int stride) {
        if (columns <= LANES) {
            tile1(depth, a, ai, b, bi, step, NEVER, c, ci, stride);
        } else if (columns <= 2 * LANES) {
            tile2(depth, a, ai, b, bi, step, NEVER, c, ci, stride);
        } else {
            tile4(depth, a, ai, b, bi, step, NEVER, c, ci, stride);
        }
    }

    private static void tile4(
            int depth, float[] a, int ai, float[] b, int bi, int step, int guard, float[] c, int ci, int stride) {
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
            int q = bi + p * step;
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
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + LANES);
        c02.intoArray(c, ci + 2 * LANES);
        c03.intoArray(c, ci + 3 * LANES);
        c10.intoArray(c, ci + stride);
        c11.intoArray(c, ci + stride + LANES);
        c12.intoArray(c, ci + stride + 2 * LANES);
        c13.intoArray(c, ci + stride + 3 * LANES);
        c20.intoArray(c, ci + 2 * stride);
        c21.intoArray(c, ci + 2 * stride + LANES);
        c22.intoArray(c, ci + 2 * stride + 2 * LANES);
        c23.intoArray(c, ci + 2 * stride + 3 * LANES);
        c30.intoArray(c, ci + 3 * stride);
        c31.intoArray(c, ci + 3 * stride + LANES);
        c32.intoArray(c, ci + 3 * stride + 2 * LANES);
        c33.intoArray(c, ci + 3 * stride + 3 * LANES);
        c40.intoArray(c, ci + 4 * stride);
        c41.intoArray(c, ci + 4 * stride + LANES);
        c42.intoArray(c, ci + 4 * stride + 2 * LANES);
        c43.intoArray(c, ci + 4 * stride + 3 * LANES);
        c50.intoArray(c, ci + 5 * stride);
        c51.intoArray(c, ci + 5 * stride + LANES);
        c52.intoArray(c, ci + 5 * stride + 2 * LANES);
        c53.intoArray(c, ci + 5 * stride + 3 * LANES);
    }

    private static void tile2(
            int depth, float[] a, int ai, float[] b, int bi, int step, int guard, float[] c, int ci, int stride) {
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
            int q = bi + p * step;
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
        c00.intoArray(c, ci);
        c01.intoArray(c, ci + LANES);
        c10.intoArray(c, ci + stride);
        c11.intoArray(c, ci + stride + LANES);
        c20.intoArray(c, ci + 2 * stride);
        c21.intoArray(c, ci + 2 * stride + LANES);
        c30.intoArray(c, ci + 3 * stride);
        c31.intoArray(c, ci + 3 * stride + LANES);
        c40.intoArray(c, ci + 4 * stride);
        c41.intoArray(c, ci + 4 * stride + LANES);
        c50.intoArray(c, ci + 5 * stride);
        c51.intoArray(c, ci + 5 * stride + LANES);
    }

    private static void tile1(
            int depth, float[] a, int ai, float[] b, int bi, int step, int guard, float[] c, int ci, int stride) {
        FloatVector c00 = FloatVector.zero(S);
        FloatVector c10 = FloatVector.zero(S);
        FloatVector c20 = FloatVector.zero(S);
        FloatVector c30 = FloatVector.zero(S);
        FloatVector c40 = FloatVector.zero(S);
        FloatVector c50 = FloatVector.zero(S);
        for (int p = 0; p < depth; p++) {
            int q = bi + p * step;
            int r = ai + p * ROWS;
            FloatVector b0 = FloatVector.fromArray(S, b, q);
            FloatVector x0 = FloatVector.broadcast(S, a[r]);
            c00 = x0.fma(b0, c00);
            FloatVector x1 = FloatVector.broadcast(S, a[r + 1]);
            c10 = x1.fma(b0, c10);
            if (p == guard) {
                break;
            }
            FloatVector x2 = FloatVector.broadcast(S, a[r + 2]);
            c20 = x2.fma(b0, c20);
            FloatVector x3 = FloatVector.broadcast(S, a[r + 3]);
            c30 = x3.fma(b0, c30);
            if (p == guard) {
                break;
            }
            FloatVector x4 = FloatVector.broadcast(S, a[r + 4]);
            c40 = x4.fma(b0, c40);
            FloatVector x5 = FloatVector.broadcast(S, a[r + 5]);
            c50 = x5.fma(b0, c50);
        }
        c00.intoArray(c, ci);
        c10.intoArray(c, ci + stride);
        c20.intoArray(c, ci + 2 * stride);
        c30.intoArray(c, ci + 3 * stride);
        c40.intoArray(c, ci + 4 * stride);
        c50.intoArray(c, ci + 5 * stride);
    }
}
