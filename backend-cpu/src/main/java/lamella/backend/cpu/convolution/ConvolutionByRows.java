package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Convolution with stride 1, and its gradient with respect to the input, row by row of the result:
/// for few channels.
///
/// A tile is a stretch of one row of the result in as many channels as a tile of the matrix kernels
/// has rows. It is written to its place at once, and the positions between rows, which
/// [ConvolutionByShifts] computes for nothing and crops, do not exist. Rows of the kernel that lie
/// in the padding are left out: for an input gradient, whose padding is almost a kernel wide, that is
/// up to half of the products.
///
/// The last tile of a row, and the last channels, overlap those before where they would not fill
/// the registers: what is computed twice comes out the same.
final class ConvolutionByRows {
    /// Elements of the input of a task: 32 KiB.
    private static final int TASK = 1 << 13;

    private final GemmKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    ConvolutionByRows(GemmKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// A correlation of `from` channels to `to` channels, in one group: forward from the input to the
    /// output, backward from the output's gradient to the input's.
    ///
    /// @param top rows of padding above the source
    /// @param left columns of padding to the left of the source
    private record Correlation(
            int from,
            int height,
            int width,
            int to,
            int resultHeight,
            int resultWidth,
            int kernelHeight,
            int kernelWidth,
            int top,
            int left) {
        static Correlation forward(ConvolutionSizes s) {
            return new Correlation(
                    s.groupChannels(),
                    s.height(),
                    s.width(),
                    s.groupOutChannels(),
                    s.outHeight(),
                    s.outWidth(),
                    s.kernelHeight(),
                    s.kernelWidth(),
                    s.options().paddingHeight(),
                    s.options().paddingWidth());
        }

        static Correlation backward(ConvolutionSizes s) {
            return new Correlation(
                    s.groupOutChannels(),
                    s.outHeight(),
                    s.outWidth(),
                    s.groupChannels(),
                    s.height(),
                    s.width(),
                    s.kernelHeight(),
                    s.kernelWidth(),
                    s.kernelHeight() - 1 - s.options().paddingHeight(),
                    s.kernelWidth() - 1 - s.options().paddingWidth());
        }

        /// Returns the columns of a padded row of the source.
        int paddedWidth() {
            return resultWidth + kernelWidth - 1;
        }

        /// Returns the taps in one row of the kernel.
        int rowTaps() {
            return from * kernelWidth;
        }

        int taps() {
            return kernelHeight * rowTaps();
        }

        /// Returns how many rows of the result make a task.
        int taskRows() {
            return ConvolutionPlan.tileRows(resultHeight, (long) from * paddedWidth(), TASK);
        }

        /// Returns the rows of the source that a task may need.
        int sourceRows() {
            return Math.min(height, taskRows() + kernelHeight - 1);
        }

        int planeStride() {
            return sourceRows() * paddedWidth();
        }
    }

    /// Where a weight lies: that of result channel t, source channel f and tap (u, v) of the kernel is at
    /// `at + t · to + f · from + u · row + v · column`.
    private record Weights(float[] array, int at, int to, int from, int row, int column) {}

    /// Tells whether these sizes can be computed here.
    static boolean fits(ConvolutionSizes s) {
        var o = s.options();
        return o.strideHeight() == 1
                && o.strideWidth() == 1
                && o.dilationHeight() == 1
                && o.dilationWidth() == 1
                && o.paddingHeight() < s.kernelHeight()
                && o.paddingWidth() < s.kernelWidth();
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
        var weights = new Weights(weight.array(), weight.offset(), s.taps(), s.window(), s.kernelWidth(), 1);
        run(s, Correlation.forward(s), x, weights, bias, out);
    }

    /// out = gradient with respect to x: the correlation of the output's gradient with the reversed
    /// kernel.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        int last = weight.offset() + s.window() - 1;
        var weights = new Weights(weight.array(), last, s.window(), s.taps(), -s.kernelWidth(), -1);
        run(s, Correlation.backward(s), gradient, weights, null, out);
    }

    private void run(
            ConvolutionSizes s,
            Correlation k,
            ConvolutionArray source,
            Weights weights,
            ConvolutionArray bias,
            ConvolutionArray result) {
        int panels = Math.ceilDiv(k.to(), kernels.rows());
        int size = panels * k.taps() * kernels.rows();
        int taskRows = k.taskRows();
        int blocks = Math.ceilDiv(k.resultHeight(), taskRows);
        int groupSize = s.groupOutChannels() * s.taps();
        float[] packed = pool.take(s.groups() * size);
        int[] offsets = pool.takeInts(k.taps());
        try {
            for (int group = 0; group < s.groups(); group++) {
                pack(k, weights, group * groupSize, packed, group * size);
            }
            setOffsets(k, offsets);
            tasks.run(
                    s.batch() * s.groups() * blocks,
                    s.work(),
                    task -> {
                        int plane = task / blocks;
                        int top = task % blocks * taskRows;
                        int end = Math.min(k.resultHeight(), top + taskRows);
                        int group = plane % s.groups();
                        rows(k, plane, top, end, source, packed, group * size, offsets, result);
                        if (bias != null) {
                            addBias(k, plane, top, end, bias.array(), bias.offset() + group * k.to(), result);
                        }
                    });
        } finally {
            pool.give(packed);
            pool.give(offsets);
        }
    }

    /// Returns the first channel of a panel: the last panel overlaps the one before.
    private int firstChannel(Correlation k, int panel) {
        return Math.max(0, Math.min(panel * kernels.rows(), k.to() - kernels.rows()));
    }

    /// Packs panels of channels, tap by tap: rows of the kernel, channels of the source, columns of the
    /// kernel, so that the taps of some rows of the kernel are next to each other.
    private void pack(Correlation k, Weights w, int at, float[] packed, int packedAt) {
        int rows = kernels.rows();
        int next = packedAt;
        for (int panel = 0; panel * rows < k.to(); panel++) {
            int first = firstChannel(k, panel);
            for (int u = 0; u < k.kernelHeight(); u++) {
                for (int f = 0; f < k.from(); f++) {
                    for (int v = 0; v < k.kernelWidth(); v++) {
                        int from = w.at() + at + first * w.to() + f * w.from() + u * w.row() + v * w.column();
                        for (int i = 0; i < rows; i++) {
                            packed[next++] = first + i < k.to() ? w.array()[from + i * w.to()] : 0;
                        }
                    }
                }
            }
        }
    }

    private static void setOffsets(Correlation k, int[] offsets) {
        int tap = 0;
        for (int u = 0; u < k.kernelHeight(); u++) {
            for (int f = 0; f < k.from(); f++) {
                for (int v = 0; v < k.kernelWidth(); v++) {
                    offsets[tap++] = f * k.planeStride() + u * k.paddedWidth() + v;
                }
            }
        }
    }

    /// Computes the rows `top` to `end - 1` of one image's group.
    private void rows(
            Correlation k,
            int plane,
            int top,
            int end,
            ConvolutionArray source,
            float[] packed,
            int packedAt,
            int[] offsets,
            ConvolutionArray result) {
        int rows = kernels.rows();
        int columns = kernels.columns();
        int slack = columns + PaddedRows.SLACK;
        int size = k.from() * k.planeStride();
        float[] padded = pool.take(size + slack);
        float[] tile = pool.take(rows * columns);
        try {
            int first = Math.max(0, top - k.top());
            int count = Math.min(k.height(), end - 1 - k.top() + k.kernelHeight()) - first;
            for (int f = 0; f < k.from(); f++) {
                int at = source.offset() + ((plane * k.from() + f) * k.height() + first) * k.width();
                PaddedRows.copy(
                        source.array(), at, count, k.width(), padded, f * k.planeStride(), k.left(), k.paddedWidth());
            }
            Arrays.fill(padded, size, size + slack, 0);
            for (int panel = 0; panel * rows < k.to(); panel++) {
                int channel = firstChannel(k, panel);
                int height = Math.min(rows, k.to() - channel);
                int to = result.offset() + (plane * k.to() + channel) * k.resultHeight() * k.resultWidth();
                int weights = packedAt + panel * k.taps() * rows;
                for (int y = top; y < end; y++) {
                    int at = (y - k.top() - first) * k.paddedWidth();
                    int low = Math.max(0, k.top() - y) * k.rowTaps();
                    int high = Math.min(k.kernelHeight(), k.height() + k.top() - y) * k.rowTaps();
                    row(
                            k,
                            height,
                            packed,
                            weights,
                            padded,
                            at,
                            offsets,
                            low,
                            high,
                            tile,
                            result.array(),
                            to + y * k.resultWidth());
                }
            }
        } finally {
            pool.give(padded);
            pool.give(tile);
        }
    }

    /// Computes one row of the result from the taps `low` to `high - 1`.
    private void row(
            Correlation k,
            int height,
            float[] packed,
            int weights,
            float[] padded,
            int at,
            int[] offsets,
            int low,
            int high,
            float[] tile,
            float[] result,
            int to) {
        int width = k.resultWidth();
        int stride = k.resultHeight() * width;
        int a = weights + low * kernels.rows();
        for (int q = 0; q < width; q += kernels.columns()) {
            int wanted = Math.min(kernels.columns(), width - q);
            int written = kernels.written(wanted);
            int from = written <= width ? Math.min(q, width - written) : q;
            boolean whole = written <= width && height == kernels.rows();
            if (whole) {
                kernels.gather(
                        high - low, packed, a, padded, at + from, offsets, low, written, result, to + from, stride);
            } else {
                kernels.gather(
                        high - low, packed, a, padded, at + from, offsets, low, written, tile, 0, kernels.columns());
                int count = Math.min(written, width - from);
                for (int i = 0; i < height; i++) {
                    copy(tile, i * kernels.columns(), result, to + from + i * stride, count);
                }
            }
        }
    }

    // For so few elements a loop is faster than the call of arraycopy's stub.
    private static void copy(float[] tile, int at, float[] result, int to, int count) {
        for (int j = 0; j < count; j++) {
            result[to + j] = tile[at + j];
        }
    }

    private static void addBias(
            Correlation k, int plane, int top, int end, float[] bias, int at, ConvolutionArray result) {
        int count = (end - top) * k.resultWidth();
        for (int t = 0; t < k.to(); t++) {
            int row = (plane * k.to() + t) * k.resultHeight() + top;
            add(result.array(), result.offset() + row * k.resultWidth(), count, bias[at + t]);
        }
    }

    private static void add(float[] result, int at, int count, float bias) {
        for (int i = 0; i < count; i++) {
            result[at + i] += bias;
        }
    }
}
