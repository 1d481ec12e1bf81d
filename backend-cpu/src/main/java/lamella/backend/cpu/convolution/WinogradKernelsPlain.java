package lamella.backend.cpu.convolution;

/// The transforms in plain loops; see [WinogradKernelsVector].
final class WinogradKernelsPlain implements WinogradKernels {
    @Override
    public void inputs(float[] x, int at, int stride, int n, float[] to, int toAt, int toStride, float[] workspace) {
        for (int j = 0; j < n; j++) {
            for (int v = 0; v < WinogradSizes.PATCH; v++) {
                input(x, at + v * stride + j, 6 * stride, workspace, v, 6);
            }
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                input(workspace, 6 * u, 1, to, toAt + 6 * u * toStride + j, toStride);
            }
        }
    }

    private static void input(float[] x, int p, int stride, float[] to, int q, int toStride) {
        float x1 = x[p + stride];
        float x2 = x[p + 2 * stride];
        float x3 = x[p + 3 * stride];
        float x4 = x[p + 4 * stride];
        to[q] = x[p] + x4 - 2.5f * x2;
        to[q + 5 * toStride] = x1 + x[p + 5 * stride] - 2.5f * x3;
        float even = x4 - 2 * x2;
        float odd = A * (x3 - 2 * x1);
        to[q + toStride] = even + odd;
        to[q + 2 * toStride] = even - odd;
        even = x4 - 0.5f * x2;
        odd = B * (x3 - 0.5f * x1);
        to[q + 3 * toStride] = even + odd;
        to[q + 4 * toStride] = even - odd;
    }

    @Override
    public void filters(float[] x, int stride, int n, float[] to, int toAt, int toStride) {
        for (int j = 0; j < n; j++) {
            for (int v = 0; v < 3; v++) {
                filter(x, v * stride + j, 3 * stride, to, toAt + v * toStride + j, 6 * toStride);
            }
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                int row = toAt + 6 * u * toStride + j;
                filter(to, row, toStride, to, row, toStride);
            }
        }
    }

    private static void filter(float[] x, int p, int stride, float[] to, int q, int toStride) {
        float x0 = x[p];
        float x1 = x[p + stride];
        float x2 = x[p + 2 * stride];
        to[q] = x0;
        to[q + 5 * toStride] = x2;
        float even = -2 / 3f * (x0 + 0.5f * x2);
        float odd = -2 / 3f * A * x1;
        to[q + toStride] = even + odd;
        to[q + 2 * toStride] = even - odd;
        even = 1 / 6f * (x0 + 2 * x2);
        odd = 1 / 6f * B * x1;
        to[q + 3 * toStride] = even + odd;
        to[q + 4 * toStride] = even - odd;
    }

    @Override
    public void outputs(float[] x, int at, int stride, int n, float bias, float[] to, int toStride, float[] workspace) {
        for (int j = 0; j < n; j++) {
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                output(x, at + 6 * u * stride + j, stride, 0f, workspace, 4 * u, 1);
            }
            for (int v = 0; v < WinogradSizes.TILE; v++) {
                output(workspace, v, 4, bias, to, v * toStride + j, 4 * toStride);
            }
        }
    }

    private static void output(float[] x, int p, int stride, float bias, float[] to, int q, int toStride) {
        float x1 = x[p + stride];
        float x2 = x[p + 2 * stride];
        float x3 = x[p + 3 * stride];
        float x4 = x[p + 4 * stride];
        float evenA = x1 + x2;
        float oddA = A * (x1 - x2);
        float evenB = x3 + x4;
        float oddB = B * (x3 - x4);
        to[q] = evenA + evenB + (x[p] + bias);
        to[q + toStride] = oddA + oddB + bias;
        to[q + 2 * toStride] = 0.5f * evenA + (2 * evenB + bias);
        to[q + 3 * toStride] = 0.5f * oddA + (2 * oddB + (x[p + 5 * stride] + bias));
    }

    @Override
    public void tiles(float[] x, int stride, int n, float[] to, int toAt, int toStride, float[] workspace) {
        for (int j = 0; j < n; j++) {
            for (int v = 0; v < WinogradSizes.TILE; v++) {
                tile(x, v * stride + j, 4 * stride, workspace, v, 4);
            }
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                tile(workspace, 4 * u, 1, to, toAt + 6 * u * toStride + j, toStride);
            }
        }
    }

    private static void tile(float[] x, int p, int stride, float[] to, int q, int toStride) {
        float x0 = x[p];
        float x1 = x[p + stride];
        float x2 = x[p + 2 * stride];
        float x3 = x[p + 3 * stride];
        to[q] = x0;
        to[q + 5 * toStride] = x3;
        float even = x0 + 0.5f * x2;
        float odd = A * (x1 + 0.5f * x3);
        to[q + toStride] = even + odd;
        to[q + 2 * toStride] = even - odd;
        even = x0 + 2 * x2;
        odd = B * (x1 + 2 * x3);
        to[q + 3 * toStride] = even + odd;
        to[q + 4 * toStride] = even - odd;
    }

    @Override
    public void weights(float[] x, int at, int stride, int n, float[] to, int toStride, float[] workspace) {
        for (int j = 0; j < n; j++) {
            for (int u = 0; u < WinogradSizes.PATCH; u++) {
                weight(x, at + 6 * u * stride + j, stride, workspace, 3 * u, 1);
            }
            for (int v = 0; v < 3; v++) {
                weight(workspace, v, 3, to, v * toStride + j, 3 * toStride);
            }
        }
    }

    private static void weight(float[] x, int p, int stride, float[] to, int q, int toStride) {
        float x1 = x[p + stride];
        float x2 = x[p + 2 * stride];
        float x3 = x[p + 3 * stride];
        float x4 = x[p + 4 * stride];
        float evenA = -2 / 3f * (x1 + x2);
        float oddA = -2 / 3f * A * (x1 - x2);
        float evenB = 1 / 6f * (x3 + x4);
        float oddB = 1 / 6f * B * (x3 - x4);
        to[q] = x[p] + (evenA + evenB);
        to[q + toStride] = oddA + oddB;
        to[q + 2 * toStride] = 0.5f * evenA + (2 * evenB + x[p + 5 * stride]);
    }
}
