package lamella.backend.cpu.vector;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

/// The inner loops of the kernels, over ranges of arrays: `n` elements of `x` from `x[xi]` on.
///
/// A result element depends on its operands alone, not on its place in the range; sums depend on
/// the range alone. `out` may be an operand if the ranges are the same.
public interface Primitives {
    /// Returns those on the Vector API, or those in plain loops.
    static Primitives of(boolean vectors) {
        var plain = new PlainPrimitives();
        return vectors ? new VectorPrimitives(plain) : plain;
    }

    /// out = op(x).
    void unary(Unary op, float alpha, float[] x, int xi, float[] out, int oi, int n);

    /// out = g · op′(x), where y = op(x).
    void unaryGradient(
            Unary op, float alpha, float[] x, int xi, float[] y, int yi, float[] g, int gi, float[] out, int oi, int n);

    /// out = op(a, b).
    void binary(Binary op, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n);

    /// out = op(a, b) for one b.
    void binaryRight(Binary op, float[] a, int ai, float b, float[] out, int oi, int n);

    /// out = op(a, b) for one a.
    void binaryLeft(Binary op, float a, float[] b, int bi, float[] out, int oi, int n);

    /// out = condition ≠ 0 ? a : b.
    void select(float[] condition, int ci, float[] a, int ai, float[] b, int bi, float[] out, int oi, int n);

    /// out = (x − less) · factor + more.
    void normalize(float[] x, int xi, float less, float factor, float more, float[] out, int oi, int n);

    /// out = a · factor + b · other + more.
    void combine(
            float[] a, int ai, float factor, float[] b, int bi, float other, float more, float[] out, int oi, int n);

    /// Returns Σ x.
    double sum(float[] x, int xi, int n);

    /// Returns Σ (x − less)².
    double squares(float[] x, int xi, float less, int n);

    /// Returns Σ a · (b − less).
    double dot(float[] a, int ai, float[] b, int bi, float less, int n);

    /// Returns the largest element; −∞ of none; NaN if one is NaN.
    float maximum(float[] x, int xi, int n);

    /// Returns the smallest element; +∞ of none; NaN if one is NaN.
    float minimum(float[] x, int xi, int n);

    /// out = the largest of each 2 x 2 window over two rows of x, which begin at `top` and `bottom`
    /// and have `2n` columns.
    void maximum2x2(float[] x, int top, int bottom, float[] out, int oi, int n);

    /// The gradient of [#maximum2x2]: sends each g to the first largest element of its window.
    ///
    /// @param out gets two rows, at `outTop` and `outBottom`
    void maximum2x2Gradient(
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
            int n);
}
