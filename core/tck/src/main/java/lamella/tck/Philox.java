package lamella.tck;

/// The block function Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011, section 3.3).
final class Philox {
    private static final int ROUNDS = 10;
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;

    private Philox() {}

    /// Returns the four words for a counter of four words and a key of two.
    static int[] block(int[] counter, int[] key) {
        int[] c = counter.clone();
        int k0 = key[0];
        int k1 = key[1];
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c[0]);
            long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c[2]);
            int high0 = (int) (product0 >>> 32);
            int high1 = (int) (product1 >>> 32);
            c = new int[] {high1 ^ c[1] ^ k0, (int) product1, high0 ^ c[3] ^ k1, (int) product0};
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return c;
    }

    /// Returns the word of element `index` in the stream (key, start), as the SPI numbers them.
    static int word(long key, long start, int index) {
        long counter = start + index / 4;
        int[] block =
                block(
                        new int[] {(int) counter, (int) (counter >>> 32), 0, 0},
                        new int[] {(int) key, (int) (key >>> 32)});
        return block[index % 4];
    }

    /// Returns a word as a uniform number in [0, 1): its upper 24 bits times 2⁻²⁴.
    static double unit(int word) {
        return (word >>> 8) * 0x1p-24;
    }
}
