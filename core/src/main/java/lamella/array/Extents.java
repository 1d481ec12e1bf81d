package lamella.array;

/// The formulas behind the option records.
final class Extents {
    private Extents() {}

    /// Returns 1 + (W − F + 2P) / S, rounded down, with F = dilation · (kernel − 1) + 1.
    static int output(int input, int kernel, int stride, int padding, int dilation) {
        return 1 + Math.floorDiv(input - spread(kernel, dilation) + 2 * padding, stride);
    }

    static int spread(int kernel, int dilation) {
        return dilation * (kernel - 1) + 1;
    }

    static void requireAtLeast(String op, String option, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(op + ": " + option + " must be at least " + least + ", got " + value);
        }
    }
}
