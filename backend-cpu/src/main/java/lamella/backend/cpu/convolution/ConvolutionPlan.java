package lamella.backend.cpu.convolution;

import lamella.backend.cpu.runtime.ArrayPool;

import java.util.Arrays;

/// The layout in which a convolution and its gradients work: a grid, and where each tap meets it.
///
/// @param sizes the extents of the convolution
/// @param grid the workspace of the input
/// @param offsets for each tap (c, u, v), the index in the grid of what position (0, 0) meets
record ConvolutionPlan(ConvolutionSizes sizes, ConvolutionGrid grid, int[] offsets) {
    /// Plans for tiles of `tileRows` rows of the output; the offsets go back to the pool in the
    /// end.
    static ConvolutionPlan of(ConvolutionSizes s, int tileRows, ArrayPool pool) {
        var o = s.options();
        int sh = o.strideHeight();
        int sw = o.strideWidth();
        int[] rowRests = rests(s.kernelHeight(), o.dilationHeight(), sh);
        int[] columnRests = rests(s.kernelWidth(), o.dilationWidth(), sw);
        var grid =
                new ConvolutionGrid(
                        s.height(),
                        s.width(),
                        sh,
                        sw,
                        shifted(rowRests, -o.paddingHeight()),
                        shifted(columnRests, -o.paddingWidth()),
                        tileRows,
                        (s.kernelHeight() - 1) * o.dilationHeight() / sh,
                        gridWidth(s));
        int[] offsets = pool.takeInts(s.taps());
        int tap = 0;
        for (int c = 0; c < s.groupChannels(); c++) {
            for (int u = 0; u < s.kernelHeight(); u++) {
                int y = u * o.dilationHeight();
                int rowPhase = index(rowRests, y % sh);
                for (int v = 0; v < s.kernelWidth(); v++) {
                    int x = v * o.dilationWidth();
                    int columnPhase = index(columnRests, x % sw);
                    offsets[tap++] = grid.offset(c, rowPhase, columnPhase, y / sh, x / sw);
                }
            }
        }
        return new ConvolutionPlan(s, grid, offsets);
    }

    /// Returns the columns of a grid for these sizes.
    static int gridWidth(ConvolutionSizes s) {
        var o = s.options();
        return s.outWidth() + (s.kernelWidth() - 1) * o.dilationWidth() / o.strideWidth();
    }

    /// Returns the elements of a row of the grid, in all phases of one channel.
    static int rowOfChannel(ConvolutionSizes s) {
        var o = s.options();
        return gridWidth(s)
                * rests(s.kernelHeight(), o.dilationHeight(), o.strideHeight()).length
                * rests(s.kernelWidth(), o.dilationWidth(), o.strideWidth()).length;
    }

    /// Returns how many rows make tiles of at most `elements`, at least 1; tiles are of about equal
    /// size.
    static int tileRows(int rows, long elementsOfRow, long elements) {
        int fit = (int) Math.max(1, Math.min(rows, elements / Math.max(1, elementsOfRow)));
        return Math.max(1, Math.ceilDiv(rows, Math.ceilDiv(rows, fit)));
    }

    /// Returns the tiles of an image.
    int tiles() {
        return Math.ceilDiv(sizes.outHeight(), grid.tileRows());
    }

    /// Returns the rows of the output in the tile that begins at row `top`.
    int rowsFrom(int top) {
        return Math.min(grid.tileRows(), sizes.outHeight() - top);
    }

    /// Returns the positions that are computed for `rows` rows of the output.
    int positions(int rows) {
        return (rows - 1) * grid.width() + sizes.outWidth();
    }

    /// Spreads `rows` rows of the output's gradient to the width of the grid, with zeros between
    /// them and behind them.
    ///
    /// @param at the index in the gradient of the first channel of the image's group
    /// @param stride elements of the result from one channel to the next
    void spread(float[] gradient, int at, int top, int rows, float[] to, int toAt, int stride) {
        int columns = sizes.outWidth();
        int gap = grid.width() - columns;
        for (int o = 0; o < sizes.groupOutChannels(); o++) {
            int from = at + o * sizes.positions() + top * columns;
            int row = toAt + o * stride;
            int end = row + stride;
            for (int i = 0; i < rows; i++) {
                System.arraycopy(gradient, from, to, row, columns);
                row += columns;
                int zeros = i + 1 < rows ? gap : end - row;
                for (int j = 0; j < zeros; j++) {
                    to[row + j] = 0;
                }
                row += zeros;
                from += columns;
            }
        }
    }

    private static int[] rests(int kernel, int dilation, int stride) {
        int[] found = new int[Math.min(kernel, stride)];
        int count = 0;
        for (int u = 0; u < kernel; u++) {
            int rest = u * dilation % stride;
            if (index(found, count, rest) == count) {
                found[count++] = rest;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static int index(int[] values, int count, int value) {
        int i = 0;
        while (i < count && values[i] != value) {
            i++;
        }
        return i;
    }

    private static int index(int[] values, int value) {
        return index(values, values.length, value);
    }

    private static int[] shifted(int[] values, int by) {
        return Arrays.stream(values).map(value -> value + by).toArray();
    }
}
