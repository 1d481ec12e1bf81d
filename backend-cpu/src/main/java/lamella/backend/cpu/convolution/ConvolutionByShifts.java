package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmPacking;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Convolution, and its gradient with respect to the input, as matrix products with a
/// [ConvolutionGrid]: no patch is copied.
///
/// Forward, the right factor of the product is read from the grid, each tap from its own place. For
/// the input's gradient the product of each tap is added to the grid at that place, and the grid is
/// copied to the result.
final class ConvolutionByShifts {
    /// Elements of the workspaces of a task: 256 KiB, half of a small second-level cache.
    private static final int TASK = 1 << 16;

    /// Steps of the reduction between two visits of the product.
    private static final int DEPTH = 256;

    /// Tasks that keep a machine busy.
    private static final int TASKS = 16;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    ConvolutionByShifts(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    private int panels(int rows) {
        return Math.ceilDiv(rows, kernels.rows());
    }

    /// Returns the row length of a product of `positions` columns, with what the kernels write
    /// more.
    private int productWidth(int positions) {
        int whole = positions / kernels.columns() * kernels.columns();
        return positions == whole ? whole : whole + kernels.written(positions - whole);
    }

    /// Packs a weight, or a block of one, `rows` by `depth`.
    private void pack(
            ConvolutionArray weight, int at, int across, int along, int rows, int depth, float[] to, int toAt) {
        int panel = kernels.rows();
        int count = panels(rows);
        tasks.run(
                count,
                GemmPacking.work(across, (long) rows * depth),
                i ->
                        GemmPacking.pack(
                                kernels,
                                weight.array(),
                                weight.offset() + at + i * panel * across,
                                across,
                                along,
                                Math.min(panel, rows - i * panel),
                                depth,
                                panel,
                                to,
                                toAt + i * panel * depth));
    }

    /// out = conv(x, weight) + bias.
    ///
    /// @param bias the biases, or null where there are none
    void forward(
            ConvolutionSizes s,
            ConvolutionArray x,
            ConvolutionArray weight,
            ConvolutionArray bias,
            ConvolutionArray out) {
        int outs = s.groupOutChannels();
        long row =
                (long) s.groupChannels() * ConvolutionPlan.rowOfChannel(s) + (long) outs * ConvolutionPlan.gridWidth(s);
        int tileRows = ConvolutionPlan.tileRows(s.outHeight(), row, TASK);
        var plan = ConvolutionPlan.of(s, tileRows, pool);
        int tiles = plan.tiles();
        int size = panels(outs) * kernels.rows() * s.taps();
        float[] packed = pool.take(s.groups() * size);
        try {
            for (int group = 0; group < s.groups(); group++) {
                int at = group * outs * s.taps();
                pack(weight, at, s.taps(), 1, outs, s.taps(), packed, group * size);
            }
            tasks.run(
                    s.batch() * tiles * s.groups(),
                    s.work(),
                    task -> {
                        int group = task % s.groups();
                        int top = task / s.groups() % tiles * plan.grid().tileRows();
                        int image = task / s.groups() / tiles;
                        tile(plan, image, group, top, x, packed, group * size, bias, out);
                    });
        } finally {
            pool.give(packed);
            pool.give(plan.offsets());
        }
    }

    private void tile(
            ConvolutionPlan plan,
            int image,
            int group,
            int top,
            ConvolutionArray x,
            float[] packed,
            int packedAt,
            ConvolutionArray bias,
            ConvolutionArray out) {
        var s = plan.sizes();
        int slack = kernels.columns();
        int rows = plan.rowsFrom(top);
        int positions = plan.positions(rows);
        int width = productWidth(positions);
        int height = panels(s.groupOutChannels()) * kernels.rows();
        float[] grid = pool.take(plan.grid().size(s.groupChannels(), slack));
        float[] product = pool.take(height * width);
        float[] tile = pool.take(kernels.rows() * kernels.columns());
        try {
            int channel = (image * s.groups() + group) * s.groupChannels();
            int at = x.offset() + channel * s.plane();
            plan.grid().fill(x.array(), at, s.groupChannels(), top, grid, 0, slack);
            multiply(plan, packed, packedAt, grid, positions, width, product, tile);
            crop(plan, image, group, top, rows, product, width, bias, out);
        } finally {
            pool.give(grid);
            pool.give(product);
            pool.give(tile);
        }
    }

    private void multiply(
            ConvolutionPlan plan,
            float[] packed,
            int packedAt,
            float[] grid,
            int positions,
            int width,
            float[] product,
            float[] tile) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int taps = plan.sizes().taps();
        int channels = plan.sizes().groupOutChannels();
        if (taps == 0) {
            Arrays.fill(product, 0, channels * width, 0);
        }
        for (int k = 0; k < taps; k += DEPTH) {
            int depth = Math.min(DEPTH, taps - k);
            for (int q = 0; q < positions; q += columns) {
                int wanted = Math.min(columns, positions - q);
                for (int i = 0; i < channels; i += rows) {
                    int at = packedAt + i * taps + k * rows;
                    int to = i * width + q;
                    if (k == 0) {
                        kernels.gather(depth, packed, at, grid, q, plan.offsets(), k, wanted, product, to, width);
                    } else {
                        kernels.gather(depth, packed, at, grid, q, plan.offsets(), k, wanted, tile, 0, columns);
                        int height = Math.min(rows, channels - i);
                        kernels.add(tile, height, wanted, product, to, width);
                    }
                }
            }
        }
    }

    /// Copies the product without the positions between the rows.
    private static void crop(
            ConvolutionPlan plan,
            int image,
            int group,
            int top,
            int rows,
            float[] product,
            int width,
            ConvolutionArray bias,
            ConvolutionArray out) {
        var s = plan.sizes();
        float[] array = out.array();
        int columns = s.outWidth();
        for (int o = 0; o < s.groupOutChannels(); o++) {
            int channel = group * s.groupOutChannels() + o;
            float b = bias == null ? 0 : bias.array()[bias.offset() + channel];
            int to = out.offset() + (image * s.outChannels() + channel) * s.positions() + top * columns;
            for (int i = 0; i < rows; i++) {
                int from = o * width + i * plan.grid().width();
                for (int j = 0; j < columns; j++) {
                    array[to + j] = product[from + j] + b;
                }
                to += columns;
            }
        }
    }

    /// out = gradient with respect to x.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        var plan = ConvolutionPlan.of(s, s.outHeight(), pool);
        // Channels are cut into blocks so that a block's grid stays in the cache and there are
        // enough tasks; tiles of one image cannot be tasks, since they meet the same rows of x.
        int fit = Math.max(1, TASK / plan.grid().channelStride());
        int wanted = Math.ceilDiv(TASKS, Math.max(1, s.batch() * s.groups()));
        int block = Math.clamp(Math.ceilDiv(s.groupChannels(), wanted), 1, fit);
        int blocks = Math.ceilDiv(s.groupChannels(), block);
        int outs = s.groupOutChannels();
        int size = panels(block * s.window()) * kernels.rows() * outs;
        float[] packed = pool.take(s.groups() * blocks * size);
        try {
            for (int i = 0; i < s.groups() * blocks; i++) {
                int first = i % blocks * block;
                int count = Math.min(block, s.groupChannels() - first);
                int at = i / blocks * outs * s.taps() + first * s.window();
                pack(weight, at, 1, s.taps(), count * s.window(), outs, packed, i * size);
            }
            tasks.run(
                    s.batch() * s.groups() * blocks,
                    s.work(),
                    task -> {
                        int first = task % blocks * block;
                        int count = Math.min(block, s.groupChannels() - first);
                        int plane = task / blocks;
                        int packedAt = task % (s.groups() * blocks) * size;
                        spreadAndAdd(plan, plane, first, count, gradient, packed, packedAt, out);
                    });
        } finally {
            pool.give(packed);
            pool.give(plan.offsets());
        }
    }

    /// Computes the gradient of `count` channels from `first` on.
    ///
    /// @param plane the number of the image times the number of groups, plus the group
    private void spreadAndAdd(
            ConvolutionPlan plan,
            int plane,
            int first,
            int count,
            ConvolutionArray gradient,
            float[] packed,
            int packedAt,
            ConvolutionArray out) {
        var s = plan.sizes();
        int outs = s.groupOutChannels();
        int slack = kernels.columns();
        int tileRows = ConvolutionPlan.tileRows(s.outHeight(), (long) outs * plan.grid().width(), TASK);
        int width = plan.positions(tileRows) + slack;
        int size = plan.grid().size(count, slack);
        float[] grid = pool.take(size);
        float[] spread = pool.take(outs * width);
        float[] tile = pool.take(kernels.rows() * kernels.columns());
        try {
            Arrays.fill(grid, 0, size, 0);
            for (int top = 0; top < s.outHeight(); top += tileRows) {
                int rows = Math.min(tileRows, s.outHeight() - top);
                int from = gradient.offset() + plane * outs * s.positions();
                plan.spread(gradient.array(), from, top, rows, spread, 0, width);
                addProducts(
                        plan,
                        count * s.window(),
                        packed,
                        packedAt,
                        spread,
                        width,
                        plan.positions(rows),
                        grid,
                        top * plan.grid().width(),
                        tile);
            }
            int to = out.offset() + (plane * s.groupChannels() + first) * s.plane();
            plan.grid().collect(grid, count, out.array(), to);
        } finally {
            pool.give(grid);
            pool.give(spread);
            pool.give(tile);
        }
    }

    private void addProducts(
            ConvolutionPlan plan,
            int taps,
            float[] packed,
            int packedAt,
            float[] spread,
            int width,
            int positions,
            float[] grid,
            int gridAt,
            float[] tile) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int lanes = kernels.lanes();
        int outs = plan.sizes().groupOutChannels();
        for (int k = 0; k < outs; k += DEPTH) {
            int depth = Math.min(DEPTH, outs - k);
            for (int q = 0; q < positions; q += columns) {
                // Whole vectors: behind the last position the product is 0.
                int wanted = Math.min(columns, Math.ceilDiv(positions - q, lanes) * lanes);
                for (int i = 0; i < taps; i += rows) {
                    int at = packedAt + i * outs + k * rows;
                    kernels.tile(depth, packed, at, spread, k * width + q, width, wanted, tile, 0, columns);
                    int height = Math.min(rows, taps - i);
                    kernels.addAt(tile, height, wanted, grid, gridAt + q, plan.offsets(), i);
                }
            }
        }
    }
}
