package lamella.backend.cpu.convolution;

import lamella.backend.cpu.matrix.GemmKernels;

/// About how long the ways of computing a convolution take, for a choice that depends on the sizes only.
///
/// A cost counts products of vectors, of which a machine of today makes two a cycle. Each way computes
/// tiles; a tile costs its products, dearer where tables say what to multiply, and what is done once for
/// it: zeroing and storing the sums, cropping, adding to a grid or turning the result over. The constants
/// were fitted to measured times of layers of 1 to 256 channels on images of 10 to 56 rows, of which the
/// model says all but a tenth or so.
final class ConvolutionCost {
    /// What a product of [ConvolutionByShifts] costs.
    private static final double SHIFTED = 1.4;

    /// Products in the time that a tile of [ConvolutionByShifts] takes besides.
    private static final int SHIFTED_TILE = 500;

    /// Products in the time for which each tile of an input gradient is added to the grid.
    private static final int ADDED_TILE = 540;

    private static final double IN_ROWS = 1.3;
    private static final int TILE_IN_ROWS = 160;
    private static final double BY_TABLES = 1.5;
    private static final int TILE_BY_TABLES = 500;

    private ConvolutionCost() {}

    private static double tiles(double count, double steps, double vectors, double each, double once) {
        return count * (steps * vectors * each + once);
    }

    private static int vectors(GemmKernels kernels) {
        return kernels.rows() * kernels.columns() / kernels.lanes();
    }

    private static int gridTiles(ConvolutionSizes s, GemmKernels kernels) {
        int positions = (s.outHeight() - 1) * ConvolutionPlan.gridWidth(s) + s.outWidth();
        return Math.ceilDiv(positions, kernels.columns());
    }

    /// Forward, for one image and group, by [ConvolutionByShifts].
    static double forwardByShifts(ConvolutionSizes s, GemmKernels kernels) {
        double count = (double) gridTiles(s, kernels) * Math.ceilDiv(s.groupOutChannels(), kernels.rows());
        return tiles(count, s.taps(), vectors(kernels), SHIFTED, SHIFTED_TILE);
    }

    /// The input's gradient, by [ConvolutionByShifts].
    static double inputGradientByShifts(ConvolutionSizes s, GemmKernels kernels) {
        double count = (double) gridTiles(s, kernels) * Math.ceilDiv(s.taps(), kernels.rows());
        return tiles(count, s.groupOutChannels(), vectors(kernels), 1, ADDED_TILE);
    }

    /// Forward, by [ConvolutionByRows].
    static double forwardByRows(ConvolutionSizes s, GemmKernels kernels) {
        double count = (double) s.outHeight() * Math.ceilDiv(s.outWidth(), kernels.columns());
        count *= Math.ceilDiv(s.groupOutChannels(), kernels.rows());
        return tiles(count, s.taps(), vectors(kernels), IN_ROWS, TILE_IN_ROWS);
    }

    /// The input's gradient, by [ConvolutionByRows].
    static double inputGradientByRows(ConvolutionSizes s, GemmKernels kernels) {
        double count = (double) s.height() * Math.ceilDiv(s.width(), kernels.columns());
        count *= Math.ceilDiv(s.groupChannels(), kernels.rows());
        // The rows of the kernel that meet the gradient: each of its rows meets all of them.
        double kernelRows = (double) s.outHeight() * s.kernelHeight() / s.height();
        double steps = kernelRows * s.kernelWidth() * s.groupOutChannels();
        return tiles(count, steps, vectors(kernels), IN_ROWS, TILE_IN_ROWS);
    }

    /// Forward, by [ConvolutionByChannels].
    static double forwardByChannels(ConvolutionSizes s) {
        double count = Math.ceilDiv(s.positions(), PatchTile.ROWS);
        count *= Math.ceilDiv(s.groupOutChannels(), PatchTile.COLUMNS);
        return tiles(count, s.taps(), PatchTile.ROWS * 2, BY_TABLES, TILE_BY_TABLES);
    }
}
