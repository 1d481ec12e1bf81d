package lamella.backend.cpu.convolution;

import java.util.Arrays;

/// The patches of an image as the columns of a matrix, and back.
///
/// Row (c, u, v) of the matrix holds, for each output position (i, j) in order, the element `x[c,
/// i·s + u·d − p, j·s + v·d − p]`, 0 where that lies in the padding.
final class Im2col {
    private Im2col() {}

    /// Writes the columns of some channels of one image.
    ///
    /// @param at the index of the first channel of the image
    /// @param channels how many channels
    /// @param to the index of the first column of this image
    /// @param stride elements from one row of the matrix to the next
    static void unfold(
            ConvolutionSizes sizes, float[] image, int at, int channels, float[] columns, int to, int stride) {
        int row = to;
        for (int c = 0; c < channels; c++) {
            for (int u = 0; u < sizes.kernelHeight(); u++) {
                for (int v = 0; v < sizes.kernelWidth(); v++) {
                    unfoldRow(sizes, image, at + c * sizes.plane(), u, v, columns, row);
                    row += stride;
                }
            }
        }
    }

    private static void unfoldRow(
            ConvolutionSizes sizes, float[] image, int at, int u, int v, float[] columns, int to) {
        var options = sizes.options();
        int step = options.strideWidth();
        int left = v * options.dilationWidth() - options.paddingWidth();
        int first = first(left, step, sizes.outWidth());
        int end = end(left, step, sizes.width(), first, sizes.outWidth());
        for (int i = 0; i < sizes.outHeight(); i++) {
            int y = i * options.strideHeight() + u * options.dilationHeight();
            y -= options.paddingHeight();
            int row = to + i * sizes.outWidth();
            if (y < 0 || y >= sizes.height()) {
                Arrays.fill(columns, row, row + sizes.outWidth(), 0);
                continue;
            }
            int from = at + y * sizes.width() + left;
            Arrays.fill(columns, row, row + first, 0);
            for (int j = first; j < end; j++) {
                columns[row + j] = image[from + j * step];
            }
            Arrays.fill(columns, row + end, row + sizes.outWidth(), 0);
        }
    }

    /// Adds the columns of some channels of one image to that image: the adjoint of [#unfold].
    static void fold(
            ConvolutionSizes sizes, float[] columns, int from, int stride, float[] image, int at, int channels) {
        int row = from;
        for (int c = 0; c < channels; c++) {
            for (int u = 0; u < sizes.kernelHeight(); u++) {
                for (int v = 0; v < sizes.kernelWidth(); v++) {
                    foldRow(sizes, columns, row, u, v, image, at + c * sizes.plane());
                    row += stride;
                }
            }
        }
    }

    private static void foldRow(
            ConvolutionSizes sizes, float[] columns, int from, int u, int v, float[] image, int at) {
        var options = sizes.options();
        int step = options.strideWidth();
        int left = v * options.dilationWidth() - options.paddingWidth();
        int first = first(left, step, sizes.outWidth());
        int end = end(left, step, sizes.width(), first, sizes.outWidth());
        for (int i = 0; i < sizes.outHeight(); i++) {
            int y = i * options.strideHeight() + u * options.dilationHeight();
            y -= options.paddingHeight();
            if (y >= 0 && y < sizes.height()) {
                int to = at + y * sizes.width() + left;
                int row = from + i * sizes.outWidth();
                for (int j = first; j < end; j++) {
                    image[to + j * step] += columns[row + j];
                }
            }
        }
    }

    /// Returns the first j in [0, count] with left + j · step >= 0.
    private static int first(int left, int step, int count) {
        return left >= 0 ? 0 : Math.min(count, Math.ceilDiv(-left, step));
    }

    /// Returns the end of the j in [first, count) with left + j · step < extent.
    private static int end(int left, int step, int extent, int first, int count) {
        return Math.max(first, Math.min(count, Math.ceilDiv(extent - left, step)));
    }
}
