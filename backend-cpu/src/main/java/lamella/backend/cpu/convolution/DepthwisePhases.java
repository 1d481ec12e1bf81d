package lamella.backend.cpu.convolution;

import lamella.backend.cpu.runtime.ArrayPool;

/// Where the elements of the input's gradient meet those of the output's in a depthwise convolution.
///
/// Rows y of the input that leave the same rest modulo the stride s meet the same taps u, those with `y + p − u·d ≡ 0`,
/// and row m of them, y = s·m + rest, meets row `m + (rest + p − u·d) / s` of the output. So each pair of rests is a
/// correlation with some of the taps, over one padded copy of the output's gradient.
///
/// @param s the extents of the convolution
/// @param grid the workspace of the output's gradient, without strides
/// @param top the first row of the grid, counted from the first one of the output; at most 0 where there is padding
/// @param left the first column of the grid
/// @param taps for each phase, the numbers of its taps, one phase behind the other
/// @param offsets for each of these, the index in the grid of what element (0, 0) of the phase meets
/// @param starts for each phase, where its taps begin; and the end of the last ones
record DepthwisePhases(
        ConvolutionSizes s, ConvolutionGrid grid, int top, int left, int[] taps, int[] offsets, int[] starts) {
    /// Finds the taps; the arrays go back to the pool in the end.
    static DepthwisePhases of(ConvolutionSizes s, ArrayPool pool) {
        var o = s.options();
        int sh = o.strideHeight();
        int sw = o.strideWidth();
        // Of the row that a tap meets, the least is that of the last tap and the least rest; the most, that of tap 0.
        int top = Math.floorDiv(o.paddingHeight() - (s.kernelHeight() - 1) * o.dilationHeight(), sh);
        int left = Math.floorDiv(o.paddingWidth() - (s.kernelWidth() - 1) * o.dilationWidth(), sw);
        int rows = rows(s) + Math.floorDiv(sh - 1 + o.paddingHeight(), sh) - top;
        int columns = columns(s) + Math.floorDiv(sw - 1 + o.paddingWidth(), sw) - left;
        var grid =
                new ConvolutionGrid(
                        s.outHeight(), s.outWidth(), 1, 1, new int[] {top}, new int[] {left}, rows, 0, columns);
        int[] taps = pool.takeInts(s.groupOutChannels() * s.window());
        int[] offsets = pool.takeInts(s.groupOutChannels() * s.window());
        int[] starts = pool.takeInts(sh * sw + 1);
        int count = 0;
        for (int phase = 0; phase < sh * sw; phase++) {
            starts[phase] = count;
            for (int tap = 0; tap < s.groupOutChannels() * s.window(); tap++) {
                int u = tap % s.window() / s.kernelWidth();
                int v = tap % s.kernelWidth();
                int y = phase / sw + o.paddingHeight() - u * o.dilationHeight();
                int x = phase % sw + o.paddingWidth() - v * o.dilationWidth();
                if (Math.floorMod(y, sh) == 0 && Math.floorMod(x, sw) == 0) {
                    taps[count] = tap;
                    int row = Math.floorDiv(y, sh) - top;
                    offsets[count++] = grid.offset(tap / s.window(), 0, 0, row, Math.floorDiv(x, sw) - left);
                }
            }
        }
        starts[sh * sw] = count;
        return new DepthwisePhases(s, grid, top, left, taps, offsets, starts);
    }

    void giveTo(ArrayPool pool) {
        pool.give(taps);
        pool.give(offsets);
        pool.give(starts);
    }

    int phases() {
        return s.options().strideHeight() * s.options().strideWidth();
    }

    /// Returns the rows of the largest phase.
    static int rows(ConvolutionSizes s) {
        return Math.ceilDiv(s.height(), s.options().strideHeight());
    }

    /// Returns the columns of the largest phase.
    static int columns(ConvolutionSizes s) {
        return Math.ceilDiv(s.width(), s.options().strideWidth());
    }
}
