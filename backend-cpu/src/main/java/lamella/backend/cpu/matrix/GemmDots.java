package lamella.backend.cpu.matrix;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Blocks of dot products, 4 x 3 at a time: 12 sums and 4 registers for the factors. The `guard` is
/// that of [GemmTile].
final class GemmDots {
    static final int ROWS = 4;
    static final int COLUMNS = 3;

    private static final VectorSpecies<Float> S = GemmKernelsVector.SPECIES;
    private static final int LANES = S.length();
    private static final int NEVER = -1;

    // Swaps the halves, quarters, ... of a vector: lane i receives lane i ^ distance.
    private static final VectorShuffle<Float> SWAP8 = swap(8);
    private static final VectorShuffle<Float> SWAP4 = swap(4);
    private static final VectorShuffle<Float> SWAP2 = swap(2);
    private static final VectorShuffle<Float> SWAP1 = swap(1);

    private GemmDots() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(S, i -> (i ^ distance) & (LANES - 1));
    }

    /// Computes [GemmKernels#dots].
    static void dots(
            int depth,
            int segments,
            float[] a,
            int ai,
            int aStride,
            int aSegment,
            int rows,
            float[] b,
            int bi,
            int[] offsets,
            int oi,
            int bSegment,
            int columns,
            float[] sums) {
        block(depth, segments, a, ai, aStride, aSegment, rows, b, bi, offsets, oi, bSegment, columns, NEVER, sums);
        if (depth % LANES != 0) {
            rest(depth, a, ai, aStride, rows, b, bi, offsets, oi, columns, sums);
        }
        fold(ROWS * COLUMNS, sums);
    }

    private static void block(
            int depth,
            int segments,
            float[] a,
            int ai,
            int aStride,
            int aSegment,
            int rows,
            float[] b,
            int bi,
            int[] offsets,
            int oi,
            int bSegment,
            int columns,
            int guard,
            float[] sums) {
        int a1 = Math.min(1, rows - 1) * aStride;
        int a2 = Math.min(2, rows - 1) * aStride;
        int a3 = Math.min(3, rows - 1) * aStride;
        int b0 = offsets[oi];
        int b1 = offsets[oi + Math.min(1, columns - 1)];
        int b2 = offsets[oi + Math.min(2, columns - 1)];
        FloatVector s00 = FloatVector.zero(S);
        FloatVector s01 = FloatVector.zero(S);
        FloatVector s02 = FloatVector.zero(S);
        FloatVector s10 = FloatVector.zero(S);
        FloatVector s11 = FloatVector.zero(S);
        FloatVector s12 = FloatVector.zero(S);
        FloatVector s20 = FloatVector.zero(S);
        FloatVector s21 = FloatVector.zero(S);
        FloatVector s22 = FloatVector.zero(S);
        FloatVector s30 = FloatVector.zero(S);
        FloatVector s31 = FloatVector.zero(S);
        FloatVector s32 = FloatVector.zero(S);
        int bound = S.loopBound(depth);
        for (int segment = 0; segment < segments; segment++) {
            int ay = ai + segment * aSegment;
            int by = bi + segment * bSegment;
            for (int p = 0; p < bound; p += LANES) {
                FloatVector y0 = FloatVector.fromArray(S, b, by + b0 + p);
                FloatVector y1 = FloatVector.fromArray(S, b, by + b1 + p);
                FloatVector y2 = FloatVector.fromArray(S, b, by + b2 + p);
                FloatVector x0 = FloatVector.fromArray(S, a, ay + p);
                s00 = x0.fma(y0, s00);
                s01 = x0.fma(y1, s01);
                s02 = x0.fma(y2, s02);
                FloatVector x1 = FloatVector.fromArray(S, a, ay + a1 + p);
                s10 = x1.fma(y0, s10);
                s11 = x1.fma(y1, s11);
                s12 = x1.fma(y2, s12);
                if (p == guard) {
                    break;
                }
                FloatVector x2 = FloatVector.fromArray(S, a, ay + a2 + p);
                s20 = x2.fma(y0, s20);
                s21 = x2.fma(y1, s21);
                s22 = x2.fma(y2, s22);
                FloatVector x3 = FloatVector.fromArray(S, a, ay + a3 + p);
                s30 = x3.fma(y0, s30);
                s31 = x3.fma(y1, s31);
                s32 = x3.fma(y2, s32);
            }
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, LANES);
        s02.intoArray(sums, 2 * LANES);
        s10.intoArray(sums, 3 * LANES);
        s11.intoArray(sums, 4 * LANES);
        s12.intoArray(sums, 5 * LANES);
        s20.intoArray(sums, 6 * LANES);
        s21.intoArray(sums, 7 * LANES);
        s22.intoArray(sums, 8 * LANES);
        s30.intoArray(sums, 9 * LANES);
        s31.intoArray(sums, 10 * LANES);
        s32.intoArray(sums, 11 * LANES);
    }

    /// Adds the products of the last steps, which fill no vector; there is one segment then.
    ///
    /// A method of its own, and a loop: with these masked loads in it [#block] is too large for C1,
    /// which then leaves it in a tier that counts nothing, so that C2 never compiles it.
    private static void rest(
            int depth,
            float[] a,
            int ai,
            int aStride,
            int rows,
            float[] b,
            int bi,
            int[] offsets,
            int oi,
            int columns,
            float[] sums) {
        int bound = S.loopBound(depth);
        VectorMask<Float> mask = S.indexInRange(bound, depth);
        FloatVector y0 = FloatVector.fromArray(S, b, bi + offsets[oi] + bound, mask);
        FloatVector y1 = FloatVector.fromArray(S, b, bi + offsets[oi + Math.min(1, columns - 1)] + bound, mask);
        FloatVector y2 = FloatVector.fromArray(S, b, bi + offsets[oi + Math.min(2, columns - 1)] + bound, mask);
        for (int row = 0; row < ROWS; row++) {
            int at = row * COLUMNS * LANES;
            FloatVector x = FloatVector.fromArray(S, a, ai + Math.min(row, rows - 1) * aStride + bound, mask);
            x.fma(y0, FloatVector.fromArray(S, sums, at)).intoArray(sums, at);
            x.fma(y1, FloatVector.fromArray(S, sums, at + LANES)).intoArray(sums, at + LANES);
            x.fma(y2, FloatVector.fromArray(S, sums, at + 2 * LANES)).intoArray(sums, at + 2 * LANES);
        }
    }

    /// Sums the lanes of each of `count` vectors: `sums[i] = Σ sums[i · LANES + lane]`. The order
    /// is our own, since that of `reduceLanes` differs between the interpreter and C2.
    private static void fold(int count, float[] sums) {
        for (int i = 0; i < count; i++) {
            FloatVector v = FloatVector.fromArray(S, sums, i * LANES);
            if (LANES > 8) {
                v = v.add(v.rearrange(SWAP8));
            }
            if (LANES > 4) {
                v = v.add(v.rearrange(SWAP4));
            }
            if (LANES > 2) {
                v = v.add(v.rearrange(SWAP2));
            }
            sums[i] = v.add(v.rearrange(SWAP1)).lane(0);
        }
    }
}
