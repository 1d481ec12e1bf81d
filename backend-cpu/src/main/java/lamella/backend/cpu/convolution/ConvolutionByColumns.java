package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmResult;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Arrays;

/// Convolution as a matrix product with the unfolded images, and its gradients: the way for every
/// stride, dilation and size.
///
/// The columns of a few images at a time are unfolded, so that they stay in the second-level cache;
/// images with few output positions are taken together, so that the products fill whole vectors.
final class ConvolutionByColumns {
    /// Elements of the unfolded images of a task.
    private static final int COLUMNS = 1 << 16;

    /// Partial sums of the weight gradient: more would need more memory, fewer keep threads idle.
    private static final int PARTS = 8;

    private final Gemm gemm;
    private final GemmTasks tasks;
    private final ArrayPool pool;

    /// Computes by these products, on these threads, in workspaces of this pool.
    ConvolutionByColumns(Gemm gemm, Workers workers, ArrayPool pool) {
        this.gemm = gemm;
        this.tasks = new GemmTasks(workers);
        this.pool = pool;
    }

    private static int imagesOfTask(ConvolutionSizes s) {
        long image = Math.max(1, (long) s.taps() * s.positions());
        return (int) Math.max(1, Math.min(s.batch(), COLUMNS / image));
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
        int images = imagesOfTask(s);
        int outs = s.groupOutChannels();
        tasks.run(
                Math.ceilDiv(s.batch(), images) * s.groups(),
                s.work(),
                task -> {
                    int group = task % s.groups();
                    int first = task / s.groups() * images;
                    int count = Math.min(images, s.batch() - first);
                    int width = count * s.positions();
                    float[] columns = pool.take(s.taps() * width);
                    float[] product = pool.take(outs * width);
                    try {
                        unfold(s, x, group, first, count, columns);
                        gemm.multiply(
                                outs,
                                width,
                                s.taps(),
                                GemmOperand.of(
                                        weight.array(), weight.offset() + group * outs * s.taps(), s.taps(), false),
                                GemmOperand.of(columns, 0, width, false),
                                new GemmResult(product, 0, width, false));
                        for (int n = 0; n < count; n++) {
                            for (int o = 0; o < outs; o++) {
                                int channel = group * outs + o;
                                int to = (first + n) * s.outChannels() + channel;
                                copyAndAdd(
                                        product,
                                        o * width + n * s.positions(),
                                        out.array(),
                                        out.offset() + to * s.positions(),
                                        s.positions(),
                                        bias == null ? 0 : bias.array()[bias.offset() + channel]);
                            }
                        }
                    } finally {
                        pool.give(columns);
                        pool.give(product);
                    }
                });
    }

    /// out = gradient with respect to x.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        int images = imagesOfTask(s);
        int outs = s.groupOutChannels();
        int channels = s.groupChannels();
        tasks.run(
                Math.ceilDiv(s.batch(), images) * s.groups(),
                s.work(),
                task -> {
                    int group = task % s.groups();
                    int first = task / s.groups() * images;
                    int count = Math.min(images, s.batch() - first);
                    int width = count * s.positions();
                    float[] columns = pool.take(s.taps() * width);
                    float[] gathered = pool.take(outs * width);
                    try {
                        gather(s, gradient, group, first, count, gathered);
                        gemm.multiply(
                                s.taps(),
                                width,
                                outs,
                                GemmOperand.of(
                                        weight.array(), weight.offset() + group * outs * s.taps(), s.taps(), true),
                                GemmOperand.of(gathered, 0, width, false),
                                new GemmResult(columns, 0, width, false));
                        for (int n = 0; n < count; n++) {
                            int channel = (first + n) * s.channels() + group * channels;
                            int at = out.offset() + channel * s.plane();
                            Arrays.fill(out.array(), at, at + channels * s.plane(), 0);
                            Im2col.fold(s, columns, n * s.positions(), width, out.array(), at, channels);
                        }
                    } finally {
                        pool.give(columns);
                        pool.give(gathered);
                    }
                });
    }

    /// out = gradient with respect to the weight.
    ///
    /// The images are cut into a fixed number of parts. Each part is summed in the order of its
    /// images, and the parts are added in their order.
    void weightGradient(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        int images = imagesOfTask(s);
        int chunks = Math.ceilDiv(s.batch(), images);
        int parts = Math.max(1, Math.min(PARTS, chunks));
        int size = s.outChannels() * s.taps();
        float[] sums = pool.take(parts * size);
        try {
            tasks.run(
                    parts * s.groups(),
                    s.work(),
                    task -> {
                        int part = task / s.groups();
                        int group = task % s.groups();
                        int to = part * size + group * s.groupOutChannels() * s.taps();
                        Arrays.fill(sums, to, to + s.groupOutChannels() * s.taps(), 0);
                        int from = (int) ((long) chunks * part / parts) * images;
                        int end = (int) ((long) chunks * (part + 1) / parts) * images;
                        for (int n = from; n < Math.min(end, s.batch()); n += images) {
                            int count = Math.min(images, s.batch() - n);
                            addWeightGradient(s, x, gradient, group, n, count, sums, to);
                        }
                    });
            System.arraycopy(sums, 0, out.array(), out.offset(), size);
            for (int part = 1; part < parts; part++) {
                for (int i = 0; i < size; i++) {
                    out.array()[out.offset() + i] += sums[part * size + i];
                }
            }
        } finally {
            pool.give(sums);
        }
    }

    private void addWeightGradient(
            ConvolutionSizes s,
            ConvolutionArray x,
            ConvolutionArray gradient,
            int group,
            int first,
            int count,
            float[] sums,
            int to) {
        int outs = s.groupOutChannels();
        int width = count * s.positions();
        float[] columns = pool.take(s.taps() * width);
        float[] gathered = pool.take(outs * width);
        try {
            unfold(s, x, group, first, count, columns);
            gather(s, gradient, group, first, count, gathered);
            gemm.multiply(
                    outs,
                    s.taps(),
                    width,
                    GemmOperand.of(gathered, 0, width, false),
                    GemmOperand.of(columns, 0, width, true),
                    new GemmResult(sums, to, s.taps(), true));
        } finally {
            pool.give(columns);
            pool.give(gathered);
        }
    }

    private static void unfold(
            ConvolutionSizes s, ConvolutionArray x, int group, int first, int count, float[] columns) {
        int channels = s.groupChannels();
        for (int n = 0; n < count; n++) {
            int at = x.offset() + ((first + n) * s.channels() + group * channels) * s.plane();
            Im2col.unfold(s, x.array(), at, channels, columns, n * s.positions(), count * s.positions());
        }
    }

    /// Copies one group of some images to a matrix `[O/groups, images · positions]`.
    private static void gather(
            ConvolutionSizes s, ConvolutionArray gradient, int group, int first, int count, float[] gathered) {
        int outs = s.groupOutChannels();
        for (int o = 0; o < outs; o++) {
            for (int n = 0; n < count; n++) {
                int channel = (first + n) * s.outChannels() + group * outs + o;
                System.arraycopy(
                        gradient.array(),
                        gradient.offset() + channel * s.positions(),
                        gathered,
                        (o * count + n) * s.positions(),
                        s.positions());
            }
        }
    }

    private static void copyAndAdd(float[] from, int at, float[] out, int to, int count, float bias) {
        for (int i = 0; i < count; i++) {
            out[to + i] = from[at + i] + bias;
        }
    }
}
