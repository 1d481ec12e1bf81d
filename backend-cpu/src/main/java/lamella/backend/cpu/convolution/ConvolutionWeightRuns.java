package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// The gradient of a convolution of stride 1 with respect to its weight, for few input channels: as
/// dot products of the output's gradient, spread to the width of the padded image, with the image
/// ([ConvolutionWeightDots] says why that works), a tile at a time.
///
/// What a tile reads stays in the first-level cache while all taps of its channels are computed, and
/// the sums of each tap go on from tile to tile.
///
/// The tiles are cut into parts by size only. A task sums one part in the order of its tiles; the
/// parts are added in their order.
final class ConvolutionWeightRuns {
    /// Elements that a tile reads: 28 KiB.
    private static final int TILE = 7 << 10;

    private static final int PARTS = 8;
    private static final int ROWS = RunningDots.ROWS;
    private static final int LANES = RunningDots.LANES;

    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes on these threads, in workspaces of this pool.
    ConvolutionWeightRuns(Workers workers, ArrayPool pool) {
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// How the work is cut.
    ///
    /// @param rows of the output in a tile
    /// @param offsets for each tap, where it meets the first position of a tile
    private record Cut(ConvolutionSizes sizes, int rows, int parts, int[] offsets) {
        static int width(ConvolutionSizes s) {
            return s.outWidth() + s.kernelWidth() - 1;
        }

        int width() {
            return width(sizes);
        }

        /// Returns the elements of a channel of the padded tile.
        int plane() {
            return (rows + sizes.kernelHeight() - 1) * width();
        }

        /// Returns the elements of an output channel of a tile, whole vectors.
        int stride() {
            return Math.ceilDiv(rows * width(), LANES) * LANES;
        }

        int tilesOfImage() {
            return Math.ceilDiv(sizes.outHeight(), rows);
        }

        int tiles() {
            return sizes.batch() * tilesOfImage();
        }

        int start(int part) {
            return (int) ((long) tiles() * part / parts);
        }

        int panels() {
            return Math.ceilDiv(sizes.groupOutChannels(), ROWS);
        }

        int pairs() {
            return Math.ceilDiv(sizes.taps(), RunningDots.COLUMNS);
        }

        int sums() {
            return panels() * pairs() * RunningDots.SIZE;
        }

        /// Returns the first channel of a panel: the last panel overlaps the one before.
        int firstChannel(int panel) {
            return Math.max(0, Math.min(panel * ROWS, sizes.groupOutChannels() - ROWS));
        }
    }

    private Cut cut(ConvolutionSizes s) {
        int width = Cut.width(s);
        int channels = s.groupChannels() + Math.min(ROWS, s.groupOutChannels());
        int rows = ConvolutionPlan.tileRows(s.outHeight(), (long) channels * width, TILE);
        int[] offsets = pool.takeInts(s.taps() + 1);
        var cut = new Cut(s, rows, 0, offsets);
        int parts = Math.clamp(cut.tiles(), 1, PARTS);
        for (int tap = 0; tap < s.taps(); tap++) {
            int u = tap % s.window() / s.kernelWidth();
            offsets[tap] = tap / s.window() * cut.plane() + u * width + tap % s.kernelWidth();
        }
        // With an odd number of taps the last one is computed twice.
        offsets[s.taps()] = s.taps() == 0 ? 0 : offsets[s.taps() - 1];
        return new Cut(s, rows, parts, offsets);
    }

    /// out = gradient with respect to the weight.
    void compute(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        Cut cut = cut(s);
        int size = cut.sums();
        float[] sums = pool.take(cut.parts() * s.groups() * size);
        try {
            tasks.run(
                    cut.parts() * s.groups(),
                    s.work(),
                    task -> sum(cut, task / s.groups(), task % s.groups(), x, gradient, sums, task * size));
            for (int part = 1; part < cut.parts(); part++) {
                add(sums, part * s.groups() * size, s.groups() * size);
            }
            for (int group = 0; group < s.groups(); group++) {
                int to = out.offset() + group * s.groupOutChannels() * s.taps();
                total(cut, sums, group * size, out.array(), to);
            }
        } finally {
            pool.give(sums);
            pool.give(cut.offsets());
        }
    }

    private static void add(float[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += sums[from + i];
        }
    }

    private static void total(Cut cut, float[] sums, int at, float[] out, int to) {
        int taps = cut.sizes().taps();
        for (int panel = 0; panel < cut.panels(); panel++) {
            int first = cut.firstChannel(panel);
            for (int i = 0; i < Math.min(ROWS, cut.sizes().groupOutChannels()); i++) {
                for (int tap = 0; tap < taps; tap++) {
                    int block = panel * cut.pairs() + tap / RunningDots.COLUMNS;
                    int sum = i * RunningDots.COLUMNS + tap % RunningDots.COLUMNS;
                    out[to + (first + i) * taps + tap] =
                            RunningDots.total(sums, at + block * RunningDots.SIZE + sum * LANES);
                }
            }
        }
    }

    /// Sums one part of the tiles for one group.
    private void sum(
            Cut cut, int part, int group, ConvolutionArray x, ConvolutionArray gradient, float[] sums, int to) {
        var s = cut.sizes();
        Arrays.fill(sums, to, to + cut.sums(), 0);
        int height = Math.min(ROWS, s.groupOutChannels());
        // Taps read up to a row of the kernel and a vector behind the last position.
        int size = s.groupChannels() * cut.plane() + s.kernelWidth() + PaddedRows.SLACK + LANES;
        float[] image = pool.take(size);
        float[] spread = pool.take(height * cut.stride() + PaddedRows.SLACK);
        try {
            for (int tile = cut.start(part); tile < cut.start(part + 1); tile++) {
                int plane = tile / cut.tilesOfImage() * s.groups() + group;
                int top = tile % cut.tilesOfImage() * cut.rows();
                Arrays.fill(image, 0, size, 0);
                fill(cut, x, plane, top, image);
                for (int panel = 0; panel < cut.panels(); panel++) {
                    int channel = plane * s.groupOutChannels() + cut.firstChannel(panel);
                    spread(cut, gradient, channel, height, top, spread);
                    for (int pair = 0; pair < cut.pairs(); pair++) {
                        RunningDots.add(
                                cut.stride(),
                                spread,
                                0,
                                cut.stride(),
                                height,
                                image,
                                cut.offsets()[RunningDots.COLUMNS * pair],
                                cut.offsets()[RunningDots.COLUMNS * pair + 1],
                                sums,
                                to + (panel * cut.pairs() + pair) * RunningDots.SIZE);
                    }
                }
            }
        } finally {
            pool.give(image);
            pool.give(spread);
        }
    }

    /// Copies the rows of x that a tile meets, without the padding above and below.
    private static void fill(Cut cut, ConvolutionArray x, int plane, int top, float[] image) {
        var s = cut.sizes();
        var o = s.options();
        int first = top - o.paddingHeight();
        int from = Math.max(0, first);
        int end = Math.min(s.height(), first + cut.rows() + s.kernelHeight() - 1);
        for (int c = 0; c < s.groupChannels() && from < end; c++) {
            int at = x.offset() + ((plane * s.groupChannels() + c) * s.height() + from) * s.width();
            int to = c * cut.plane() + (from - first) * cut.width();
            PaddedRows.copy(x.array(), at, end - from, s.width(), image, to, o.paddingWidth(), cut.width());
        }
    }

    private static void spread(Cut cut, ConvolutionArray gradient, int channel, int height, int top, float[] spread) {
        var s = cut.sizes();
        int rows = Math.min(cut.rows(), s.outHeight() - top);
        for (int i = 0; i < height; i++) {
            int at = gradient.offset() + (channel + i) * s.positions() + top * s.outWidth();
            int to = i * cut.stride();
            PaddedRows.copy(gradient.array(), at, rows, s.outWidth(), spread, to, 0, cut.width());
            int end = to + rows * cut.width();
            Arrays.fill(spread, end, to + cut.stride(), 0);
        }
    }
}
