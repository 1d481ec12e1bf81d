package lamella.backend.cpu.convolution;

/// The loops without the Vector API.
final class DepthwiseKernelsPlain implements DepthwiseKernels {
    private static final int LANES = 8;

    @Override
    public int lanes() {
        return LANES;
    }

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
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[to + i * outStride + j] = bias;
            }
            for (int k = 0; k < taps; k++) {
                addRow(weight[wi + k], x, at + offsets[oi + k] + i * stride, columns, out, to + i * outStride);
            }
        }
    }

    private static void addRow(float weight, float[] x, int at, int columns, float[] out, int to) {
        for (int j = 0; j < columns; j++) {
            out[to + j] += weight * x[at + j];
        }
    }

    @Override
    public void dots(int tap, float[] x, int at, int[] offsets, float[] g, int gi, int n, float[] sums, int si) {
        for (int k = tap; k < tap + 3; k++) {
            int from = at + offsets[k];
            for (int j = 0; j < n; j++) {
                sums[si + k * LANES + j % LANES] += g[gi + j] * x[from + j];
            }
        }
    }
}
