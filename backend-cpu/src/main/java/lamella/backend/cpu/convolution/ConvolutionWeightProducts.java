package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmPacking;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// The gradient of a convolution with respect to its weight, as matrix products with a
/// [ConvolutionGrid]: for layers with enough channels to fill the vectors.
///
/// The output's gradient is spread and transposed to `[positions, O]`; the left factor of the
/// product is the grid, in which each tap's row begins at its own place. The result is the
/// transposed weight gradient, `[taps, O]`.
///
/// The tiles of all images are cut into parts, and the channels into blocks, both by size only. A
/// task sums one part for one block in the order of the tiles; the parts are added in their order.
final class ConvolutionWeightProducts {
    /// Elements of the workspaces of a task: 256 KiB.
    private static final int TASK = 1 << 16;

    /// Elements of all partial sums.
    private static final int SUMS = 1 << 18;

    private static final int TASKS = 16;
    private static final int PARTS = 8;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    ConvolutionWeightProducts(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// How the work is cut.
    ///
    /// @param channels input channels in a block
    /// @param width output channels of a group, filled up to what the kernels read
    /// @param parts into which the tiles of all images are cut
    private record Cut(ConvolutionPlan plan, int channels, int width, int parts) {
        int blocks() {
            return Math.ceilDiv(plan.sizes().groupChannels(), channels);
        }

        int sizeOfGroup() {
            return plan.sizes().taps() * width;
        }

        int sizeOfPart() {
            return plan.sizes().groups() * sizeOfGroup();
        }

        /// Returns the first tile of a part.
        int start(int part) {
            return (int) ((long) plan.sizes().batch() * plan.tiles() * part / parts);
        }
    }

    private Cut cut(ConvolutionSizes s) {
        int outs = s.groupOutChannels();
        int whole = outs / kernels.columns() * kernels.columns();
        int width = outs == whole ? whole : whole + kernels.written(outs - whole);
        int size = Math.max(1, s.groups() * s.taps() * width);
        int most = Math.clamp(SUMS / size, 1, PARTS);
        int wanted = Math.ceilDiv(TASKS, most * s.groups());
        int channels = Math.max(1, Math.ceilDiv(s.groupChannels(), wanted));
        long row = (long) channels * ConvolutionPlan.rowOfChannel(s) + (long) width * ConvolutionPlan.gridWidth(s);
        var plan = ConvolutionPlan.of(s, ConvolutionPlan.tileRows(s.outHeight(), row, TASK), pool);
        int parts = Math.clamp((long) s.batch() * plan.tiles(), 1, most);
        return new Cut(plan, channels, width, parts);
    }

    /// out = gradient with respect to the weight.
    void compute(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        Cut cut = cut(s);
        int blocks = cut.blocks();
        float[] sums = pool.take(cut.parts() * cut.sizeOfPart());
        try {
            tasks.run(
                    cut.parts() * s.groups() * blocks,
                    s.work(),
                    task -> {
                        int part = task / blocks / s.groups();
                        int group = task / blocks % s.groups();
                        int channel = task % blocks * cut.channels();
                        sum(cut, part, group, channel, x, gradient, sums);
                    });
            for (int part = 1; part < cut.parts(); part++) {
                add(sums, part * cut.sizeOfPart(), cut.sizeOfPart());
            }
            for (int group = 0; group < s.groups(); group++) {
                int to = out.offset() + group * s.groupOutChannels() * s.taps();
                transpose(
                        sums, group * cut.sizeOfGroup(), cut.width(), s.taps(), s.groupOutChannels(), out.array(), to);
            }
        } finally {
            pool.give(sums);
            pool.give(cut.plan().offsets());
        }
    }

    private static void add(float[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += sums[from + i];
        }
    }

    private static void transpose(float[] from, int at, int width, int rows, int columns, float[] out, int to) {
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                out[to + j * rows + i] = from[at + i * width + j];
            }
        }
    }

    /// Sums one part of the tiles for one block of the channels of one group.
    private void sum(
            Cut cut, int part, int group, int channel, ConvolutionArray x, ConvolutionArray gradient, float[] sums) {
        var plan = cut.plan();
        var s = plan.sizes();
        int outs = s.groupOutChannels();
        int count = Math.min(cut.channels(), s.groupChannels() - channel);
        int taps = count * s.window();
        int to = part * cut.sizeOfPart() + group * cut.sizeOfGroup();
        to += channel * s.window() * cut.width();
        Arrays.fill(sums, to, to + taps * cut.width(), 0);
        float[] grid = pool.take(plan.grid().size(count, 0));
        float[] spread = pool.take(plan.positions(plan.grid().tileRows()) * cut.width());
        float[] tile = pool.take(kernels.rows() * kernels.columns());
        try {
            int end = cut.start(part + 1);
            for (int i = cut.start(part); i < end; i++) {
                int plane = i / plan.tiles() * s.groups() + group;
                int top = i % plan.tiles() * plan.grid().tileRows();
                int from = x.offset() + (plane * s.groupChannels() + channel) * s.plane();
                plan.grid().fill(x.array(), from, count, top, grid, 0, 0);
                spread(
                        plan,
                        gradient.array(),
                        gradient.offset() + plane * outs * s.positions(),
                        top,
                        spread,
                        cut.width());
                addProducts(plan, top, taps, grid, spread, cut.width(), sums, to, tile);
            }
        } finally {
            pool.give(grid);
            pool.give(spread);
            pool.give(tile);
        }
    }

    /// Writes the output's gradient as `[positions, O]`, with zeros for the positions between rows.
    private void spread(ConvolutionPlan plan, float[] gradient, int at, int top, float[] to, int width) {
        var s = plan.sizes();
        int rows = plan.rowsFrom(top);
        int columns = s.outWidth();
        int next = plan.grid().width() * width;
        for (int i = 0; i < rows; i++) {
            GemmPacking.pack(
                    kernels,
                    gradient,
                    at + (top + i) * columns,
                    s.positions(),
                    1,
                    s.groupOutChannels(),
                    columns,
                    width,
                    to,
                    i * next);
            if (i + 1 < rows) {
                Arrays.fill(to, i * next + columns * width, (i + 1) * next, 0);
            }
        }
    }

    private void addProducts(
            ConvolutionPlan plan,
            int top,
            int taps,
            float[] grid,
            float[] spread,
            int width,
            float[] sums,
            int to,
            float[] tile) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int outs = plan.sizes().groupOutChannels();
        int depth = plan.positions(plan.rowsFrom(top));
        for (int o = 0; o < outs; o += columns) {
            int wanted = Math.min(columns, outs - o);
            for (int k = 0; k < taps; k += rows) {
                int height = Math.min(rows, taps - k);
                kernels.outer(depth, grid, 0, plan.offsets(), k, height, spread, o, width, wanted, tile, 0, columns);
                kernels.add(tile, height, wanted, sums, to + k * width + o, width);
            }
        }
    }
}
