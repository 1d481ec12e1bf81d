package lamella.backend.cuda.runtime;

import java.util.Arrays;

/// One piece of work as it was issued.
sealed interface Work {
    /// Whether another piece does the same, but for values that a graph can take anew.
    boolean isLike(Work other);

    /// Start of one of our kernels.
    ///
    /// @param values the parameters' slots
    record Launch(Kernel kernel, int blocks, int threads, long[] values) implements Work {
        @Override
        public boolean isLike(Work other) {
            return other instanceof Launch launch
                    && launch.kernel == kernel
                    && launch.blocks == blocks
                    && launch.threads == threads;
        }
    }

    /// Work of a library.
    ///
    /// @param function the function, or a plan for one
    /// @param signature all else that the work depends on: sizes, addresses
    record Library(Object function, Device.Call call, long[] signature) implements Work {
        @Override
        public boolean isLike(Work other) {
            return other instanceof Library library
                    && library.function.equals(function)
                    && Arrays.equals(library.signature, signature);
        }
    }
}
