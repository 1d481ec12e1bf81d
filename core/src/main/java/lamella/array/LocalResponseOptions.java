package lamella.array;

/// The constants of local response normalisation:
/// `y[c] = x[c] / (bias + alpha / size · Σ x[c′]²)^beta`, the sum over the `size` channels around c that exist.
///
/// @param size channels in the sum, odd, at least 1
/// @param alpha weight of the sum
/// @param beta exponent
/// @param bias added constant
public record LocalResponseOptions(int size, float alpha, float beta, float bias) {
    /// Rejects sizes that are even or below 1.
    public LocalResponseOptions {
        Extents.requireAtLeast("localResponseNorm", "size", 1, size);
        if (size % 2 == 0) {
            throw new IllegalArgumentException("localResponseNorm: size must be odd, got " + size);
        }
    }
}
