package lamella.backend.cpu.convolution;

/// The inner loops of depthwise convolutions.
interface DepthwiseKernels {
    /// Returns the loops on the Vector API, or plain ones.
    static DepthwiseKernels of(boolean vectors) {
        return vectors ? new DepthwiseKernelsVector() : new DepthwiseKernelsPlain();
    }

    /// Returns the elements that are computed at once.
    int lanes();

    /// `out[to + i·outStride + j] = bias + Σ weight[wi + k] · x[at + offsets[oi + k] + i·stride + j]`, k < taps, for
    /// i < rows, j < columns, summed in the order of k.
    void correlate(
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
            int outStride);

    /// `sums[si + k·lanes() + l] += Σ g[gi + j] · x[at + offsets[k] + j]`, over j < n with j mod lanes() = l, for three
    /// k from `tap` on.
    ///
    /// @param n a multiple of twice the lanes
    void dots(int tap, float[] x, int at, int[] offsets, float[] g, int gi, int n, float[] sums, int si);
}
