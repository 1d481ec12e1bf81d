package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;

import java.util.Arrays;

/// The patches of tiles, transformed, in the order in which the products read them.
///
/// The rows of the image that some tiles meet are copied with their padding; then the elements of the patches are
/// sorted by their place in the patch, so that neighbouring tiles lie side by side for the transform, over the ends of
/// rows and images. Only this sorting goes element by element.
///
/// @param kernels the transforms
/// @param tasks where tasks run
/// @param pool of the workspaces
record WinogradInput(WinogradKernels kernels, GemmTasks tasks, ArrayPool pool) {
    /// Channels of a task.
    private static final int CHANNELS = 8;

    /// Tiles of a task: its workspaces then fit into the first-level cache.
    private static final int TILES = 64;

    /// Where the transforms go: point f of channel c of tile q, counted from the first one, has its place at
    /// `q / width · panel + f · point + c · channel + q % width`.
    ///
    /// @param width tiles of a panel, a multiple of the lanes
    record Layout(int width, int panel, int point, int channel) {}

    /// Transforms all channels of `count` tiles from `first` on, whole panels of them; tiles behind the last one are
    /// zeros.
    void transform(WinogradSizes s, ConvolutionArray x, int first, int count, Layout layout, float[] to) {
        int width = Math.max(layout.width(), TILES / layout.width() * layout.width());
        int blocks = Math.ceilDiv(count, width);
        tasks.run(
                blocks * Math.ceilDiv(s.channels(), CHANNELS),
                8L * count * s.channels() * WinogradSizes.POINTS,
                task -> {
                    int from = task % blocks * width;
                    int tiles = Math.min(width, count - from);
                    int channel = task / blocks * CHANNELS;
                    int end = Math.min(s.channels(), channel + CHANNELS);
                    block(s, x, first + from, tiles, channel, end, layout, to, from / layout.width() * layout.panel());
                });
    }

    private void block(
            WinogradSizes s,
            ConvolutionArray x,
            int first,
            int tiles,
            int channel,
            int end,
            Layout layout,
            float[] to,
            int toAt) {
        var strip = WinogradStrip.of(s, first, Math.min(tiles, s.tiles() - first));
        float[] rows = pool.take(strip.size());
        int[] places = pool.takeInts(tiles);
        float[] patches = pool.take(WinogradSizes.POINTS * tiles);
        float[] workspace = pool.take(WinogradKernels.WORKSPACE);
        try {
            // Padding is the same for all channels, as are the tiles behind the last one.
            Arrays.fill(rows, 0, strip.size(), 0);
            Arrays.fill(patches, 0, WinogradSizes.POINTS * tiles, 0);
            strip.places(places);
            for (int c = channel; c < end; c++) {
                strip.fill(x, c, rows);
                for (int u = 0; u < WinogradSizes.PATCH; u++) {
                    sort(
                            rows,
                            u * strip.width(),
                            places,
                            strip.tiles(),
                            patches,
                            WinogradSizes.PATCH * u * tiles,
                            tiles);
                }
                for (int q = 0; q < tiles; q += layout.width()) {
                    int at = toAt + q / layout.width() * layout.panel() + c * layout.channel();
                    kernels.inputs(patches, q, tiles, layout.width(), to, at, layout.point(), workspace);
                }
            }
        } finally {
            pool.give(rows);
            pool.give(places);
            pool.give(patches);
            pool.give(workspace);
        }
    }

    /// Writes one row of each patch by its columns.
    private static void sort(float[] rows, int from, int[] places, int tiles, float[] patches, int to, int stride) {
        for (int q = 0; q < tiles; q++) {
            int i = from + places[q];
            int j = to + q;
            patches[j] = rows[i];
            patches[j + stride] = rows[i + 1];
            patches[j + 2 * stride] = rows[i + 2];
            patches[j + 3 * stride] = rows[i + 3];
            patches[j + 4 * stride] = rows[i + 4];
            patches[j + 5 * stride] = rows[i + 5];
        }
    }
}
