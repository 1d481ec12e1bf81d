package lamella.backend.cuda.kernel;

import lamella.backend.View;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.Kernel;

/// How threads share an array `[N, C, ...]` that is combined along all axes but the channels: the structure
/// of that name in `normalization.cu`.
///
/// @param tiles over `[1, count, C]` where a channel's elements lie apart, else over `[C, count, 1]`
/// @param channels C
/// @param count elements of a channel
/// @param inner elements of a channel that lie side by side, at least 1
record Channels(Tiles tiles, int channels, int count, int inner) {
    /// Elements that a thread keeps in registers: KEPT in the source.
    private static final int KEPT = 16;

    static Channels of(View x) {
        int channels = x.dim(1);
        int inner = x.shape().sizeBetween(2, x.shape().rank());
        int count = x.dim(0) * inner;
        Tiles tiles = inner > 1 ? alongChannel(channels, count) : acrossChannels(channels, count);
        return new Channels(tiles.cut(KEPT << tiles.laneBits()), channels, count, Math.max(1, inner));
    }

    private static Tiles alongChannel(int channels, int count) {
        return new Tiles(channels, count, 1, 0, Tiles.log(Device.THREADS), 1, count);
    }

    private static Tiles acrossChannels(int channels, int count) {
        int widthBits = Math.min(5, Tiles.log(channels));
        return new Tiles(1, count, channels, widthBits, Tiles.log(Device.THREADS) - widthBits, 1, count);
    }

    /// Returns a slot of the structure.
    long slot(int index) {
        return switch (index) {
            case 4 -> Kernel.pair(channels, count);
            case 5 -> inner;
            default -> tiles.slot(index);
        };
    }
}
