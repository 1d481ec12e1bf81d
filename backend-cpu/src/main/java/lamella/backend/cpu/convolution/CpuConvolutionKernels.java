package lamella.backend.cpu.convolution;

import lamella.array.Conv2dOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.View;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Optional;

/// 2-D convolution on the CPU: by shifted grids ([ConvolutionByShifts], [ConvolutionWeightDots])
/// where most of the positions that these compute are wanted, otherwise by unfolded images
/// ([ConvolutionByColumns]).
public final class CpuConvolutionKernels implements ConvolutionKernels {
    /// The share of wanted positions below which unfolding the images is faster.
    private static final double EFFICIENT = 0.5;

    /// Taps above which transposing the output's gradient costs little beside the products.
    private static final int TAPS = 48;

    private final GemmKernels kernels;
    private final ConvolutionByShifts shifts;
    private final ConvolutionWeightDots weightDots;
    private final ConvolutionWeightProducts weightProducts;
    private final ConvolutionByColumns columns;

    /// Computes on these threads, in workspaces of this pool.
    ///
    /// @param vectors whether the Vector API is readable
    public CpuConvolutionKernels(Workers workers, ArrayPool pool, boolean vectors) {
        kernels = Gemm.kernels(vectors);
        shifts = new ConvolutionByShifts(kernels, workers, pool);
        weightDots = new ConvolutionWeightDots(kernels, workers, pool);
        weightProducts = new ConvolutionWeightProducts(kernels, workers, pool);
        columns = new ConvolutionByColumns(new Gemm(kernels, workers, pool), workers, pool);
    }

    @Override
    public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(x.shape(), weight.shape(), options);
        var from = ConvolutionArray.of(x);
        var by = ConvolutionArray.of(weight);
        var biases = bias.map(ConvolutionArray::of).orElse(null);
        if (byShifts(sizes)) {
            shifts.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        } else {
            columns.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        }
    }

    @Override
    public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(out.shape(), weight.shape(), options);
        var gradient = ConvolutionArray.of(outputGradient);
        var by = ConvolutionArray.of(weight);
        if (byShifts(sizes)) {
            shifts.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        } else {
            columns.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        }
    }

    @Override
    public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(x.shape(), out.shape(), options);
        var from = ConvolutionArray.of(x);
        var gradient = ConvolutionArray.of(outputGradient);
        if (byShifts(sizes) && byProducts(sizes)) {
            weightProducts.compute(sizes, from, gradient, ConvolutionArray.of(out));
        } else if (byShifts(sizes)) {
            weightDots.compute(sizes, from, gradient, ConvolutionArray.of(out));
        } else {
            columns.weightGradient(sizes, from, gradient, ConvolutionArray.of(out));
        }
    }

    /// Tells whether most of the positions of an image's grid are positions of the output.
    private boolean byShifts(ConvolutionSizes s) {
        int positions = (s.outHeight() - 1) * ConvolutionPlan.gridWidth(s) + s.outWidth();
        int computed = Math.ceilDiv(positions, kernels.lanes()) * kernels.lanes();
        return s.positions() >= EFFICIENT * computed;
    }

    /// Tells whether the output channels fill the vectors, and enough taps share the transposition.
    private boolean byProducts(ConvolutionSizes s) {
        return s.groupOutChannels() >= kernels.lanes() && s.taps() >= TAPS;
    }
}
