package lamella.backend.cpu.convolution;

/// The transforms of Winograd's method F(4 x 4, 3 x 3): Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", CVPR 2016, section 4.3.
///
/// With a filter g, a patch d of the input and a tile y of the output, `y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A`: 36 products
/// instead of 144, and sums over channels may be taken before the outer transform. The gradient of the filter is the
/// adjoint, `Gᵀ [(A y Aᵀ) ⊙ (Bᵀ d B)] G`, summed over tiles before the outer transform.
///
/// The matrices interpolate polynomials at 0, ±a, ±b and ∞. The paper takes a = 1, b = 2; here a = √½, b = √2, with
/// which the largest error is four times smaller (5 to 9 instead of 23 to 39 roundings of the sum of absolute terms for
/// 16 to 256 channels, where a direct sum has 4), because powers of them differ less. Since a² b² = 1:
///
/// ```
/// Bᵀ = 1  0  -5/2  0   1 0   G =  1            0          0    Aᵀ = 1 1    1    1    1    0
///      0 -2a -2    a   1 0       -2/3         -2/3 a     -1/3       0 a   -a    b   -b    0
///      0  2a -2   -a   1 0       -2/3          2/3 a     -1/3       0 1/2  1/2  2    2    0
///      0 -b/2 -1/2 b   1 0        1/6          1/6 b      1/3       0 a/2 -a/2  2b  -2b   1
///      0  b/2 -1/2 -b  1 0        1/6         -1/6 b      1/3
///      0  1   0   -5/2 0 1        0            0          1
/// ```
///
/// All loops run along many tiles (or filters) side by side, one of each in a lane. Point f = 6 u + v of a transform is
/// row u and column v.
interface WinogradKernels {
    /// The smaller point of interpolation.
    float A = 0.70710678f;

    /// The larger point of interpolation.
    float B = 1.41421356f;

    /// Elements of a workspace: a vector of at most 16 lanes for each point.
    int WORKSPACE = 36 * 16;

    /// Returns the transforms on the Vector API, or those in plain loops.
    static WinogradKernels of(boolean vectors) {
        return vectors ? new WinogradKernelsVector() : new WinogradKernelsPlain();
    }

    /// `to[toAt + f·toStride + q] = (Bᵀ d B)[f]`, where `d[f] = x[at + f·stride + q]`, q < n.
    ///
    /// @param n a multiple of the lanes
    /// @param workspace of [#WORKSPACE] elements
    void inputs(float[] x, int at, int stride, int n, float[] to, int toAt, int toStride, float[] workspace);

    /// `to[toAt + f·toStride + j] = (G g Gᵀ)[f]`, where `g[k] = x[k·stride + j]` is tap k, j < n.
    ///
    /// @param n a multiple of the lanes
    void filters(float[] x, int stride, int n, float[] to, int toAt, int toStride);

    /// `to[(4i + j)·toStride + q] = (Aᵀ m A)[i, j] + bias`, where `m[f] = x[at + f·stride + q]`, q < n.
    ///
    /// @param n a multiple of the lanes
    /// @param workspace of [#WORKSPACE] elements
    void outputs(float[] x, int at, int stride, int n, float bias, float[] to, int toStride, float[] workspace);

    /// `to[toAt + f·toStride + q] = (A t Aᵀ)[f]`, where `t[i, j] = x[(4i + j)·stride + q]`, q < n: the output's
    /// gradient, for that of the filters.
    ///
    /// @param n a multiple of the lanes
    /// @param workspace of [#WORKSPACE] elements
    void tiles(float[] x, int stride, int n, float[] to, int toAt, int toStride, float[] workspace);

    /// `to[k·toStride + j] = (Gᵀ m G)[k]`, where `m[f] = x[at + f·stride + j]`, j < n: the gradient of filters.
    ///
    /// @param n a multiple of the lanes
    /// @param workspace of [#WORKSPACE] elements
    void weights(float[] x, int at, int stride, int n, float[] to, int toStride, float[] workspace);
}
