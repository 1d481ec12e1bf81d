package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;

/// Which way computes a convolution: a rule of the extents alone, so that the same way is taken on every run and with
/// any number of threads. All figures are of one thread with vectors of 256 bits.
///
/// In this order:
///
/// 1. [DepthwiseConvolution] where each channel stands for itself and has few filters: the rows of a product's tile are
///    output channels, and fewer than half of them would be filled. Took 0.3 to 0.7 of the time of the ways below.
/// 2. [ConvolutionPointwise] for a 1 x 1 kernel, but not for the weight's gradient: 0.57 to 0.71 of the time of shifts
///    forward, 0.34 to 0.79 for the input's gradient.
/// 3. [WinogradConvolution] and [WinogradWeightGradient] for a 3 x 3 kernel with stride 1 where they are estimated to
///    cost at most 0.8 of the direct sum, in multiply-adds: enough channels on both sides, and enough tiles to share
///    the transformed filters. VGG, and ResNet but for its images of 7 x 7, took 0.36 to 0.55 of the time (the weight's
///    gradient of 256 channels of 14 x 14, one image, 0.88).
/// 4. [ConvolutionByColumns], but not for the input's gradient, where all images together have few positions and there
///    are many taps: one product, cut itself among the threads, whose left factor is packed once. ResNet's 512 channels
///    of 7 x 7, one image: 0.8 of the time forward, 0.5 for the weight's gradient, and with two threads 0.5 and 0.4.
/// 5. Where at least half of the positions of a shifted grid are wanted, [DirectConvolution] if one of its ways is
///    estimated to cost less than [ConvolutionByShifts], [ConvolutionWeightProducts] and [ConvolutionWeightDots], else
///    these.
/// 6. [ConvolutionByColumns] for all others.
///
/// @param kernels the kernels of products, whose sizes count
record ConvolutionRule(GemmKernels kernels) {
    /// The share of wanted positions below which unfolding the images is faster.
    private static final double EFFICIENT = 0.5;

    /// Taps above which transposing the output's gradient costs little beside the products.
    private static final int TAPS = 48;

    /// Positions up to which, and taps from which on, one product is faster than many.
    private static final int FEW = 64;

    private static final int MANY = 512;

    /// Filters of a channel up to which depthwise loops are faster than products.
    private static final int FILTERS = 3;

    /// Multiply-adds that take as long as the transform of a patch, of a tile and of a filter.
    private static final long PATCH = 1100;

    private static final long TILE = 500;
    private static final long FILTER = 250;

    /// The estimated cost of Winograd's method, beside the direct sum, up to which it is taken. Estimates were 0.37 to
    /// 0.52 where it took 0.40 to 0.52 of the time, and 0.82 and 0.95 where it took 0.91 and 1.18.
    private static final double WORTH = 0.8;

    boolean depthwise(ConvolutionSizes s) {
        return s.groups() > 1 && s.groupChannels() == 1 && s.groupOutChannels() <= FILTERS;
    }

    /// Tells whether the images themselves are the factors of a product.
    boolean pointwise(ConvolutionSizes s) {
        var o = s.options();
        return s.window() == 1
                && o.strideHeight() == 1
                && o.strideWidth() == 1
                && o.paddingHeight() == 0
                && o.paddingWidth() == 0;
    }

    boolean winogradForward(ConvolutionSizes s) {
        return plain3x3(s) && winograd(WinogradSizes.forward(s), s.work());
    }

    boolean winogradInputGradient(ConvolutionSizes s) {
        return plain3x3(s) && winograd(WinogradSizes.inputGradient(s), s.work());
    }

    boolean winogradWeightGradient(ConvolutionSizes s) {
        return plain3x3(s) && winograd(WinogradSizes.forward(s), s.work());
    }

    private static boolean plain3x3(ConvolutionSizes s) {
        var o = s.options();
        return s.kernelHeight() == 3
                && s.kernelWidth() == 3
                && o.strideHeight() == 1
                && o.strideWidth() == 1
                && o.dilationHeight() == 1
                && o.dilationWidth() == 1
                && o.groups() == 1;
    }

    private boolean winograd(WinogradSizes w, long direct) {
        long filters = (long) w.channels() * w.outChannels();
        long tiles = (long) Math.ceilDiv(w.tiles(), kernels.columns()) * kernels.columns();
        long tile = WinogradSizes.POINTS * filters + PATCH * w.channels() + TILE * w.outChannels();
        return tiles * tile + FILTER * filters < WORTH * direct;
    }

    /// Tells whether all images together make one product with few columns and a long reduction.
    boolean oneProduct(ConvolutionSizes s) {
        return (long) s.batch() * s.positions() <= FEW && s.taps() >= MANY;
    }

    /// Tells whether most of the positions of an image's grid are positions of the output.
    boolean byShifts(ConvolutionSizes s) {
        int positions = (s.outHeight() - 1) * ConvolutionPlan.gridWidth(s) + s.outWidth();
        int computed = Math.ceilDiv(positions, kernels.lanes()) * kernels.lanes();
        return s.positions() >= EFFICIENT * computed;
    }

    /// Tells whether the output channels fill the vectors, and enough taps share the transposition.
    boolean byProducts(ConvolutionSizes s) {
        return s.groupOutChannels() >= kernels.lanes() && s.taps() >= TAPS;
    }
}
