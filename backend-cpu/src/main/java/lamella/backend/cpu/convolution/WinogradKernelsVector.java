package lamella.backend.cpu.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The transforms on the Vector API.
///
/// A transform of 6 x 6 vectors does not fit the registers: it is made in two steps of 6 vectors each, with a workspace
/// between them that never leaves the first-level cache. All vectors are local variables of static methods, since C2
/// would box them elsewhere.
final class WinogradKernelsVector implements WinogradKernels {
    /// The widest species, but no more than 512 bits: that of the products.
    private static final VectorSpecies<Float> S =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    private static final int LANES = S.length();

    @Override
    public void inputs(float[] x, int at, int stride, int n, float[] to, int toAt, int toStride, float[] workspace) {
        for (int j = 0; j < n; j += LANES) {
            for (int v = 0; v < WinogradSizes.PATCH; v++) {
                input(x, at + v * stride + j, 6 * stride, workspace, v * LANES, 6 * LANES);
            }
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                input(workspace, 6 * u * LANES, LANES, to, toAt + 6 * u * toStride + j, toStride);
            }
        }
    }

    private static void input(float[] x, int p, int stride, float[] to, int q, int toStride) {
        FloatVector x1 = FloatVector.fromArray(S, x, p + stride);
        FloatVector x2 = FloatVector.fromArray(S, x, p + 2 * stride);
        FloatVector x3 = FloatVector.fromArray(S, x, p + 3 * stride);
        FloatVector x4 = FloatVector.fromArray(S, x, p + 4 * stride);
        FloatVector last = FloatVector.broadcast(S, -2.5f);
        FloatVector x0 = FloatVector.fromArray(S, x, p);
        x2.fma(last, x0.add(x4)).intoArray(to, q);
        FloatVector x5 = FloatVector.fromArray(S, x, p + 5 * stride);
        x3.fma(last, x1.add(x5)).intoArray(to, q + 5 * toStride);
        FloatVector less = FloatVector.broadcast(S, -2f);
        FloatVector even = x2.fma(less, x4);
        FloatVector odd = x1.fma(less, x3).mul(A);
        even.add(odd).intoArray(to, q + toStride);
        even.sub(odd).intoArray(to, q + 2 * toStride);
        less = FloatVector.broadcast(S, -0.5f);
        even = x2.fma(less, x4);
        odd = x1.fma(less, x3).mul(B);
        even.add(odd).intoArray(to, q + 3 * toStride);
        even.sub(odd).intoArray(to, q + 4 * toStride);
    }

    @Override
    public void filters(float[] x, int stride, int n, float[] to, int toAt, int toStride) {
        for (int j = 0; j < n; j += LANES) {
            // G g: the three columns of g make three columns of points, in the places of the columns 0, 1 and 2.
            for (int v = 0; v < 3; v++) {
                filter(x, v * stride + j, 3 * stride, to, toAt + v * toStride + j, 6 * toStride);
            }
            // (G g) Gᵀ: each row is read before it is overwritten.
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                int row = toAt + 6 * u * toStride + j;
                filter(to, row, toStride, to, row, toStride);
            }
        }
    }

    private static void filter(float[] x, int p, int stride, float[] to, int q, int toStride) {
        FloatVector x0 = FloatVector.fromArray(S, x, p);
        FloatVector x1 = FloatVector.fromArray(S, x, p + stride);
        FloatVector x2 = FloatVector.fromArray(S, x, p + 2 * stride);
        x0.intoArray(to, q);
        x2.intoArray(to, q + 5 * toStride);
        FloatVector even = x2.fma(FloatVector.broadcast(S, 0.5f), x0).mul(-2 / 3f);
        FloatVector odd = x1.mul(-2 / 3f * A);
        even.add(odd).intoArray(to, q + toStride);
        even.sub(odd).intoArray(to, q + 2 * toStride);
        even = x2.fma(FloatVector.broadcast(S, 2f), x0).mul(1 / 6f);
        odd = x1.mul(1 / 6f * B);
        even.add(odd).intoArray(to, q + 3 * toStride);
        even.sub(odd).intoArray(to, q + 4 * toStride);
    }

    @Override
    public void outputs(float[] x, int at, int stride, int n, float bias, float[] to, int toStride, float[] workspace) {
        for (int j = 0; j < n; j += LANES) {
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                output(x, at + 6 * u * stride + j, stride, 0f, workspace, 4 * u * LANES, LANES);
            }
            for (int v = 0; v < WinogradSizes.TILE; v++) {
                output(workspace, v * LANES, 4 * LANES, bias, to, v * toStride + j, 4 * toStride);
            }
        }
    }

    private static void output(float[] x, int p, int stride, float bias, float[] to, int q, int toStride) {
        FloatVector x1 = FloatVector.fromArray(S, x, p + stride);
        FloatVector x2 = FloatVector.fromArray(S, x, p + 2 * stride);
        FloatVector evenA = x1.add(x2);
        FloatVector oddA = x1.sub(x2).mul(A);
        FloatVector x3 = FloatVector.fromArray(S, x, p + 3 * stride);
        FloatVector x4 = FloatVector.fromArray(S, x, p + 4 * stride);
        FloatVector evenB = x3.add(x4);
        FloatVector oddB = x3.sub(x4).mul(B);
        FloatVector more = FloatVector.broadcast(S, bias);
        FloatVector x0 = FloatVector.fromArray(S, x, p);
        evenA.add(evenB).add(x0.add(more)).intoArray(to, q);
        oddA.add(oddB).add(more).intoArray(to, q + toStride);
        FloatVector half = FloatVector.broadcast(S, 0.5f);
        FloatVector two = FloatVector.broadcast(S, 2f);
        evenA.fma(half, evenB.fma(two, more)).intoArray(to, q + 2 * toStride);
        FloatVector x5 = FloatVector.fromArray(S, x, p + 5 * stride);
        oddA.fma(half, oddB.fma(two, x5.add(more))).intoArray(to, q + 3 * toStride);
    }

    @Override
    public void tiles(float[] x, int stride, int n, float[] to, int toAt, int toStride, float[] workspace) {
        for (int j = 0; j < n; j += LANES) {
            for (int v = 0; v < WinogradSizes.TILE; v++) {
                tile(x, v * stride + j, 4 * stride, workspace, v * LANES, 4 * LANES);
            }
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                tile(workspace, 4 * u * LANES, LANES, to, toAt + 6 * u * toStride + j, toStride);
            }
        }
    }

    private static void tile(float[] x, int p, int stride, float[] to, int q, int toStride) {
        FloatVector x0 = FloatVector.fromArray(S, x, p);
        FloatVector x1 = FloatVector.fromArray(S, x, p + stride);
        FloatVector x2 = FloatVector.fromArray(S, x, p + 2 * stride);
        FloatVector x3 = FloatVector.fromArray(S, x, p + 3 * stride);
        x0.intoArray(to, q);
        x3.intoArray(to, q + 5 * toStride);
        FloatVector more = FloatVector.broadcast(S, 0.5f);
        FloatVector even = x2.fma(more, x0);
        FloatVector odd = x3.fma(more, x1).mul(A);
        even.add(odd).intoArray(to, q + toStride);
        even.sub(odd).intoArray(to, q + 2 * toStride);
        more = FloatVector.broadcast(S, 2f);
        even = x2.fma(more, x0);
        odd = x3.fma(more, x1).mul(B);
        even.add(odd).intoArray(to, q + 3 * toStride);
        even.sub(odd).intoArray(to, q + 4 * toStride);
    }

    @Override
    public void weights(float[] x, int at, int stride, int n, float[] to, int toStride, float[] workspace) {
        for (int j = 0; j < n; j += LANES) {
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                weight(x, at + 6 * u * stride + j, stride, workspace, 3 * u * LANES, LANES);
            }
            for (int v = 0; v < 3; v++) {
                weight(workspace, v * LANES, 3 * LANES, to, v * toStride + j, 3 * toStride);
            }
        }
    }

    private static void weight(float[] x, int p, int stride, float[] to, int q, int toStride) {
        FloatVector x1 = FloatVector.fromArray(S, x, p + stride);
        FloatVector x2 = FloatVector.fromArray(S, x, p + 2 * stride);
        FloatVector evenA = x1.add(x2).mul(-2 / 3f);
        FloatVector oddA = x1.sub(x2).mul(-2 / 3f * A);
        FloatVector x3 = FloatVector.fromArray(S, x, p + 3 * stride);
        FloatVector x4 = FloatVector.fromArray(S, x, p + 4 * stride);
        FloatVector evenB = x3.add(x4).mul(1 / 6f);
        FloatVector oddB = x3.sub(x4).mul(1 / 6f * B);
        FloatVector.fromArray(S, x, p).add(evenA.add(evenB)).intoArray(to, q);
        oddA.add(oddB).intoArray(to, q + toStride);
        FloatVector half = FloatVector.broadcast(S, 0.5f);
        FloatVector two = FloatVector.broadcast(S, 2f);
        FloatVector x5 = FloatVector.fromArray(S, x, p + 5 * stride);
        evenA.fma(half, evenB.fma(two, x5)).intoArray(to, q + 2 * toStride);
    }
}
