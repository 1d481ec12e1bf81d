package lamella.array;

/// The formulas behind the option records.
final class Extents {
    private Extents() {}

    /// Returns 1 + (W − F + 2P) / S, rounded down, with F = dilation · (kernel − 1) + 1.
    ///
    /// Below 1 where the kernel does not fit. A padded input W + 2P beyond an int is rejected, so that
    /// kernels may count in ints.
    static int output(String op, int input, int kernel, int stride, int padding, int dilation) {
        long padded = input + 2L * padding;
        long output = 1 + Math.floorDiv(padded - ((long) dilation * (kernel - 1) + 1), stride);
        long largest = Math.max(padded, output);
        if (largest > Integer.MAX_VALUE) {
            throw ShapeException.of(
                    op,
                    "extent "
                            + input
                            + " with padding "
                            + padding
                            + " becomes "
                            + largest
                            + ", above "
                            + Integer.MAX_VALUE);
        }
        return (int) Math.max(output, Integer.MIN_VALUE);
    }

    static void requireAtLeast(String op, String option, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(op + ": " + option + " must be at least " + least + ", got " + value);
        }
    }
}
