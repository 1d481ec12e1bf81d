package lamella.array;

/// How a 2-D pooling walks over its input.
///
/// The output extent is `1 + (W − F + 2P) / S`, rounded down; with `partial`, rounded up, so that a
/// last window that reaches beyond the input counts too (it sees only the cells that exist), as
/// long as it starts inside the input or its leading padding.
///
/// @param kernelHeight rows of a window, at least 1
/// @param kernelWidth columns of a window, at least 1
/// @param strideHeight rows between two windows, at least 1
/// @param strideWidth columns between two windows, at least 1
/// @param paddingHeight rows added above and below, at most half a window
/// @param paddingWidth columns added left and right, at most half a window
/// @param partial whether a last, partial window counts
/// @param countPadding whether an average counts padded cells (as zeros) in its divisor; cells
///     beyond the padding never count. Maxima ignore padding.
public record Pool2dOptions(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int paddingHeight,
        int paddingWidth,
        boolean partial,
        boolean countPadding) {

    /// Rejects kernels and strides below 1, and padding that is negative or over half a window.
    public Pool2dOptions {
        Extents.requireAtLeast("pool2d", "kernel", 1, Math.min(kernelHeight, kernelWidth));
        Extents.requireAtLeast("pool2d", "stride", 1, Math.min(strideHeight, strideWidth));
        Extents.requireAtLeast("pool2d", "padding", 0, Math.min(paddingHeight, paddingWidth));
        requireAtMostHalf(paddingHeight, kernelHeight);
        requireAtMostHalf(paddingWidth, kernelWidth);
    }

    private static void requireAtMostHalf(int padding, int kernel) {
        if (padding > kernel / 2) {
            throw new IllegalArgumentException(
                    "pool2d: padding must be at most half the kernel " + kernel + ", got " + padding);
        }
    }

    /// Returns square windows side by side: stride equals kernel, no padding.
    public static Pool2dOptions of(int kernel) {
        return new Pool2dOptions(kernel, kernel, kernel, kernel, 0, 0, false, true);
    }

    /// Returns these options with another stride in both directions.
    public Pool2dOptions stride(int stride) {
        return new Pool2dOptions(
                kernelHeight, kernelWidth, stride, stride, paddingHeight, paddingWidth, partial, countPadding);
    }

    /// Returns these options with other padding in both directions.
    public Pool2dOptions padding(int padding) {
        return new Pool2dOptions(
                kernelHeight, kernelWidth, strideHeight, strideWidth, padding, padding, partial, countPadding);
    }

    /// Returns these options with or without a last, partial window.
    public Pool2dOptions partial(boolean partial) {
        return new Pool2dOptions(
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                paddingHeight,
                paddingWidth,
                partial,
                countPadding);
    }

    /// Returns these options with or without padded cells in an average's divisor.
    public Pool2dOptions countPadding(boolean countPadding) {
        return new Pool2dOptions(
                kernelHeight,
                kernelWidth,
                strideHeight,
                strideWidth,
                paddingHeight,
                paddingWidth,
                partial,
                countPadding);
    }

    /// Returns the rows of the output, or a number below 1 where the window does not fit.
    ///
    /// @throws ShapeException if the padded input is longer than an int counts
    public int outputHeight(int height) {
        return output(height, kernelHeight, strideHeight, paddingHeight);
    }

    /// Returns the columns of the output, or a number below 1 where the window does not fit.
    ///
    /// @throws ShapeException if the padded input is longer than an int counts
    public int outputWidth(int width) {
        return output(width, kernelWidth, strideWidth, paddingWidth);
    }

    private int output(int input, int kernel, int stride, int padding) {
        int whole = Extents.output("pool2d", input, kernel, stride, padding, 1);
        if (!partial) {
            return whole;
        }
        int rest = Math.floorMod(input - kernel + 2L * padding, stride);
        boolean startsInside = (long) whole * stride < (long) input + padding;
        return rest != 0 && startsInside ? whole + 1 : whole;
    }

    /// Returns the number of cells by which an average over the window at output (row, column)
    /// divides.
    public int divisor(int row, int column, int height, int width) {
        return count(row, height, kernelHeight, strideHeight, paddingHeight)
                * count(column, width, kernelWidth, strideWidth, paddingWidth);
    }

    private int count(int index, int extent, int kernel, int stride, int padding) {
        long start = (long) index * stride - padding;
        long end = start + kernel;
        return countPadding
                ? (int) (Math.min(end, (long) extent + padding) - start)
                : (int) (Math.min(end, extent) - Math.max(start, 0));
    }
}
