package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// The gradient of a 3 x 3 convolution with stride 1 with respect to its weight, by Winograd's method; see
/// [WinogradKernels].
///
/// For each of the 36 points the sum over tiles is a matrix product `[C, tiles] · [tiles, O]`. The left factor is read
/// in place, as the transform of the input writes it, with neighbouring tiles side by side; the right one has
/// neighbouring output channels side by side, for which the output's gradient is transposed tile by tile. Blocks of
/// tiles follow each other, and a task sums one point for some input channels; so no partial sums have to be added.
///
/// NaN and infinity spread as in [WinogradConvolution].
final class WinogradWeightGradient {
    /// Elements of both factors of a block: 4 MiB.
    private static final int TILES = 1 << 20;

    /// Tiles of a block at least: fewer would not make up for visiting the sums.
    private static final int LEAST = 64;

    /// Input channels of a task, a multiple of the rows of a tile of the product.
    private static final int CHANNELS = 48;

    /// Tiles of a task that transforms the output's gradient.
    private static final int TASK_TILES = 32;

    private final GemmKernels kernels;
    private final WinogradKernels transforms;
    private final GemmTasks tasks;
    private final ArrayPool pool;
    private final WinogradInput inputs;
    private final int most;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    WinogradWeightGradient(GemmKernels kernels, WinogradKernels transforms, Workers workers, ArrayPool pool) {
        this(kernels, transforms, workers, pool, TILES);
    }

    /// As above.
    ///
    /// @param most elements of both factors of a block
    WinogradWeightGradient(GemmKernels kernels, WinogradKernels transforms, Workers workers, ArrayPool pool, int most) {
        this.kernels = kernels;
        this.transforms = transforms;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
        this.most = most;
        inputs = new WinogradInput(transforms, tasks, pool);
    }

    /// How the work is cut and where things lie, by sizes only.
    ///
    /// @param tiles of a block
    /// @param outs output channels, filled up to whole panels
    /// @param inputPoint elements from one point of the transformed input to the next; channel c begins at `c · tiles`
    /// @param gradientPoint elements from one point of a panel of the transformed gradient to the next
    /// @param sumPoint elements from one point of the sums `[C, outs]` to the next
    private record Cut(WinogradSizes s, int tiles, int outs, int inputPoint, int gradientPoint, int sumPoint) {
        int gradientPanel() {
            return WinogradSizes.POINTS * gradientPoint;
        }
    }

    private Cut cut(WinogradSizes s) {
        int width = kernels.columns();
        int panels = Math.ceilDiv(s.tiles(), width);
        int outs = Math.ceilDiv(s.outChannels(), width) * width;
        int fit = most / (WinogradSizes.POINTS * (s.channels() + outs));
        int tiles = WinogradConvolution.share(panels, Math.max(fit, LEAST) / width) * width;
        return new Cut(
                s,
                tiles,
                outs,
                WinogradConvolution.spread(s.channels() * tiles),
                WinogradConvolution.spread(tiles * width),
                WinogradConvolution.spread(s.channels() * outs));
    }

    /// out = gradient with respect to the weight.
    void compute(ConvolutionSizes sizes, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        var s = WinogradSizes.forward(sizes);
        if (s.tiles() == 0) {
            int size = s.outChannels() * s.channels() * WinogradSizes.WINDOW;
            Arrays.fill(out.array(), out.offset(), out.offset() + size, 0);
            return;
        }
        var cut = cut(s);
        int width = kernels.columns();
        var layout = new WinogradInput.Layout(width, width, cut.inputPoint(), cut.tiles());
        float[] patches = pool.take(WinogradSizes.POINTS * cut.inputPoint());
        float[] tiles = pool.take(cut.outs() / width * cut.gradientPanel());
        float[] sums = pool.take(WinogradSizes.POINTS * cut.sumPoint());
        try {
            int all = Math.ceilDiv(s.tiles(), width) * width;
            for (int first = 0; first < all; first += cut.tiles()) {
                int count = Math.min(cut.tiles(), all - first);
                inputs.transform(s, x, first, count, layout, patches);
                transform(cut, gradient, first, count, tiles);
                add(cut, first == 0, count, patches, tiles, sums);
            }
            write(cut, sums, out);
        } finally {
            pool.give(patches);
            pool.give(tiles);
            pool.give(sums);
        }
    }

    /// Transforms some tiles of the output's gradient.
    private void transform(Cut cut, ConvolutionArray gradient, int first, int count, float[] to) {
        int width = kernels.columns();
        int blocks = Math.ceilDiv(count, TASK_TILES);
        tasks.run(
                blocks * (cut.outs() / width),
                8L * count * cut.outs() * WinogradSizes.POINTS,
                task -> {
                    int panel = task / blocks;
                    int from = task % blocks * TASK_TILES;
                    int end = Math.min(count, from + TASK_TILES);
                    float[] tile = pool.take(16 * width);
                    float[] workspace = pool.take(WinogradKernels.WORKSPACE);
                    try {
                        for (int q = from; q < end; q++) {
                            gather(cut.s(), gradient, first + q, panel * width, tile);
                            int at = panel * cut.gradientPanel() + q * width;
                            transforms.tiles(tile, width, width, to, at, cut.gradientPoint(), workspace);
                        }
                    } finally {
                        pool.give(tile);
                        pool.give(workspace);
                    }
                });
    }

    /// Writes a tile of some output channels with the channels side by side, and zeros outside of the image, behind the
    /// last tile and behind the last channel.
    private void gather(WinogradSizes s, ConvolutionArray gradient, int tile, int channel, float[] to) {
        int width = kernels.columns();
        int count = Math.min(width, s.outChannels() - channel);
        int columns = s.tileColumns();
        int y = tile / columns % s.tileRows() * WinogradSizes.TILE;
        int x = tile % columns * WinogradSizes.TILE;
        int rows = tile < s.tiles() ? Math.min(WinogradSizes.TILE, s.outHeight() - y) : 0;
        int wanted = Math.min(WinogradSizes.TILE, s.outWidth() - x);
        if (count < width || rows < WinogradSizes.TILE || wanted < WinogradSizes.TILE) {
            Arrays.fill(to, 0, 16 * width, 0);
        }
        int plane = tile / columns / s.tileRows() * s.outChannels() + channel;
        int from = gradient.offset() + plane * s.outPlane() + y * s.outWidth() + x;
        for (int o = 0; o < count; o++) {
            for (int i = 0; i < rows; i++) {
                int at = from + o * s.outPlane() + i * s.outWidth();
                int place = WinogradSizes.TILE * i * width + o;
                if (wanted == WinogradSizes.TILE) {
                    to[place] = gradient.array()[at];
                    to[place + width] = gradient.array()[at + 1];
                    to[place + 2 * width] = gradient.array()[at + 2];
                    to[place + 3 * width] = gradient.array()[at + 3];
                } else {
                    for (int j = 0; j < wanted; j++) {
                        to[place + j * width] = gradient.array()[at + j];
                    }
                }
            }
        }
    }

    /// Adds the products of a block of tiles to the sums, or writes them there.
    private void add(Cut cut, boolean first, int count, float[] patches, float[] tiles, float[] sums) {
        int channels = cut.s().channels();
        int blocks = Math.ceilDiv(channels, CHANNELS);
        int rows = kernels.rows();
        int[] offsets = pool.takeInts(rows);
        for (int i = 0; i < rows; i++) {
            offsets[i] = i * cut.tiles();
        }
        try {
            tasks.run(
                    WinogradSizes.POINTS * blocks,
                    (long) WinogradSizes.POINTS * count * channels * cut.outs(),
                    task -> {
                        int f = task / blocks;
                        int from = task % blocks * CHANNELS;
                        int end = Math.min(channels, from + CHANNELS);
                        addPoint(cut, first, count, f, from, end, offsets, patches, tiles, sums);
                    });
        } finally {
            pool.give(offsets);
        }
    }

    private void addPoint(
            Cut cut,
            boolean first,
            int count,
            int f,
            int from,
            int end,
            int[] offsets,
            float[] patches,
            float[] tiles,
            float[] sums) {
        int rows = kernels.rows();
        int width = kernels.columns();
        float[] product = pool.take(rows * width);
        try {
            for (int o = 0; o < cut.outs(); o += width) {
                int b = o / width * cut.gradientPanel() + f * cut.gradientPoint();
                for (int c = from; c < end; c += rows) {
                    int height = Math.min(rows, end - c);
                    int a = f * cut.inputPoint() + c * cut.tiles();
                    int to = f * cut.sumPoint() + c * cut.outs() + o;
                    kernels.outer(count, patches, a, offsets, 0, height, tiles, b, width, width, product, 0, width);
                    if (first) {
                        for (int i = 0; i < height; i++) {
                            System.arraycopy(product, i * width, sums, to + i * cut.outs(), width);
                        }
                    } else {
                        kernels.add(product, height, width, sums, to, cut.outs());
                    }
                }
            }
        } finally {
            pool.give(product);
        }
    }

    /// Transforms the sums back.
    private void write(Cut cut, float[] sums, ConvolutionArray out) {
        var s = cut.s();
        int channels = s.channels();
        tasks.run(
                channels,
                8L * WinogradSizes.POINTS * channels * cut.outs(),
                c -> {
                    float[] filters = pool.take(WinogradSizes.WINDOW * cut.outs());
                    float[] workspace = pool.take(WinogradKernels.WORKSPACE);
                    try {
                        transforms.weights(
                                sums, c * cut.outs(), cut.sumPoint(), cut.outs(), filters, cut.outs(), workspace);
                        for (int o = 0; o < s.outChannels(); o++) {
                            int to = out.offset() + (o * channels + c) * WinogradSizes.WINDOW;
                            for (int k = 0; k < WinogradSizes.WINDOW; k++) {
                                out.array()[to + k] = filters[k * cut.outs() + o];
                            }
                        }
                    } finally {
                        pool.give(filters);
                        pool.give(workspace);
                    }
                });
    }
}
