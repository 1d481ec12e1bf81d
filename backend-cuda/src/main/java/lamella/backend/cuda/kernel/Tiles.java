package lamella.backend.cuda.kernel;

import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// How the threads of a grid share an array `[outer, extent, inner]` that is combined along `extent`: the
/// structure of `tiles.cuh`. All of it follows from the sizes, never from the device, so that results
/// do not depend on it.
///
/// @param outer entries before the axis
/// @param extent elements along the axis
/// @param inner entries after the axis
/// @param widthBits logarithm of the threads side by side along `inner`
/// @param laneBits logarithm of the threads that share a column
/// @param parts blocks that share a column, at least 1
/// @param chunk elements of a column for each of them
record Tiles(int outer, int extent, int inner, int widthBits, int laneBits, int parts, int chunk) {

    private static final int THREAD_BITS = log(Device.THREADS);

    /// As many neighbours load a whole line of 128 bytes.
    private static final int LINE_BITS = 5;

    /// From this number of blocks on, a device is busy.
    private static final int BUSY = 512;

    /// Elements for each thread below which a column is not shared by blocks.
    private static final int LEAST = 32;

    /// Shares an array out.
    static Tiles of(int outer, int extent, int inner) {
        Tiles whole = whole(outer, extent, inner);
        int most = Math.min(BUSY / whole.blocks(), extent / (LEAST << whole.laneBits));
        return most <= 1 ? whole : whole.cut(Math.ceilDiv(extent, most));
    }

    /// Shares an array out with all of a column in one block.
    static Tiles whole(int outer, int extent, int inner) {
        int neighbours = Math.min(LINE_BITS, log(inner));
        int laneBits = Math.min(lanes(extent), THREAD_BITS - neighbours);
        int widthBits = Math.min(log(inner), THREAD_BITS - laneBits);
        return new Tiles(outer, extent, inner, widthBits, laneBits, 1, extent);
    }

    /// Returns the logarithm of the threads for a row of so many elements: about 8 elements each, since
    /// joining the results of threads takes time too.
    static int lanes(int extent) {
        return Math.min(THREAD_BITS, Math.max(0, log(extent) - 3));
    }

    /// Returns the blocks of a grid in which 2^`laneBits` threads share each row.
    static int rowBlocks(int rows, int laneBits) {
        return Math.ceilDiv(rows, Device.THREADS >> laneBits);
    }

    /// Returns the logarithm of the smallest power of two that is at least `n`.
    static int log(int n) {
        return n <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(n - 1);
    }

    /// Returns this with columns in parts of `elements`, none of which is empty.
    Tiles cut(int elements) {
        int blocks = Math.max(1, Math.ceilDiv(extent, elements));
        return new Tiles(outer, extent, inner, widthBits, laneBits, blocks, elements);
    }

    private int columns() {
        return Math.ceilDiv(inner, 1 << widthBits);
    }

    /// Returns the blocks of the grid.
    int blocks() {
        return Math.ceilDiv(outer, Device.THREADS >> widthBits + laneBits) * columns() * parts;
    }

    /// Returns a slot of the structure.
    long slot(int index) {
        return switch (index) {
            case 0 -> Kernel.pair(outer, extent);
            case 1 -> Kernel.pair(inner, widthBits);
            case 2 -> Kernel.pair(laneBits, columns());
            case 3 -> Kernel.pair(parts, chunk);
            default -> throw new IllegalArgumentException("tiles: there is no slot " + index);
        };
    }
}
