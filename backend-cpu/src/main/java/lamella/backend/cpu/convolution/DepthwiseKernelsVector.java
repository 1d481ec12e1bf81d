package lamella.backend.cpu.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops on the Vector API; all vectors are local variables of static methods, since C2 would box them elsewhere.
final class DepthwiseKernelsVector implements DepthwiseKernels {
    /// Rows of images are short, often of 14 or 28 elements: no more than 256 bits.
    private static final VectorSpecies<Float> S =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = S.length();

    private final DepthwiseKernelsPlain plain = new DepthwiseKernelsPlain();

    @Override
    public int lanes() {
        return LANES;
    }

    /// Four rows at once share the weights and have four sums in flight. The last vector of a row overlaps the one
    /// before it instead of reaching beyond the row.
    @Override
    public void correlate(
            int taps,
            float[] weight,
            int wi,
            float bias,
            float[] x,
            int at,
            int[] offsets,
            int oi,
            int stride,
            int rows,
            int columns,
            float[] out,
            int to,
            int outStride) {
        if (columns < LANES) {
            plain.correlate(taps, weight, wi, bias, x, at, offsets, oi, stride, rows, columns, out, to, outStride);
            return;
        }
        int i = 0;
        for (; i + 4 <= rows; i += 4) {
            int from = at + i * stride;
            int row = to + i * outStride;
            for (int c = 0; c < columns; c += LANES) {
                int j = Math.min(c, columns - LANES);
                rows4(taps, weight, wi, bias, x, from + j, offsets, oi, stride, out, row + j, outStride);
            }
        }
        for (; i < rows; i++) {
            int from = at + i * stride;
            int row = to + i * outStride;
            int c = 0;
            for (; c + 4 * LANES <= columns; c += 4 * LANES) {
                rows4(taps, weight, wi, bias, x, from + c, offsets, oi, LANES, out, row + c, LANES);
            }
            for (; c < columns; c += LANES) {
                int j = Math.min(c, columns - LANES);
                row(taps, weight, wi, bias, x, from + j, offsets, oi, out, row + j);
            }
        }
    }

    private static void rows4(
            int taps,
            float[] weight,
            int wi,
            float bias,
            float[] x,
            int at,
            int[] offsets,
            int oi,
            int stride,
            float[] out,
            int to,
            int outStride) {
        FloatVector sum0 = FloatVector.broadcast(S, bias);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        for (int k = 0; k < taps; k++) {
            int i = at + offsets[oi + k];
            FloatVector w = FloatVector.broadcast(S, weight[wi + k]);
            sum0 = w.fma(FloatVector.fromArray(S, x, i), sum0);
            sum1 = w.fma(FloatVector.fromArray(S, x, i + stride), sum1);
            sum2 = w.fma(FloatVector.fromArray(S, x, i + 2 * stride), sum2);
            sum3 = w.fma(FloatVector.fromArray(S, x, i + 3 * stride), sum3);
        }
        sum0.intoArray(out, to);
        sum1.intoArray(out, to + outStride);
        sum2.intoArray(out, to + 2 * outStride);
        sum3.intoArray(out, to + 3 * outStride);
    }

    private static void row(
            int taps,
            float[] weight,
            int wi,
            float bias,
            float[] x,
            int at,
            int[] offsets,
            int oi,
            float[] out,
            int to) {
        FloatVector sum = FloatVector.broadcast(S, bias);
        for (int k = 0; k < taps; k++) {
            FloatVector w = FloatVector.broadcast(S, weight[wi + k]);
            sum = w.fma(FloatVector.fromArray(S, x, at + offsets[oi + k]), sum);
        }
        sum.intoArray(out, to);
    }

    /// Three taps share the loads of g, and two vectors of each make six sums in flight.
    @Override
    public void dots(int tap, float[] x, int at, int[] offsets, float[] g, int gi, int n, float[] sums, int si) {
        dots3(x, at + offsets[tap], at + offsets[tap + 1], at + offsets[tap + 2], g, gi, n, sums, si + tap * LANES);
    }

    private static void dots3(float[] x, int at0, int at1, int at2, float[] g, int gi, int n, float[] sums, int si) {
        FloatVector sum0 = FloatVector.fromArray(S, sums, si);
        FloatVector sum1 = FloatVector.fromArray(S, sums, si + LANES);
        FloatVector sum2 = FloatVector.fromArray(S, sums, si + 2 * LANES);
        FloatVector more0 = FloatVector.zero(S);
        FloatVector more1 = FloatVector.zero(S);
        FloatVector more2 = FloatVector.zero(S);
        for (int j = 0; j < n; j += 2 * LANES) {
            FloatVector g0 = FloatVector.fromArray(S, g, gi + j);
            sum0 = g0.fma(FloatVector.fromArray(S, x, at0 + j), sum0);
            sum1 = g0.fma(FloatVector.fromArray(S, x, at1 + j), sum1);
            sum2 = g0.fma(FloatVector.fromArray(S, x, at2 + j), sum2);
            FloatVector g1 = FloatVector.fromArray(S, g, gi + j + LANES);
            more0 = g1.fma(FloatVector.fromArray(S, x, at0 + j + LANES), more0);
            more1 = g1.fma(FloatVector.fromArray(S, x, at1 + j + LANES), more1);
            more2 = g1.fma(FloatVector.fromArray(S, x, at2 + j + LANES), more2);
        }
        sum0.add(more0).intoArray(sums, si);
        sum1.add(more1).intoArray(sums, si + LANES);
        sum2.add(more2).intoArray(sums, si + 2 * LANES);
    }
}
