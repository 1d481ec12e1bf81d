package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// The gradient of a convolution with respect to its weight, as dot products with a
/// [ConvolutionGrid]: for layers with few output channels or few taps.
///
/// The rows of the output's gradient are spread to the width of the grid, with zeros between them;
/// a weight's gradient is then the dot product of a stretch of them and the stretch of the grid
/// that its tap meets, summed over the tiles of all images. (Where x holds an infinity or a NaN
/// those zeros make NaN of it, also for weights that never meet that element.)
///
/// The tiles are cut into parts, and the channels into blocks, both by size only. A task sums one
/// part for one block in the order of the tiles; the parts are added in their order.
final class ConvolutionWeightDots {
    /// Elements of the workspaces of a task: 512 KiB.
    private static final int TASK = 1 << 17;

    /// Elements of all partial sums.
    private static final int SUMS = 1 << 18;

    private static final int TASKS = 16;
    private static final int PARTS = 8;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    ConvolutionWeightDots(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// How the work is cut.
    ///
    /// @param channels input channels in a block
    /// @param depth positions of a tile, filled up to whole vectors
    /// @param gridSize elements of the grid of a tile
    /// @param tiles tiles that are summed together
    /// @param parts into which the tiles of all images are cut
    private record Cut(ConvolutionPlan plan, int channels, int depth, int gridSize, int tiles, int parts) {
        int blocks() {
            return Math.ceilDiv(plan.sizes().groupChannels(), channels);
        }

        int allTiles() {
            return plan.sizes().batch() * plan.tiles();
        }

        int chunks() {
            return Math.ceilDiv(allTiles(), tiles);
        }

        int sizeOfWeight() {
            return plan.sizes().outChannels() * plan.sizes().taps();
        }

        /// Returns the first tile of a part.
        int start(int part) {
            return (int) Math.min(allTiles(), (long) chunks() * part / parts * tiles);
        }
    }

    private Cut cut(ConvolutionSizes s) {
        int size = Math.max(1, s.outChannels() * s.taps());
        int most = Math.clamp(SUMS / size, 1, PARTS);
        int wanted = Math.ceilDiv(TASKS, most * s.groups());
        int channels = Math.max(1, Math.ceilDiv(s.groupChannels(), wanted));
        long row =
                (long) channels * ConvolutionPlan.rowOfChannel(s)
                        + (long) s.groupOutChannels() * ConvolutionPlan.gridWidth(s);
        var plan = ConvolutionPlan.of(s, ConvolutionPlan.tileRows(s.outHeight(), row, TASK / 2), pool);
        int lanes = kernels.lanes();
        int depth = Math.ceilDiv(plan.positions(plan.grid().tileRows()), lanes) * lanes;
        int gridSize = plan.grid().size(channels, lanes);
        int tile = gridSize + s.groupOutChannels() * depth;
        int all = Math.max(1, s.batch() * plan.tiles());
        int tiles = Math.clamp(TASK / tile, 1, Math.ceilDiv(all, most));
        int parts = Math.min(most, Math.ceilDiv(all, tiles));
        return new Cut(plan, channels, depth, gridSize, tiles, parts);
    }

    /// out = gradient with respect to the weight.
    void compute(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        Cut cut = cut(s);
        int size = cut.sizeOfWeight();
        int blocks = cut.blocks();
        float[] sums = pool.take(cut.parts() * size);
        try {
            tasks.run(
                    cut.parts() * s.groups() * blocks,
                    s.work(),
                    task -> {
                        int part = task / blocks / s.groups();
                        int group = task / blocks % s.groups();
                        int channel = task % blocks * cut.channels();
                        sum(cut, part, group, channel, x, gradient, sums, part * size);
                    });
            System.arraycopy(sums, 0, out.array(), out.offset(), size);
            for (int part = 1; part < cut.parts(); part++) {
                add(sums, part * size, out.array(), out.offset(), size);
            }
        } finally {
            pool.give(sums);
            pool.give(cut.plan().offsets());
        }
    }

    private static void add(float[] from, int at, float[] out, int to, int count) {
        for (int i = 0; i < count; i++) {
            out[to + i] += from[at + i];
        }
    }

    /// Sums one part of the tiles for one block of the channels of one group.
    private void sum(
            Cut cut,
            int part,
            int group,
            int channel,
            ConvolutionArray x,
            ConvolutionArray gradient,
            float[] sums,
            int sumsAt) {
        var plan = cut.plan();
        var s = plan.sizes();
        int outs = s.groupOutChannels();
        int count = Math.min(cut.channels(), s.groupChannels() - channel);
        int to = sumsAt + group * outs * s.taps() + channel * s.window();
        for (int o = 0; o < outs; o++) {
            Arrays.fill(sums, to + o * s.taps(), to + o * s.taps() + count * s.window(), 0);
        }
        float[] grids = pool.take(cut.tiles() * cut.gridSize());
        float[] rows = pool.take(cut.tiles() * outs * cut.depth());
        float[] block = pool.take(kernels.dotRows() * kernels.dotColumns() * kernels.lanes());
        try {
            int end = cut.start(part + 1);
            for (int first = cut.start(part); first < end; first += cut.tiles()) {
                int tiles = Math.min(cut.tiles(), end - first);
                for (int i = 0; i < tiles; i++) {
                    int plane = (first + i) / plan.tiles() * s.groups() + group;
                    int top = (first + i) % plan.tiles() * plan.grid().tileRows();
                    int from = (plane * s.groupChannels() + channel) * s.plane();
                    plan.grid()
                            .fill(x.array(), x.offset() + from, count, top, grids, i * cut.gridSize(), kernels.lanes());
                    plan.spread(
                            gradient.array(),
                            gradient.offset() + plane * outs * s.positions(),
                            top,
                            plan.rowsFrom(top),
                            rows,
                            i * outs * cut.depth(),
                            cut.depth());
                }
                addDots(cut, count * s.window(), tiles, rows, grids, sums, to, block);
            }
        } finally {
            pool.give(grids);
            pool.give(rows);
            pool.give(block);
        }
    }

    private void addDots(
            Cut cut, int taps, int tiles, float[] rows, float[] grids, float[] sums, int to, float[] block) {
        int outs = cut.plan().sizes().groupOutChannels();
        int stride = cut.plan().sizes().taps();
        int[] offsets = cut.plan().offsets();
        int height = kernels.dotRows();
        int width = kernels.dotColumns();
        for (int k = 0; k < taps; k += width) {
            int columns = Math.min(width, taps - k);
            for (int o = 0; o < outs; o += height) {
                int channels = Math.min(height, outs - o);
                kernels.dots(
                        cut.depth(),
                        tiles,
                        rows,
                        o * cut.depth(),
                        cut.depth(),
                        outs * cut.depth(),
                        channels,
                        grids,
                        0,
                        offsets,
                        k,
                        cut.gridSize(),
                        columns,
                        block);
                for (int i = 0; i < channels; i++) {
                    int at = to + (o + i) * stride + k;
                    for (int j = 0; j < columns; j++) {
                        sums[at + j] += block[i * width + j];
                    }
                }
            }
        }
    }
}
