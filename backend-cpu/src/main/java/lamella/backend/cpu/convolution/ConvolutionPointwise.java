package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmOperand;
import lamella.backend.cpu.matrix.GemmResult;
import lamella.backend.cpu.matrix.GemmTasks;
import lamella.backend.cpu.runtime.Workers;

import java.util.function.IntConsumer;

/// Convolution with a 1 x 1 kernel, stride 1 and no padding, and its gradient with respect to the input: for each image
/// a product of matrices that are already there, `[O, C] · [C, H·W]` and `[C, O] · [O, H·W]`. No image is copied.
final class ConvolutionPointwise {
    /// Products that keep a machine busy side by side; fewer are cut themselves.
    private static final int TASKS = 8;

    private final Gemm gemm;
    private final GemmTasks tasks;

    /// Computes by these products, on these threads.
    ConvolutionPointwise(Gemm gemm, Workers workers) {
        this.gemm = gemm;
        this.tasks = new GemmTasks(workers);
    }

    private void run(ConvolutionSizes s, IntConsumer product) {
        int count = s.batch() * s.groups();
        if (count >= TASKS) {
            tasks.run(count, s.work(), product);
            return;
        }
        for (int i = 0; i < count; i++) {
            product.accept(i);
        }
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
        int channels = s.groupChannels();
        int outs = s.groupOutChannels();
        int positions = s.positions();
        run(
                s,
                i -> {
                    int group = i % s.groups();
                    int to = out.offset() + i * outs * positions;
                    gemm.multiply(
                            outs,
                            positions,
                            channels,
                            GemmOperand.of(weight.array(), weight.offset() + group * outs * channels, channels, false),
                            GemmOperand.of(x.array(), x.offset() + i * channels * positions, positions, false),
                            new GemmResult(out.array(), to, positions, false));
                    for (int o = 0; bias != null && o < outs; o++) {
                        float more = bias.array()[bias.offset() + group * outs + o];
                        add(more, out.array(), to + o * positions, positions);
                    }
                });
    }

    private static void add(float more, float[] out, int to, int count) {
        for (int i = 0; i < count; i++) {
            out[to + i] += more;
        }
    }

    /// out = gradient with respect to x.
    void inputGradient(ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        int channels = s.groupChannels();
        int outs = s.groupOutChannels();
        int positions = s.positions();
        run(
                s,
                i ->
                        gemm.multiply(
                                channels,
                                positions,
                                outs,
                                GemmOperand.of(
                                        weight.array(),
                                        weight.offset() + i % s.groups() * outs * channels,
                                        channels,
                                        true),
                                GemmOperand.of(
                                        gradient.array(), gradient.offset() + i * outs * positions, positions, false),
                                new GemmResult(
                                        out.array(), out.offset() + i * channels * positions, positions, false)));
    }
}
