package lamella.backend.cpu.runtime;

/// The lengths of pooled arrays: four to each power of two, and of large arrays sixteen, of which a net has few, but
/// whose rest would matter.
final class SizeClasses {
    private static final int SMALLEST = 16;
    private static final int LARGEST = Integer.MAX_VALUE - 8;
    private static final int SMALL_PER_POWER = 4;
    private static final int LARGE_PER_POWER = 16;

    /// The length from which on arrays are large: 64 KiB.
    static final int LARGE = 1 << 14;

    /// How many classes there are.
    static final int COUNT = index(LARGEST) + 1;

    private SizeClasses() {}

    /// Returns the length of the arrays that serve a request for `size` elements.
    static int capacity(int size) {
        if (size <= SMALLEST) {
            return SMALLEST;
        }
        int step = step(size - 1);
        long rounded = Math.ceilDiv((long) size, step) * step;
        return (int) Math.max(size, Math.min(LARGEST, rounded));
    }

    /// Returns by how much the lengths grow above `size`.
    private static int step(int size) {
        return Integer.highestOneBit(size) / (size < LARGE ? SMALL_PER_POWER : LARGE_PER_POWER);
    }

    /// Returns the number of the size class of a capacity: 0 for 16 elements, 1 for 20.
    static int index(int capacity) {
        int last = capacity - 1;
        int within = last / step(last) + 1;
        int power = 31 - Integer.numberOfLeadingZeros(last);
        if (last < LARGE) {
            return SMALL_PER_POWER * (power - log(SMALLEST)) + within - SMALL_PER_POWER;
        }
        return SMALL_PER_POWER * (log(LARGE) - log(SMALLEST))
                + LARGE_PER_POWER * (power - log(LARGE))
                + within
                - LARGE_PER_POWER;
    }

    private static int log(int powerOfTwo) {
        return Integer.numberOfTrailingZeros(powerOfTwo);
    }
}
