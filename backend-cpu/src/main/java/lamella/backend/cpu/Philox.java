package lamella.backend.cpu;

/// The generator Philox4x32-10: ten rounds of multiplications that turn a counter and a key into
/// four random words.
///
/// Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 4.
final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /// Writes the words of the block with a 128-bit counter to `words[at]` and on.
    ///
    /// @param low the lower half of the counter
    /// @param high the upper half of the counter
    static void block(long low, long high, long key, int[] words, int at) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
            long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c1 = (int) product1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        words[at] = c0;
        words[at + 1] = c1;
        words[at + 2] = c2;
        words[at + 3] = c3;
    }

    /// Writes `count` blocks, from the counter `start` on.
    static void blocks(long start, long key, int count, int[] words) {
        for (int i = 0; i < count; i++) {
            block(start + i, 0, key, words, 4 * i);
        }
    }

    /// Returns the uniform number in [0, 1) that a word becomes: its upper 24 bits.
    static float uniform(int word) {
        return (word >>> 8) * 0x1p-24f;
    }
}
