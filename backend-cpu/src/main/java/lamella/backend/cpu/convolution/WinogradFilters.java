package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;

import java.util.Arrays;

/// Transformed filters as panels of a product's left factor.
///
/// A panel has the filters of as many output channels as a tile of the product has rows; point f of channel c and row r
/// has its place at `f · point + c · rows + r`.
///
/// @param transforms the transforms
/// @param kernels the products
/// @param tasks where tasks run
/// @param pool of the workspaces
record WinogradFilters(WinogradKernels transforms, GemmKernels kernels, GemmTasks tasks, ArrayPool pool) {
    /// Channels that are transformed together.
    private static final int CHANNELS = 32;

    /// Where the filters lie: tap k of channel c of filter r at `offset + r · filter + c · channel + k`.
    ///
    /// @param turned whether tap 8 − k is meant by k: the filters of the input's gradient
    record Layout(float[] array, int offset, int filter, int channel, boolean turned) {}

    /// Returns the elements from one point of a panel to the next.
    int point(int channels) {
        int lanes = kernels.lanes();
        return WinogradConvolution.spread(Math.ceilDiv(channels * kernels.rows(), lanes) * lanes);
    }

    /// Transforms the panels from `first` on.
    ///
    /// @param filters how many there are in all panels
    void transform(Layout layout, int filters, int channels, int first, int panels, float[] to) {
        int point = point(channels);
        tasks.run(
                panels,
                8L * panels * kernels.rows() * channels * WinogradSizes.POINTS,
                task -> {
                    int row = (first + task) * kernels.rows();
                    int rows = Math.min(kernels.rows(), filters - row);
                    panel(layout, row, rows, channels, to, task * WinogradSizes.POINTS * point, point);
                });
    }

    private void panel(Layout layout, int row, int rows, int channels, float[] to, int toAt, int point) {
        int height = kernels.rows();
        int lanes = kernels.lanes();
        int stride = Math.ceilDiv(CHANNELS * height, lanes) * lanes;
        float[] taps = pool.take(WinogradSizes.WINDOW * stride);
        try {
            for (int c = 0; c < channels; c += CHANNELS) {
                int count = Math.min(CHANNELS, channels - c);
                int whole = Math.ceilDiv(count * height, lanes) * lanes;
                if (rows < height || whole > count * height) {
                    Arrays.fill(taps, 0, WinogradSizes.WINDOW * stride, 0);
                }
                gather(layout, row, rows, c, count, taps, stride);
                transforms.filters(taps, stride, whole, to, toAt + c * height, point);
            }
        } finally {
            pool.give(taps);
        }
    }

    private void gather(Layout layout, int row, int rows, int channel, int count, float[] taps, int stride) {
        int step = layout.turned() ? -stride : stride;
        int first = layout.turned() ? (WinogradSizes.WINDOW - 1) * stride : 0;
        for (int r = 0; r < rows; r++) {
            int from = layout.offset() + (row + r) * layout.filter() + channel * layout.channel();
            for (int c = 0; c < count; c++) {
                int to = first + c * kernels.rows() + r;
                for (int k = 0; k < WinogradSizes.WINDOW; k++) {
                    taps[to + k * step] = layout.array()[from + k];
                }
                from += layout.channel();
            }
        }
    }
}
