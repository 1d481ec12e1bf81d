package lamella.backend.cpu.convolution;

import java.util.Arrays;

/// A workspace in which every patch of an image is a shift of one grid.
///
/// Planes of `width` columns hold the image with its padding, so that position (i, j) of the
/// result, numbered q = i · width + j, meets the element of a tap at `offset(tap) + q`: consecutive
/// positions read consecutive elements, and no patch has to be copied. The price are the positions
/// between the end of a row of the result and the end of the row of the grid, which are computed
/// for nothing.
///
/// With a stride s the rows and columns that leave the same rest modulo s are a plane of their own
/// (a phase), in which neighbours are s apart in the image; only phases that some tap meets exist.
///
/// @param sourceHeight rows of a plane of the source
/// @param sourceWidth columns of a plane of the source
/// @param strideHeight rows of the source between two rows of a phase
/// @param strideWidth columns of the source between two columns of a phase
/// @param rowOrigins for each vertical phase, the row of the source in row 0, negative in the
///   padding
/// @param columnOrigins for each horizontal phase, the column of the source in column 0
/// @param tileRows rows of the result in a tile
/// @param haloRows rows of a plane beyond those of the tile
/// @param width columns of a plane
record ConvolutionGrid(
        int sourceHeight,
        int sourceWidth,
        int strideHeight,
        int strideWidth,
        int[] rowOrigins,
        int[] columnOrigins,
        int tileRows,
        int haloRows,
        int width) {

    /// Returns the rows of a plane.
    int planeRows() {
        return tileRows + haloRows;
    }

    /// Returns the elements from one channel to the next.
    ///
    /// A distance of a multiple of 4 KiB would put all channels in the same few lines of the cache.
    int channelStride() {
        int size = rowOrigins.length * columnOrigins.length * planeRows() * width;
        return size % 1024 == 0 ? size + 16 : size;
    }

    /// Returns the index in the workspace of an element of a channel.
    int offset(int channel, int rowPhase, int columnPhase, int row, int column) {
        int phase = rowPhase * columnOrigins.length + columnPhase;
        return channel * channelStride() + (phase * planeRows() + row) * width + column;
    }

    /// Returns the elements of a workspace for `channels` channels, of which up to `slack` elements
    /// behind the end are read.
    int size(int channels, int slack) {
        return channels * channelStride() + slack;
    }

    /// Copies the part of some channels that the result's rows from `top` on need. All of the
    /// workspace is written, so that no rest of its former content, perhaps a NaN, is ever read.
    ///
    /// @param at the index of the first channel's first element in the source
    void fill(float[] source, int at, int channels, int top, float[] workspace, int to, int slack) {
        int end = offset(0, rowOrigins.length - 1, columnOrigins.length - 1, planeRows(), 0);
        for (int c = 0; c < channels; c++) {
            int plane = at + c * sourceHeight * sourceWidth;
            for (int a = 0; a < rowOrigins.length; a++) {
                for (int b = 0; b < columnOrigins.length; b++) {
                    for (int r = 0; r < planeRows(); r++) {
                        int y = (top + r) * strideHeight + rowOrigins[a];
                        int row = to + offset(c, a, b, r, 0);
                        if (y < 0 || y >= sourceHeight) {
                            Arrays.fill(workspace, row, row + width, 0);
                        } else {
                            int from = plane + y * sourceWidth;
                            fillRow(source, from, columnOrigins[b], workspace, row);
                        }
                    }
                }
            }
            int next = to + (c + 1) * channelStride();
            Arrays.fill(workspace, to + c * channelStride() + end, next, 0);
        }
        int size = to + channels * channelStride();
        Arrays.fill(workspace, size, size + slack, 0);
    }

    private void fillRow(float[] source, int from, int origin, float[] workspace, int row) {
        int first = firstColumn(origin);
        int end = endColumn(origin, first);
        for (int j = 0; j < first; j++) {
            workspace[row + j] = 0;
        }
        copyRow(source, from + origin, workspace, row, first, end);
        for (int j = end; j < width; j++) {
            workspace[row + j] = 0;
        }
    }

    /// Copies the columns from `first` to `end - 1` of a row of a phase.
    private void copyRow(float[] source, int from, float[] workspace, int row, int first, int end) {
        if (strideWidth == 1) {
            System.arraycopy(source, from + first, workspace, row + first, end - first);
        } else if (strideWidth == 2) {
            // A constant distance, for which C2 takes the bounds checks out of the loop.
            for (int j = first; j < end; j++) {
                workspace[row + j] = source[from + 2 * j];
            }
        } else {
            for (int j = first; j < end; j++) {
                workspace[row + j] = source[from + j * strideWidth];
            }
        }
    }

    /// Copies one channel again into a workspace that [#fill] wrote with another one: the padding is there already.
    ///
    /// @param at the index of the channel's first element in the source
    void refill(float[] source, int at, int top, float[] workspace, int to) {
        for (int a = 0; a < rowOrigins.length; a++) {
            for (int b = 0; b < columnOrigins.length; b++) {
                int origin = columnOrigins[b];
                int first = firstColumn(origin);
                int end = endColumn(origin, first);
                int row = to + offset(0, a, b, 0, 0);
                for (int r = 0; r < planeRows(); r++) {
                    int y = (top + r) * strideHeight + rowOrigins[a];
                    if (y >= 0 && y < sourceHeight) {
                        copyRow(source, at + y * sourceWidth + origin, workspace, row + r * width, first, end);
                    }
                }
            }
        }
    }

    /// Copies the grid of whole images back to the source: what lies in the padding is dropped, and
    /// elements that no tap meets become 0.
    void collect(float[] workspace, int channels, float[] source, int at) {
        int plane = sourceHeight * sourceWidth;
        Arrays.fill(source, at, at + channels * plane, 0);
        for (int c = 0; c < channels; c++) {
            for (int a = 0; a < rowOrigins.length; a++) {
                for (int b = 0; b < columnOrigins.length; b++) {
                    int first = firstColumn(columnOrigins[b]);
                    int end = endColumn(columnOrigins[b], first);
                    for (int r = 0; r < planeRows(); r++) {
                        int y = r * strideHeight + rowOrigins[a];
                        if (y >= 0 && y < sourceHeight) {
                            int row = offset(c, a, b, r, 0);
                            int to = at + c * plane + y * sourceWidth + columnOrigins[b];
                            for (int j = first; j < end; j++) {
                                source[to + j * strideWidth] = workspace[row + j];
                            }
                        }
                    }
                }
            }
        }
    }

    /// Returns the first column of a phase that is not in the padding.
    private int firstColumn(int origin) {
        return origin >= 0 ? 0 : Math.min(width, Math.ceilDiv(-origin, strideWidth));
    }

    /// Returns the end of the columns of a phase that are not in the padding.
    private int endColumn(int origin, int first) {
        return Math.max(first, Math.min(width, Math.ceilDiv(sourceWidth - origin, strideWidth)));
    }
}
