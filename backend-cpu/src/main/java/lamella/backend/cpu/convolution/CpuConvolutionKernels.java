package lamella.backend.cpu.convolution;

import lamella.array.Conv2dOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.View;
import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import java.util.Optional;

/// 2-D convolution on the CPU, in the way that [ConvolutionRule] chooses by the sizes.
public final class CpuConvolutionKernels implements ConvolutionKernels {
    private final ConvolutionRule rule;
    private final DirectConvolution direct;
    private final ConvolutionByShifts shifts;
    private final ConvolutionWeightDots weightDots;
    private final ConvolutionWeightProducts weightProducts;
    private final ConvolutionByColumns columns;
    private final DepthwiseConvolution depthwise;
    private final ConvolutionPointwise pointwise;
    private final WinogradConvolution winograd;
    private final WinogradWeightGradient winogradWeights;

    /// Computes on these threads, in workspaces of this pool.
    ///
    /// @param vectors whether the Vector API is readable
    public CpuConvolutionKernels(Workers workers, ArrayPool pool, boolean vectors) {
        GemmKernels kernels = Gemm.kernels(vectors);
        rule = new ConvolutionRule(kernels);
        direct = new DirectConvolution(kernels, workers, pool, vectors);
        shifts = new ConvolutionByShifts(kernels, workers, pool);
        weightDots = new ConvolutionWeightDots(kernels, workers, pool);
        weightProducts = new ConvolutionWeightProducts(kernels, workers, pool);
        var gemm = new Gemm(kernels, workers, pool);
        columns = new ConvolutionByColumns(gemm, workers, pool);
        pointwise = new ConvolutionPointwise(gemm, workers);
        depthwise = new DepthwiseConvolution(DepthwiseKernels.of(vectors), workers, pool);
        var transforms = WinogradKernels.of(vectors);
        winograd = new WinogradConvolution(kernels, transforms, workers, pool);
        winogradWeights = new WinogradWeightGradient(kernels, transforms, workers, pool);
    }

    @Override
    public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(x.shape(), weight.shape(), options);
        var from = ConvolutionArray.of(x);
        var by = ConvolutionArray.of(weight);
        var biases = bias.map(ConvolutionArray::of).orElse(null);
        if (rule.depthwise(sizes)) {
            depthwise.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        } else if (rule.pointwise(sizes)) {
            pointwise.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        } else if (rule.winogradForward(sizes)) {
            winograd.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        } else if (rule.oneProduct(sizes) || !rule.byShifts(sizes)) {
            columns.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        } else if (!direct.forward(sizes, from, by, biases, ConvolutionArray.of(out))) {
            shifts.forward(sizes, from, by, biases, ConvolutionArray.of(out));
        }
    }

    @Override
    public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(out.shape(), weight.shape(), options);
        var gradient = ConvolutionArray.of(outputGradient);
        var by = ConvolutionArray.of(weight);
        if (rule.depthwise(sizes)) {
            depthwise.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        } else if (rule.pointwise(sizes)) {
            pointwise.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        } else if (rule.winogradInputGradient(sizes)) {
            winograd.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        } else if (!rule.byShifts(sizes)) {
            columns.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        } else if (!direct.inputGradient(sizes, gradient, by, ConvolutionArray.of(out))) {
            shifts.inputGradient(sizes, gradient, by, ConvolutionArray.of(out));
        }
    }

    @Override
    public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
        var sizes = ConvolutionSizes.of(x.shape(), out.shape(), options);
        var from = ConvolutionArray.of(x);
        var gradient = ConvolutionArray.of(outputGradient);
        if (rule.depthwise(sizes)) {
            depthwise.weightGradient(sizes, from, gradient, ConvolutionArray.of(out));
        } else if (rule.winogradWeightGradient(sizes)) {
            winogradWeights.compute(sizes, from, gradient, ConvolutionArray.of(out));
        } else if (rule.oneProduct(sizes) || !rule.byShifts(sizes)) {
            columns.weightGradient(sizes, from, gradient, ConvolutionArray.of(out));
        } else if (direct.weightGradient(sizes, from, gradient, ConvolutionArray.of(out))) {
            return;
        } else if (rule.byProducts(sizes)) {
            weightProducts.compute(sizes, from, gradient, ConvolutionArray.of(out));
        } else {
            weightDots.compute(sizes, from, gradient, ConvolutionArray.of(out));
        }
    }
}
