package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

/// The ways of computing a convolution that begin with its own shape instead of that of a matrix product,
/// and the rule which of them, if any, suits some sizes: by rows or by channels where
/// [ConvolutionCost] says so, and for the weight's gradient as given here.
///
/// They need the Vector API, and vectors of at least 256 bits.
final class DirectConvolution {
    private static final int LANES = 8;

    /// Input channels up to which the taps are so few that dot products along the rows pay.
    private static final int FEW_CHANNELS = 3;

    /// Taps up to which the running sums of all dot products stay in the cache.
    private static final int FEW_TAPS = 100;

    /// Output channels below which most rows of a block of dot products would be copies.
    private static final int FEW_OUTS = 4;

    /// The share of a block of output channels below which the rest of the vectors is too much waste.
    private static final double FILLED = 0.75;

    /// Positions of the output up to which one block of channels stays in the second-level cache.
    private static final int POSITIONS = 4096;

    private final GemmKernels kernels;
    private final boolean available;
    private final ConvolutionByRows rows;
    private final ConvolutionByChannels channels;
    private final ConvolutionWeightRuns weightRuns;

    /// Computes by these kernels, on these threads, in workspaces of this pool.
    ///
    /// @param vectors whether the Vector API is readable
    DirectConvolution(GemmKernels kernels, Workers workers, ArrayPool pool, boolean vectors) {
        this.kernels = kernels;
        this.available = vectors && kernels.lanes() >= LANES;
        rows = new ConvolutionByRows(kernels, workers, pool);
        channels = new ConvolutionByChannels(workers, pool);
        weightRuns = new ConvolutionWeightRuns(workers, pool);
    }

    /// Computes out = conv(x, weight) + bias where that is faster here than by shifts.
    ///
    /// @param bias the biases, or null where there are none
    /// @return whether it was computed
    boolean forward(
            ConvolutionSizes s,
            ConvolutionArray x,
            ConvolutionArray weight,
            ConvolutionArray bias,
            ConvolutionArray out) {
        if (!available) {
            return false;
        }
        double byShifts = ConvolutionCost.forwardByShifts(s, kernels);
        double byRows =
                ConvolutionByRows.fits(s) ? ConvolutionCost.forwardByRows(s, kernels) : Double.POSITIVE_INFINITY;
        double byChannels =
                s.positions() <= POSITIONS ? ConvolutionCost.forwardByChannels(s) : Double.POSITIVE_INFINITY;
        if (byRows <= byChannels && byRows < byShifts) {
            rows.forward(s, x, weight, bias, out);
            return true;
        }
        if (byChannels < byShifts) {
            channels.forward(s, x, weight, bias, out);
            return true;
        }
        return false;
    }

    /// Computes out = gradient with respect to x where that is faster here than by shifts.
    ///
    /// @return whether it was computed
    boolean inputGradient(
            ConvolutionSizes s, ConvolutionArray gradient, ConvolutionArray weight, ConvolutionArray out) {
        if (!available
                || !ConvolutionByRows.fits(s)
                || ConvolutionCost.inputGradientByRows(s, kernels)
                        >= ConvolutionCost.inputGradientByShifts(s, kernels)) {
            return false;
        }
        rows.inputGradient(s, gradient, weight, out);
        return true;
    }

    /// Computes out = gradient with respect to the weight where that is faster here than elsewhere.
    ///
    /// @return whether it was computed
    boolean weightGradient(ConvolutionSizes s, ConvolutionArray x, ConvolutionArray gradient, ConvolutionArray out) {
        if (!available) {
            return false;
        }
        if (byRuns(s)) {
            weightRuns.compute(s, x, gradient, out);
            return true;
        }
        if (byChannels(s)) {
            channels.weightGradient(s, x, gradient, out);
            return true;
        }
        return false;
    }

    private static boolean byRuns(ConvolutionSizes s) {
        return ConvolutionByRows.fits(s)
                && s.groupChannels() <= FEW_CHANNELS
                && s.taps() <= FEW_TAPS
                && s.groupOutChannels() >= FEW_OUTS;
    }

    private static boolean byChannels(ConvolutionSizes s) {
        int outs = s.groupOutChannels();
        int computed = Math.ceilDiv(outs, PatchTile.COLUMNS) * PatchTile.COLUMNS;
        return outs >= FILLED * computed && s.positions() <= POSITIONS;
    }
}
