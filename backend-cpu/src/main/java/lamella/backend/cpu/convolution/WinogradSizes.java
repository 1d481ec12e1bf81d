package lamella.backend.cpu.convolution;

/// The extents of a convolution with a 3 x 3 kernel, stride 1, as Winograd's method sees them: the output is cut into
/// tiles of 4 x 4, each of which meets 6 x 6 elements of the input.
///
/// Tiles are numbered along a row, row after row, image after image.
///
/// @param channels of the input
/// @param height of the input
/// @param width of the input
/// @param outChannels of the output
/// @param top rows of padding above the input; negative where the first rows of the input meet nothing
/// @param left columns of padding before the input
record WinogradSizes(
        int batch,
        int channels,
        int height,
        int width,
        int outChannels,
        int outHeight,
        int outWidth,
        int top,
        int left) {
    /// Rows and columns of the output in a tile.
    static final int TILE = 4;

    /// Rows and columns of the input that a tile meets.
    static final int PATCH = 6;

    /// Products of a tile and a filter.
    static final int POINTS = PATCH * PATCH;

    /// Elements of a filter.
    static final int WINDOW = 9;

    /// Returns the sizes of a convolution's forward pass.
    static WinogradSizes forward(ConvolutionSizes s) {
        return new WinogradSizes(
                s.batch(),
                s.channels(),
                s.height(),
                s.width(),
                s.outChannels(),
                s.outHeight(),
                s.outWidth(),
                s.options().paddingHeight(),
                s.options().paddingWidth());
    }

    /// Returns the sizes of the convolution that makes the input's gradient of the output's: the filters are turned by
    /// 180°, and what was padding p is 2 − p.
    static WinogradSizes inputGradient(ConvolutionSizes s) {
        return new WinogradSizes(
                s.batch(),
                s.outChannels(),
                s.outHeight(),
                s.outWidth(),
                s.channels(),
                s.height(),
                s.width(),
                s.kernelHeight() - 1 - s.options().paddingHeight(),
                s.kernelWidth() - 1 - s.options().paddingWidth());
    }

    /// Returns the tiles of an image below each other.
    int tileRows() {
        return Math.ceilDiv(outHeight, TILE);
    }

    /// Returns the tiles of an image beside each other.
    int tileColumns() {
        return Math.ceilDiv(outWidth, TILE);
    }

    /// Returns the tiles of all images.
    int tiles() {
        return batch * tileRows() * tileColumns();
    }

    /// Returns the elements of one channel of the input.
    int plane() {
        return height * width;
    }

    /// Returns the elements of one channel of the output.
    int outPlane() {
        return outHeight * outWidth;
    }
}
