package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

/// Convolution with a 3 x 3 kernel and stride 1, and its gradient with respect to the input, by Winograd's method; see
/// [WinogradKernels].
///
/// For each of the 36 points the sum over channels is a matrix product `[O, C] · [C, tiles]`. The transforms write both
/// factors as the panels that the kernels of products read. A block of tiles is transformed for all channels, and then
/// multiplied and transformed back in tasks of some output channels and some tiles, whose products stay in the
/// second-level cache.
///
/// A tile's 36 points mix its 36 elements: a NaN or an infinity there spoils the whole tile of 4 x 4, not only the
/// elements of the output whose windows see it; and elements above 10³⁷ may overflow.
final class WinogradConvolution {
    /// Elements of the transformed tiles of a block: 4 MiB.
    private static final int TILES = 1 << 20;

    /// Elements of the transformed filters that are used together: 8 MiB.
    private static final int FILTERS = 1 << 21;

    /// Panels of output channels in a task.
    private static final int TASK_ROWS = 6;

    /// Panels of tiles in a task: its products are then about 250 KiB, half of a small second-level cache.
    private static final int TASK_COLUMNS = 3;

    private final GemmKernels kernels;
    private final WinogradKernels transforms;
    private final GemmTasks tasks;
    private final ArrayPool pool;
    private final WinogradInput inputs;
    private final WinogradFilters filters;
    private final int mostTiles;
    private final int mostFilters;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    WinogradConvolution(GemmKernels kernels, WinogradKernels transforms, Workers workers, ArrayPool pool) {
        this(kernels, transforms, workers, pool, TILES, FILTERS);
    }

    /// As above.
    ///
    /// @param mostTiles elements of the transformed tiles of a block
    /// @param mostFilters elements of the transformed filters that are used together
    WinogradConvolution(
            GemmKernels kernels,
            WinogradKernels transforms,
            Workers workers,
            ArrayPool pool,
            int mostTiles,
            int mostFilters) {
        this.mostTiles = mostTiles;
        this.mostFilters = mostFilters;
        this.kernels = kernels;
        this.transforms = transforms;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
        inputs = new WinogradInput(transforms, tasks, pool);
        filters = new WinogradFilters(transforms, kernels, tasks, pool);
    }

    /// Returns the next size that is an odd number of lines of 64 bytes: the same element of all points would otherwise
    /// fall into the same few lines of the cache.
    static int spread(int size) {
        return (Math.ceilDiv(size, 16) | 1) * 16;
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
        int filter = s.channels() * WinogradSizes.WINDOW;
        compute(
                WinogradSizes.forward(s),
                x,
                new WinogradFilters.Layout(weight.array(), weight.offset(), filter, WinogradSizes.WINDOW, false),
                bias,
                out);
    }

    /// out = gradient with respect to x: the convolution of the output's gradient with the turned filters.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        int filter = s.channels() * WinogradSizes.WINDOW;
        compute(
                WinogradSizes.inputGradient(s),
                gradient,
                new WinogradFilters.Layout(weight.array(), weight.offset(), WinogradSizes.WINDOW, filter, true),
                null,
                out);
    }

    /// How the work is cut, by sizes only.
    ///
    /// @param tilePoint elements from one point of a panel of tiles to the next
    /// @param filterPoint elements from one point of a panel of filters to the next
    /// @param tilePanels panels of tiles in a block
    /// @param filterPanels panels of filters that are used together
    private record Cut(WinogradSizes s, int tilePoint, int filterPoint, int tilePanels, int filterPanels) {
        int tilePanel() {
            return WinogradSizes.POINTS * tilePoint;
        }

        int filterPanel() {
            return WinogradSizes.POINTS * filterPoint;
        }
    }

    /// Returns the least equal share when `count` things come in groups of at most `most`.
    static int share(int count, int most) {
        return Math.max(1, Math.ceilDiv(count, Math.ceilDiv(count, Math.max(1, most))));
    }

    private Cut cut(WinogradSizes s, int panels, int rowPanels) {
        int tilePoint = spread(s.channels() * kernels.columns());
        int filterPoint = filters.point(s.channels());
        return new Cut(
                s,
                tilePoint,
                filterPoint,
                share(panels, mostTiles / (WinogradSizes.POINTS * tilePoint)),
                share(rowPanels, mostFilters / (WinogradSizes.POINTS * filterPoint)));
    }

    private void compute(
            WinogradSizes s,
            ConvolutionArray x,
            WinogradFilters.Layout weight,
            ConvolutionArray bias,
            ConvolutionArray out) {
        if (s.tiles() == 0) {
            return;
        }
        int width = kernels.columns();
        int panels = Math.ceilDiv(s.tiles(), width);
        int rowPanels = Math.ceilDiv(s.outChannels(), kernels.rows());
        Cut cut = cut(s, panels, rowPanels);
        var layout = new WinogradInput.Layout(width, cut.tilePanel(), cut.tilePoint(), width);
        float[] patches = pool.take(cut.tilePanels() * cut.tilePanel());
        float[] packed = pool.take(cut.filterPanels() * cut.filterPanel());
        try {
            for (int panel = 0; panel < panels; panel += cut.tilePanels()) {
                int across = Math.min(cut.tilePanels(), panels - panel);
                inputs.transform(s, x, panel * width, across * width, layout, patches);
                for (int row = 0; row < rowPanels; row += cut.filterPanels()) {
                    int down = Math.min(cut.filterPanels(), rowPanels - row);
                    if (panel == 0 || cut.filterPanels() < rowPanels) {
                        filters.transform(weight, s.outChannels(), s.channels(), row, down, packed);
                    }
                    multiply(cut, panel, across, row, down, patches, packed, bias, out);
                }
            }
        } finally {
            pool.give(patches);
            pool.give(packed);
        }
    }

    /// Computes the output of `across` panels of tiles and `down` panels of output channels.
    private void multiply(
            Cut cut,
            int panel,
            int across,
            int row,
            int down,
            float[] patches,
            float[] packed,
            ConvolutionArray bias,
            ConvolutionArray out) {
        var s = cut.s();
        int columns = share(across, TASK_COLUMNS);
        int rows = share(down, TASK_ROWS);
        int blocks = Math.ceilDiv(across, columns);
        tasks.run(
                blocks * Math.ceilDiv(down, rows),
                (long) across * down * cut.tilePanel() * kernels.rows(),
                task -> {
                    int q = task % blocks * columns;
                    int r = task / blocks * rows;
                    int width = Math.min(columns, across - q);
                    int height = Math.min(rows, down - r);
                    int stride = width * kernels.columns();
                    int point = spread(height * kernels.rows() * stride);
                    float[] products = pool.take(WinogradSizes.POINTS * point);
                    float[] tiles = pool.take(16 * stride);
                    float[] workspace = pool.take(WinogradKernels.WORKSPACE);
                    try {
                        products(cut, q, width, r, height, patches, packed, products, stride, point);
                        int first = (row + r) * kernels.rows();
                        int end = Math.min(s.outChannels(), first + height * kernels.rows());
                        for (int o = first; o < end; o++) {
                            float more = bias == null ? 0 : bias.array()[bias.offset() + o];
                            int at = (o - first) * stride;
                            transforms.outputs(products, at, point, stride, more, tiles, stride, workspace);
                            int tile = (panel + q) * kernels.columns();
                            write(s, tiles, stride, tile, Math.min(stride, s.tiles() - tile), o, out);
                        }
                    } finally {
                        pool.give(products);
                        pool.give(tiles);
                        pool.give(workspace);
                    }
                });
    }

    private void products(
            Cut cut,
            int panel,
            int across,
            int row,
            int down,
            float[] patches,
            float[] packed,
            float[] products,
            int stride,
            int point) {
        int channels = cut.s().channels();
        int rows = kernels.rows();
        int columns = kernels.columns();
        for (int f = 0; f < WinogradSizes.POINTS; f++) {
            for (int q = 0; q < across; q++) {
                int b = (panel + q) * cut.tilePanel() + f * cut.tilePoint();
                for (int r = 0; r < down; r++) {
                    int a = (row + r) * cut.filterPanel() + f * cut.filterPoint();
                    int c = f * point + r * rows * stride + q * columns;
                    kernels.tile(channels, packed, a, patches, b, columns, columns, products, c, stride);
                }
            }
        }
    }

    /// Writes the elements of some tiles of a channel to their rows.
    private static void write(
            WinogradSizes s, float[] tiles, int stride, int first, int count, int channel, ConvolutionArray out) {
        int columns = s.tileColumns();
        int wholeColumns = s.outWidth() / WinogradSizes.TILE;
        for (int q = 0; q < count; ) {
            int row = (first + q) / columns;
            int left = (first + q) % columns;
            int n = Math.min(columns - left, count - q);
            int whole = Math.clamp(wholeColumns - left, 0, n);
            int plane = row / s.tileRows() * s.outChannels() + channel;
            int y = row % s.tileRows() * WinogradSizes.TILE;
            int rows = Math.min(WinogradSizes.TILE, s.outHeight() - y);
            int at = out.offset() + plane * s.outPlane() + y * s.outWidth() + left * WinogradSizes.TILE;
            for (int i = 0; i < rows; i++) {
                int from = i * WinogradSizes.TILE * stride + q;
                int to = at + i * s.outWidth();
                interleave(tiles, from, stride, whole, out.array(), to);
                if (whole < n) {
                    int rest = s.outWidth() % WinogradSizes.TILE;
                    for (int j = 0; j < rest; j++) {
                        out.array()[to + WinogradSizes.TILE * whole + j] = tiles[from + j * stride + whole];
                    }
                }
            }
            q += n;
        }
    }

    private static void interleave(float[] tiles, int from, int stride, int count, float[] out, int at) {
        for (int t = 0; t < count; t++) {
            int to = at + WinogradSizes.TILE * t;
            out[to] = tiles[from + t];
            out[to + 1] = tiles[from + stride + t];
            out[to + 2] = tiles[from + 2 * stride + t];
            out[to + 3] = tiles[from + 3 * stride + t];
        }
    }
}
