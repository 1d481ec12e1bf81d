package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Convolution of each channel by itself, with few filters for each, and its gradients: nothing to fill the tiles of a
/// matrix product, whose rows are output channels.
///
/// The vectors run along the rows of the output, or of the input's gradient, and for the weight's gradient along all
/// positions of a [ConvolutionGrid]. A task handles whole planes; the weight's gradient of a channel is summed over the
/// images by one task, in their order.
final class DepthwiseConvolution {
    /// Elements of the planes of a task: 64 KiB.
    private static final int TASK = 1 << 14;

    private final DepthwiseKernels kernels;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    DepthwiseConvolution(DepthwiseKernels kernels, Workers workers, ArrayPool pool) {
        this.kernels = kernels;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    /// A task for some of the planes.
    private interface Planes {
        void run(int first, int end);
    }

    private void run(int planes, int elements, long work, Planes body) {
        int count = Math.max(1, TASK / Math.max(1, elements));
        tasks.run(
                Math.ceilDiv(planes, count),
                // Loads bound these loops, not multiply-adds.
                2 * work,
                task -> body.run(task * count, Math.min(planes, (task + 1) * count)));
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
        var plan = ConvolutionPlan.of(s, s.outHeight(), pool);
        int filters = s.groupOutChannels();
        int width = plan.grid().width();
        run(
                s.batch() * s.channels(),
                s.plane() + filters * s.positions(),
                s.work(),
                (first, end) -> {
                    float[] grid = pool.take(plan.grid().size(1, 0));
                    float[] product = pool.take(plan.positions(s.outHeight()));
                    try {
                        for (int plane = first; plane < end; plane++) {
                            fill(plan.grid(), plane == first, x, plane * s.plane(), s.plane(), 1, grid, 0);
                            for (int f = 0; f < filters; f++) {
                                int channel = plane % s.channels() * filters + f;
                                int at = weight.offset() + channel * s.window();
                                float more = bias == null ? 0 : bias.array()[bias.offset() + channel];
                                correlate(
                                        s.window(),
                                        weight.array(),
                                        at,
                                        more,
                                        grid,
                                        plan.offsets(),
                                        0,
                                        width,
                                        s.outHeight(),
                                        s.outWidth(),
                                        product,
                                        out.array(),
                                        out.offset() + (plane * filters + f) * s.positions());
                            }
                        }
                    } finally {
                        pool.give(grid);
                        pool.give(product);
                    }
                });
        pool.give(plan.offsets());
    }

    /// Copies some planes to a grid; all of it the first time, later without the padding.
    private static void fill(
            ConvolutionGrid grid,
            boolean all,
            ConvolutionArray from,
            int at,
            int plane,
            int planes,
            float[] to,
            int slack) {
        if (all) {
            grid.fill(from.array(), from.offset() + at, planes, 0, to, 0, slack);
            return;
        }
        for (int i = 0; i < planes; i++) {
            grid.refill(from.array(), from.offset() + at + i * plane, 0, to, i * grid.channelStride());
        }
    }

    /// Correlates a plane; rows shorter than a vector in one run of all, with the elements between them.
    private void correlate(
            int taps,
            float[] weight,
            int wi,
            float bias,
            float[] grid,
            int[] offsets,
            int oi,
            int width,
            int rows,
            int columns,
            float[] product,
            float[] out,
            int to) {
        if (columns >= kernels.lanes()) {
            kernels.correlate(taps, weight, wi, bias, grid, 0, offsets, oi, width, rows, columns, out, to, columns);
            return;
        }
        int positions = (rows - 1) * width + columns;
        kernels.correlate(taps, weight, wi, bias, grid, 0, offsets, oi, 0, 1, positions, product, 0, 0);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                out[to + i * columns + j] = product[i * width + j];
            }
        }
    }

    /// out = gradient with respect to x.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        var phases = DepthwisePhases.of(s, pool);
        int filters = s.groupOutChannels();
        run(
                s.batch() * s.channels(),
                s.plane() + filters * s.positions(),
                s.work(),
                (first, end) -> {
                    float[] grid = pool.take(phases.grid().size(filters, 0));
                    float[] product = pool.take(DepthwisePhases.rows(s) * phases.grid().width());
                    float[] result = pool.take(DepthwisePhases.rows(s) * DepthwisePhases.columns(s));
                    float[] sorted = pool.take(filters * s.window());
                    try {
                        for (int plane = first; plane < end; plane++) {
                            int from = plane * filters * s.positions();
                            fill(phases.grid(), plane == first, gradient, from, s.positions(), filters, grid, 0);
                            int at = weight.offset() + plane % s.channels() * filters * s.window();
                            for (int t = 0; t < phases.starts()[phases.phases()]; t++) {
                                sorted[t] = weight.array()[at + phases.taps()[t]];
                            }
                            for (int phase = 0; phase < phases.phases(); phase++) {
                                phase(
                                        phases,
                                        phase,
                                        grid,
                                        sorted,
                                        product,
                                        result,
                                        out,
                                        out.offset() + plane * s.plane());
                            }
                        }
                    } finally {
                        pool.give(grid);
                        pool.give(product);
                        pool.give(result);
                        pool.give(sorted);
                    }
                });
        phases.giveTo(pool);
    }

    private void phase(
            DepthwisePhases phases,
            int phase,
            float[] grid,
            float[] weight,
            float[] product,
            float[] result,
            ConvolutionArray out,
            int to) {
        var s = phases.s();
        int sh = s.options().strideHeight();
        int sw = s.options().strideWidth();
        int rows = Math.ceilDiv(s.height() - phase / sw, sh);
        int columns = Math.ceilDiv(s.width() - phase % sw, sw);
        if (rows <= 0 || columns <= 0) {
            return;
        }
        int start = phases.starts()[phase];
        int taps = phases.starts()[phase + 1] - start;
        boolean whole = phases.phases() == 1;
        correlate(
                taps,
                weight,
                start,
                0f,
                grid,
                phases.offsets(),
                start,
                phases.grid().width(),
                rows,
                columns,
                product,
                whole ? out.array() : result,
                whole ? to : 0);
        if (!whole) {
            for (int i = 0; i < rows; i++) {
                int row = to + (i * sh + phase / sw) * s.width() + phase % sw;
                write(result, i * columns, columns, sw, out.array(), row);
            }
        }
    }

    private static void write(float[] from, int at, int count, int step, float[] out, int to) {
        if (step == 2) {
            // A constant distance, for which C2 takes the bounds checks out of the loop.
            for (int j = 0; j < count; j++) {
                out[to + 2 * j] = from[at + j];
            }
        } else {
            for (int j = 0; j < count; j++) {
                out[to + j * step] = from[at + j];
            }
        }
    }

    /// out = gradient with respect to the weight.
    void weightGradient(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        var plan = ConvolutionPlan.of(s, s.outHeight(), pool);
        int filters = s.groupOutChannels();
        int lanes = kernels.lanes();
        int taps = Math.ceilDiv(s.window(), 3) * 3;
        int[] offsets = pool.takeInts(taps);
        for (int k = 0; k < taps; k++) {
            offsets[k] = plan.offsets()[Math.min(k, s.window() - 1)];
        }
        int depth = Math.ceilDiv(plan.positions(s.outHeight()), 2 * lanes) * 2 * lanes;
        run(
                s.channels(),
                s.batch() * (s.plane() + filters * s.positions()),
                s.work(),
                (first, end) -> {
                    float[] grid = pool.take(plan.grid().size(1, 2 * lanes));
                    float[] rows = pool.take(filters * depth);
                    float[] sums = pool.take(filters * taps * lanes);
                    try {
                        for (int c = first; c < end; c++) {
                            Arrays.fill(sums, 0, filters * taps * lanes, 0);
                            for (int n = 0; n < s.batch(); n++) {
                                int plane = n * s.channels() + c;
                                fill(
                                        plan.grid(),
                                        c == first && n == 0,
                                        x,
                                        plane * s.plane(),
                                        s.plane(),
                                        1,
                                        grid,
                                        2 * lanes);
                                int from = gradient.offset() + plane * filters * s.positions();
                                plan.spread(gradient.array(), from, 0, s.outHeight(), rows, 0, depth);
                                for (int f = 0; f < filters; f++) {
                                    for (int k = 0; k < taps; k += 3) {
                                        kernels.dots(
                                                k, grid, 0, offsets, rows, f * depth, depth, sums, f * taps * lanes);
                                    }
                                }
                            }
                            for (int f = 0; f < filters; f++) {
                                int to = out.offset() + (c * filters + f) * s.window();
                                fold(sums, f * taps * lanes, s.window(), out.array(), to);
                            }
                        }
                    } finally {
                        pool.give(grid);
                        pool.give(rows);
                        pool.give(sums);
                    }
                });
        pool.give(offsets);
        pool.give(plan.offsets());
    }

    private void fold(float[] sums, int from, int count, float[] out, int to) {
        for (int k = 0; k < count; k++) {
            float sum = 0;
            for (int l = 0; l < kernels.lanes(); l++) {
                sum += sums[from + k * kernels.lanes() + l];
            }
            out[to + k] = sum;
        }
    }
}
