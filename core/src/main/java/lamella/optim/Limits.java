package lamella.optim;

/// Checks of the constants in this package.
final class Limits {
    private Limits() {}

    static void requireFraction(String kind, String constant, float value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(kind + ": " + constant + " must be in [0, 1), got " + value);
        }
    }

    static void requireNotNegative(String kind, String constant, float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(kind + ": " + constant + " must be finite and at least 0, got " + value);
        }
    }

    static void requirePositive(String kind, String constant, float value) {
        if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    kind + ": " + constant + " must be finite and greater than 0, got " + value);
        }
    }

    static void requireAtLeast(String kind, String constant, long least, long value) {
        if (value < least) {
            throw new IllegalArgumentException(
                    kind + ": " + constant + " must be at least " + least + ", got " + value);
        }
    }
}
