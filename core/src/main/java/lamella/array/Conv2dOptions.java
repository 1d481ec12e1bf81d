package lamella.array;

/// How a 2-D convolution walks over its input: stride, padding and dilation per direction, and
/// the number of channel groups.
///
/// The output extent is `1 + (W − F + 2P) / S`, rounded down, where W is the input's extent, P the
/// padding on each side, S the stride, and F the kernel's extent spread by the dilation d:
/// `F = d(kernel − 1) + 1`.
///
/// @param strideHeight rows between two windows, at least 1
/// @param strideWidth columns between two windows, at least 1
/// @param paddingHeight rows of zeros above and below, at least 0
/// @param paddingWidth columns of zeros left and right, at least 0
/// @param dilationHeight rows between two rows of the kernel, at least 1
/// @param dilationWidth columns between two columns of the kernel, at least 1
/// @param groups parts into which the channels are cut, each convolved by itself, at least 1
public record Conv2dOptions(
        int strideHeight,
        int strideWidth,
        int paddingHeight,
        int paddingWidth,
        int dilationHeight,
        int dilationWidth,
        int groups) {

    /// Rejects strides, dilations and groups below 1 and negative padding.
    public Conv2dOptions {
        Extents.requireAtLeast("conv2d", "stride", 1, Math.min(strideHeight, strideWidth));
        Extents.requireAtLeast("conv2d", "padding", 0, Math.min(paddingHeight, paddingWidth));
        Extents.requireAtLeast("conv2d", "dilation", 1, Math.min(dilationHeight, dilationWidth));
        Extents.requireAtLeast("conv2d", "groups", 1, groups);
    }

    /// Returns stride 1, no padding, no dilation, one group.
    public static Conv2dOptions defaults() {
        return new Conv2dOptions(1, 1, 0, 0, 1, 1, 1);
    }

    /// Returns these options with another stride in both directions.
    public Conv2dOptions stride(int stride) {
        return new Conv2dOptions(stride, stride, paddingHeight, paddingWidth, dilationHeight, dilationWidth, groups);
    }

    /// Returns these options with other padding in both directions.
    public Conv2dOptions padding(int padding) {
        return new Conv2dOptions(strideHeight, strideWidth, padding, padding, dilationHeight, dilationWidth, groups);
    }

    /// Returns these options with another dilation in both directions.
    public Conv2dOptions dilation(int dilation) {
        return new Conv2dOptions(strideHeight, strideWidth, paddingHeight, paddingWidth, dilation, dilation, groups);
    }

    /// Returns these options with another number of groups.
    public Conv2dOptions groups(int groups) {
        return new Conv2dOptions(
                strideHeight, strideWidth, paddingHeight, paddingWidth, dilationHeight, dilationWidth, groups);
    }

    /// Returns the rows of the output, or a number below 1 where the kernel does not fit.
    ///
    /// @throws ShapeException if the padded input is longer than an int counts
    public int outputHeight(int height, int kernelHeight) {
        return Extents.output("conv2d", height, kernelHeight, strideHeight, paddingHeight, dilationHeight);
    }

    /// Returns the columns of the output, or a number below 1 where the kernel does not fit.
    ///
    /// @throws ShapeException if the padded input is longer than an int counts
    public int outputWidth(int width, int kernelWidth) {
        return Extents.output("conv2d", width, kernelWidth, strideWidth, paddingWidth, dilationWidth);
    }
}
