package lamella.tck;

/// The standard normal distribution in double precision.
///
/// erf by its series of positive terms, `2/√π · e^(−z²) · Σ 2ⁿ z^(2n+1) / (2n+1)!!`, and erfc for
/// large arguments by its continued fraction (Abramowitz and Stegun, 7.1.6 and 7.1.14).
final class NormalDistribution {
    private static final double SERIES_END = 2.5;
    private static final int FRACTION_DEPTH = 200;

    private NormalDistribution() {}

    static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /// Returns the probability of a value below `x`; small probabilities are relatively accurate.
    static double cumulative(double x) {
        return complement(-x / Math.sqrt(2)) / 2;
    }

    /// Returns erfc(z) = 1 − erf(z).
    private static double complement(double z) {
        if (Double.isNaN(z)) {
            return Double.NaN;
        }
        if (z < 0) {
            return 2 - complement(-z);
        }
        return z < SERIES_END ? 1 - series(z) : fraction(z);
    }

    private static double series(double z) {
        double term = z;
        double sum = z;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * z * z / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
    }

    private static double fraction(double z) {
        double tail = z;
        for (int n = FRACTION_DEPTH; n >= 1; n--) {
            tail = z + n / 2.0 / tail;
        }
        return Math.exp(-z * z) / Math.sqrt(Math.PI) / tail;
    }
}
