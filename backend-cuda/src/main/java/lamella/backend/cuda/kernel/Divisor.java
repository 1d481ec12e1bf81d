package lamella.backend.cuda.kernel;

import lamella.backend.cuda.runtime.Kernel;

/// A division that kernels do by multiplying: the structure of that name in `divisor.cuh`.
final class Divisor {
    private Divisor() {}

    /// Returns the structure's slot for a division by `d`, by 1 where that is 0: an extent of 0 leaves nothing
    /// to divide.
    static long slot(int d) {
        int divisor = Math.max(1, d);
        int shift = Axes.shift(divisor);
        return Kernel.pair(Axes.multiplier(divisor, shift), shift);
    }
}
