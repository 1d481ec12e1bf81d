package lamella.backend.cpu.vector;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

/// The inner loops without the Vector API: for the class path without the incubator module, and for
/// the tails of the vector loops.
final class PlainPrimitives implements Primitives {
    @Override
    public void unary(Unary op, float alpha, float[] x, int xi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = ScalarFunctions.unary(op, alpha, x[xi + i]);
        }
    }

    @Override
    public void unaryGradient(
            Unary op,
            float alpha,
            float[] x,
            int xi,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int oi,
            int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = ScalarFunctions.unaryGradient(op, alpha, x[xi + i], y[yi + i], g[gi + i]);
        }
    }

    @Override
    public void binary(Binary op, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = ScalarFunctions.binary(op, a[ai + i], b[bi + i]);
        }
    }

    @Override
    public void binaryRight(Binary op, float[] a, int ai, float b, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = ScalarFunctions.binary(op, a[ai + i], b);
        }
    }

    @Override
    public void binaryLeft(Binary op, float a, float[] b, int bi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = ScalarFunctions.binary(op, a, b[bi + i]);
        }
    }

    @Override
    public void select(float[] condition, int ci, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = condition[ci + i] != 0f ? a[ai + i] : b[bi + i];
        }
    }

    @Override
    public void normalize(float[] x, int xi, float less, float factor, float more, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = Math.fma(x[xi + i] - less, factor, more);
        }
    }

    @Override
    public void combine(
            float[] a, int ai, float factor, float[] b, int bi, float other, float more, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            out[oi + i] = Math.fma(a[ai + i], factor, Math.fma(b[bi + i], other, more));
        }
    }

    @Override
    public double sum(float[] x, int xi, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xi + i];
        }
        return sum;
    }

    @Override
    public double squares(float[] x, int xi, float less, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double d = x[xi + i] - less;
            sum += d * d;
        }
        return sum;
    }

    @Override
    public double dot(float[] a, int ai, float[] b, int bi, float less, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[ai + i] * (b[bi + i] - less);
        }
        return sum;
    }

    @Override
    public float maximum(float[] x, int xi, int n) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            most = Math.max(most, x[xi + i]);
        }
        return most;
    }

    @Override
    public float minimum(float[] x, int xi, int n) {
        float least = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            least = Math.min(least, x[xi + i]);
        }
        return least;
    }

    @Override
    public void maximum2x2(float[] x, int top, int bottom, float[] out, int oi, int n) {
        for (int i = 0; i < n; i++) {
            int a = top + 2 * i;
            int b = bottom + 2 * i;
            out[oi + i] = Math.max(Math.max(x[a], x[a + 1]), Math.max(x[b], x[b + 1]));
        }
    }

    @Override
    public void maximum2x2Gradient(
            float[] x,
            int top,
            int bottom,
            float[] y,
            int yi,
            float[] g,
            int gi,
            float[] out,
            int outTop,
            int outBottom,
            int n) {
        for (int i = 0; i < n; i++) {
            int a = top + 2 * i;
            int b = bottom + 2 * i;
            float most = y[yi + i];
            // The largest is at the first of the four places that matches; the last needs no test.
            int place = matches(x[a], most) ? 0 : matches(x[a + 1], most) ? 1 : matches(x[b], most) ? 2 : 3;
            float gradient = g[gi + i];
            out[outTop + 2 * i] = place == 0 ? gradient : 0f;
            out[outTop + 2 * i + 1] = place == 1 ? gradient : 0f;
            out[outBottom + 2 * i] = place == 2 ? gradient : 0f;
            out[outBottom + 2 * i + 1] = place == 3 ? gradient : 0f;
        }
    }

    private static boolean matches(float x, float most) {
        return x == most || x != x;
    }
}
