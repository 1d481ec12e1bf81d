package lamella.backend.cpu.matrix;

import java.util.Arrays;

/// Copies of parts of a matrix in the order in which the kernels read them.
///
/// A panel of width w holds w rows of the left factor, or w columns of the right one, step by step
/// along the reduction: element (p, i) at `p · w + i`. Packed parts are dense, so that they need
/// few pages and no two of their lines fight for the same place in the cache, which rows of a
/// matrix whose width is a power of two do.
public final class GemmPacking {
    private GemmPacking() {}

    /// Returns how many multiply-adds take about as long as packing so many elements.
    ///
    /// @param across elements from one row (of the right factor: column) to the next
    public static long work(int across, long elements) {
        return (across == 1 ? 4 : 16) * elements;
    }

    /// Packs `count` rows or columns, at most `width`, and fills the panel up with zeros: what the
    /// kernels make of the rest is dropped, but denormal numbers there would slow them down.
    ///
    /// @param across elements from one row (of the right factor: column) to the next
    /// @param along elements from one step to the next; `across` or `along` is 1
    public static void pack(
            GemmKernels kernels,
            float[] from,
            int at,
            int across,
            int along,
            int count,
            int depth,
            int width,
            float[] panel,
            int to) {
        boolean tiles = width == kernels.rows() || width == kernels.columns();
        if (across == 1 && count == width && tiles) {
            kernels.copyPanel(from, at, along, depth, width, panel, to);
            return;
        }
        if (count < width) {
            Arrays.fill(panel, to, to + depth * width, 0);
        }
        if (across == 1) {
            for (int p = 0; p < depth; p++) {
                copy(from, at + p * along, panel, to + p * width, count);
            }
            return;
        }
        int turned = kernels.turnPanel(from, at, across, count, depth, width, panel, to);
        interleave(from, at + turned, across, count, depth - turned, width, panel, to + turned * width);
    }

    /// Packs rows of the left factor into as many panels as they fill, one behind the other.
    ///
    /// @param across elements from one row to the next
    /// @param along elements from one step to the next; `across` or `along` is 1
    static void packRows(
            GemmKernels kernels,
            float[] from,
            int at,
            int across,
            int along,
            int count,
            int depth,
            float[] panels,
            int to) {
        int rows = kernels.rows();
        int done = across == 1 ? kernels.copyPanels(from, at, along, depth, count, panels, to) : 0;
        for (int i = done; i < count; i += rows) {
            int wanted = Math.min(rows, count - i);
            pack(kernels, from, at + i * across, across, along, wanted, depth, rows, panels, to + i * depth);
        }
    }

    private static void interleave(
            float[] from, int at, int across, int count, int depth, int width, float[] panel, int to) {
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            interleave4(from, at + i * across, across, depth, width, panel, to + i);
        }
        for (; i < count; i++) {
            int row = at + i * across;
            for (int p = 0; p < depth; p++) {
                panel[to + p * width + i] = from[row + p];
            }
        }
    }

    // For so few elements a loop is faster than the call of arraycopy's stub.
    private static void copy(float[] from, int at, float[] panel, int to, int count) {
        if (count >= 16) {
            System.arraycopy(from, at, panel, to, count);
        } else {
            for (int i = 0; i < count; i++) {
                panel[to + i] = from[at + i];
            }
        }
    }

    // Four rows at once: the stores of a step fall into one line of the cache.
    private static void interleave4(float[] from, int at, int across, int depth, int width, float[] panel, int to) {
        int r1 = at + across;
        int r2 = r1 + across;
        int r3 = r2 + across;
        for (int p = 0; p < depth; p++) {
            int t = to + p * width;
            panel[t] = from[at + p];
            panel[t + 1] = from[r1 + p];
            panel[t + 2] = from[r2 + p];
            panel[t + 3] = from[r3 + p];
        }
    }
}
