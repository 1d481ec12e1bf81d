package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Convolution, and its gradient with respect to the weight, with the output channels side by side in
/// the vectors: for small images, whose rows would not fill vectors, and about 16 output channels.
///
/// The products are matrices of 16 columns: forward `[positions, 16]` = Σ image · `[taps, 16]`, for the
/// weight's gradient `[taps, 16]` = Σ image · `[positions, 16]`. The element of the image is in both the
/// one where the position meets the tap, and is broadcast from where it is: no patch is copied, and no
/// position computed that is not wanted.
final class ConvolutionByChannels {
    private static final int ROWS = PatchTile.ROWS;
    private static final int COLUMNS = PatchTile.COLUMNS;

    /// Elements of all partial sums of the weight gradient.
    private static final int SUMS = 1 << 18;

    /// Partial sums of the weight gradient: more would need more memory, fewer keep threads idle.
    private static final int PARTS = 8;

    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes on these threads, in workspaces of this pool.
    ConvolutionByChannels(Workers workers, ArrayPool pool) {
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// What both ways share.
    ///
    /// @param width columns of an image with its padding
    /// @param plane elements of a channel of it
    /// @param blocks of 16 output channels in a group
    /// @param positions where in an image the patch of a position begins
    /// @param taps where in a patch a tap lies
    private record Layout(ConvolutionSizes sizes, int width, int plane, int blocks, int[] positions, int[] taps) {
        /// Returns the output channels of a block.
        int channels(int block) {
            return Math.min(COLUMNS, sizes.groupOutChannels() - block * COLUMNS);
        }

        boolean padded() {
            return plane > sizes.plane();
        }

        /// Returns the elements of the workspace for an image.
        int imageSize() {
            return padded() ? sizes.groupChannels() * plane + PaddedRows.SLACK : 0;
        }
    }

    private Layout layout(ConvolutionSizes s) {
        var o = s.options();
        int width = s.width() + 2 * o.paddingWidth();
        int plane = (s.height() + 2 * o.paddingHeight()) * width;
        int[] positions = pool.takeInts(s.positions());
        for (int i = 0; i < s.positions(); i++) {
            int row = i / s.outWidth() * o.strideHeight();
            positions[i] = row * width + i % s.outWidth() * o.strideWidth();
        }
        int[] taps = pool.takeInts(s.taps());
        for (int i = 0; i < s.taps(); i++) {
            int row = i % s.window() / s.kernelWidth() * o.dilationHeight();
            taps[i] = i / s.window() * plane + row * width + i % s.kernelWidth() * o.dilationWidth();
        }
        return new Layout(s, width, plane, Math.ceilDiv(s.groupOutChannels(), COLUMNS), positions, taps);
    }

    private void giveBack(Layout layout) {
        pool.give(layout.positions());
        pool.give(layout.taps());
    }

    private static int whole(int rows) {
        return Math.ceilDiv(rows, ROWS) * ROWS;
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
        var layout = layout(s);
        float[] packed = pool.take(s.groups() * layout.blocks() * s.taps() * COLUMNS);
        try {
            for (int i = 0; i < s.groups() * layout.blocks(); i++) {
                int block = i % layout.blocks();
                int channel = i / layout.blocks() * s.groupOutChannels() + block * COLUMNS;
                int from = weight.offset() + channel * s.taps();
                toColumns(weight.array(), from, s.taps(), layout.channels(block), packed, i * s.taps() * COLUMNS);
            }
            int blocks = layout.blocks();
            tasks.run(
                    s.batch() * s.groups() * blocks,
                    s.work(),
                    task -> {
                        int plane = task / blocks;
                        int block = task % blocks;
                        int at = (plane % s.groups() * blocks + block) * s.taps() * COLUMNS;
                        block(layout, plane, block, x, packed, at, bias, out);
                    });
        } finally {
            pool.give(packed);
            giveBack(layout);
        }
    }

    /// Computes a block of output channels of one group of one image.
    private void block(
            Layout layout,
            int plane,
            int block,
            ConvolutionArray x,
            float[] packed,
            int packedAt,
            ConvolutionArray bias,
            ConvolutionArray out) {
        var s = layout.sizes();
        int size = whole(s.positions()) * COLUMNS;
        float[] workspace = pool.take(layout.imageSize());
        float[] product = pool.take(size);
        try {
            var image = image(layout, x, plane, workspace);
            Arrays.fill(product, 0, size, 0);
            addProducts(
                    s.positions(), s.taps(), image, layout.positions(), layout.taps(), packed, packedAt, product, 0);
            int channel = plane * s.groupOutChannels() + block * COLUMNS;
            for (int j = 0; j < layout.channels(block); j++) {
                float b = bias == null ? 0 : bias.array()[bias.offset() + (channel + j) % s.outChannels()];
                copyColumn(product, j, s.positions(), b, out.array(), out.offset() + (channel + j) * s.positions());
            }
        } finally {
            pool.give(workspace);
            pool.give(product);
        }
    }

    /// Returns one group of one image, with its padding: where it has none, in its own place.
    private static ConvolutionArray image(Layout layout, ConvolutionArray x, int plane, float[] workspace) {
        var s = layout.sizes();
        int at = x.offset() + plane * s.groupChannels() * s.plane();
        if (!layout.padded()) {
            return new ConvolutionArray(x.array(), at);
        }
        var o = s.options();
        Arrays.fill(workspace, 0, layout.imageSize(), 0);
        for (int c = 0; c < s.groupChannels(); c++) {
            int to = c * layout.plane() + o.paddingHeight() * layout.width();
            PaddedRows.copy(
                    x.array(),
                    at + c * s.plane(),
                    s.height(),
                    s.width(),
                    workspace,
                    to,
                    o.paddingWidth(),
                    layout.width());
        }
        return new ConvolutionArray(workspace, 0);
    }

    /// product `[rows, 16]` += image[rows, steps] · b `[steps, 16]`.
    private static void addProducts(
            int count,
            int depth,
            ConvolutionArray image,
            int[] rows,
            int[] steps,
            float[] b,
            int bi,
            float[] product,
            int to) {
        for (int i = 0; i < count; i += ROWS) {
            int height = Math.min(ROWS, count - i);
            PatchTile.add(
                    depth, image.array(), image.offset(), rows, i, height, steps, b, bi, product, to + i * COLUMNS);
        }
    }

    /// Copies rows to the columns of a matrix of 16 columns, of which the others become 0.
    private static void toColumns(float[] from, int at, int length, int rows, float[] columns, int to) {
        if (rows < COLUMNS) {
            Arrays.fill(columns, to, to + length * COLUMNS, 0);
        }
        int j = 0;
        // Four rows at once: the stores of a step fall into one line of the cache.
        for (; j + 4 <= rows; j += 4) {
            interleave4(from, at + j * length, length, columns, to + j);
        }
        for (; j < rows; j++) {
            for (int i = 0; i < length; i++) {
                columns[to + i * COLUMNS + j] = from[at + j * length + i];
            }
        }
    }

    private static void interleave4(float[] from, int at, int length, float[] columns, int to) {
        int r1 = at + length;
        int r2 = r1 + length;
        int r3 = r2 + length;
        for (int i = 0; i < length; i++) {
            int t = to + i * COLUMNS;
            columns[t] = from[at + i];
            columns[t + 1] = from[r1 + i];
            columns[t + 2] = from[r2 + i];
            columns[t + 3] = from[r3 + i];
        }
    }

    private static void copyColumn(float[] columns, int at, int length, float bias, float[] to, int toAt) {
        for (int i = 0; i < length; i++) {
            to[toAt + i] = columns[at + i * COLUMNS] + bias;
        }
    }

    /// out = gradient with respect to the weight.
    ///
    /// The images are cut into a fixed number of parts. Each part is summed in the order of its images,
    /// and the parts are added in their order.
    void weightGradient(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        var layout = layout(s);
        int blocks = s.groups() * layout.blocks();
        int size = whole(s.taps()) * COLUMNS;
        int most = Math.clamp(SUMS / Math.max(1, blocks * size), 1, PARTS);
        int parts = Math.clamp(s.batch(), 1, most);
        float[] sums = pool.take(parts * blocks * size);
        try {
            tasks.run(
                    parts * blocks,
                    s.work(),
                    task -> {
                        int part = task / blocks;
                        int block = task % layout.blocks();
                        int group = task % blocks / layout.blocks();
                        Arrays.fill(sums, task * size, (task + 1) * size, 0);
                        int end = (int) ((long) s.batch() * (part + 1) / parts);
                        for (int n = (int) ((long) s.batch() * part / parts); n < end; n++) {
                            addImage(layout, n * s.groups() + group, block, x, gradient, sums, task * size);
                        }
                    });
            for (int part = 1; part < parts; part++) {
                add(sums, part * blocks * size, blocks * size);
            }
            for (int i = 0; i < blocks; i++) {
                int block = i % layout.blocks();
                int channel = i / layout.blocks() * s.groupOutChannels() + block * COLUMNS;
                for (int j = 0; j < layout.channels(block); j++) {
                    int to = out.offset() + (channel + j) * s.taps();
                    copyColumn(sums, i * size + j, s.taps(), 0, out.array(), to);
                }
            }
        } finally {
            pool.give(sums);
            giveBack(layout);
        }
    }

    private static void add(float[] sums, int from, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += sums[from + i];
        }
    }

    private void addImage(
            Layout layout, int plane, int block, ConvolutionArray x, ConvolutionArray gradient, float[] sums, int to) {
        var s = layout.sizes();
        float[] workspace = pool.take(layout.imageSize());
        float[] columns = pool.take(s.positions() * COLUMNS);
        try {
            var image = image(layout, x, plane, workspace);
            int channel = plane * s.groupOutChannels() + block * COLUMNS;
            int from = gradient.offset() + channel * s.positions();
            toColumns(gradient.array(), from, s.positions(), layout.channels(block), columns, 0);
            addProducts(s.taps(), s.positions(), image, layout.taps(), layout.positions(), columns, 0, sums, to);
        } finally {
            pool.give(workspace);
            pool.give(columns);
        }
    }
}
