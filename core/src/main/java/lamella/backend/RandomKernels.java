package lamella.backend;

/// Random numbers from the counter-based generator Philox4x32-10 (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011).
///
/// Element i of an array is made from word `i mod 4` of the block with the 64-bit counter
/// `start + i / 4` (low word first; the other two counter words are 0) and the 64-bit key
/// (low word first). So the numbers depend on key, start and index, not on the order of execution.
/// A word w becomes the uniform number `(w >>> 8) · 2⁻²⁴` in [0, 1).
public interface RandomKernels {
    /// out = low + (high − low) · u, uniform in [low, high).
    void uniform(long key, long start, float low, float high, View out);

    /// out = mean + deviation · z, z standard normal by Box and Muller from the pair of words
    /// (2j, 2j + 1): √(−2 ln(1 − u)) · cos(2π v) and · sin(2π v).
    void normal(long key, long start, float mean, float deviation, View out);

    /// out = 1 with this probability (where u < probability), else 0.
    void bernoulli(long key, long start, float probability, View out);
}
