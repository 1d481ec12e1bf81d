package lamella.tensor;

/// Philox4x32-10 (Salmon et al., SC 2011) for the host: the generator that
/// [lamella.backend.RandomKernels] prescribes for backends.
final class Philox {
    private Philox() {}

    /// Returns words 0 (low) and 1 (high) of the block at `counter`.
    static long first64(long key, long counter) {
        int x0 = (int) counter;
        int x1 = (int) (counter >>> 32);
        int x2 = 0;
        int x3 = 0;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < 10; round++) {
            long p0 = (x0 & 0xffffffffL) * 0xD2511F53L;
            long p1 = (x2 & 0xffffffffL) * 0xCD9E8D57L;
            x0 = (int) (p1 >>> 32) ^ x1 ^ k0;
            x2 = (int) (p0 >>> 32) ^ x3 ^ k1;
            x1 = (int) p1;
            x3 = (int) p0;
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (x0 & 0xffffffffL) | (long) x1 << 32;
    }

    /// Spreads the bits of a number (the finalizer of SplitMix64; Steele et al., OOPSLA 2014).
    static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
