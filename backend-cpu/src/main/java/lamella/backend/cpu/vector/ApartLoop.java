package lamella.backend.cpu.vector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// A vector loop that the compiler compiles apart from its callers.
///
/// One loop with an exponential is about half of what C2 inlines into one method. Where a caller has
/// two of them (`tanh` and `sigmoid` in one switch), the second is not inlined to the end, and each of
/// its vectors becomes an object: an LSTM's `tanh` then took 10 times as long as its `sigmoid`. C2 has
/// no way to be told so, and inlines whatever is hot and small; but it does not see through a method
/// handle that is not a constant.
final class ApartLoop {
    /// A loop of [VectorMaps] or [VectorStages].
    @FunctionalInterface
    interface Loop {
        /// Handles whole vectors of `n` elements; returns how many elements that was.
        int run(float[] x, int xi, float[] out, int oi, int n);
    }

    private static final MethodType TYPE =
            MethodType.methodType(int.class, float[].class, int.class, float[].class, int.class, int.class);

    // Not final, or a compiler that trusts final fields would see a constant.
    private MethodHandle handle;

    private ApartLoop(MethodHandle handle) {
        this.handle = handle;
    }

    static ApartLoop of(Loop loop) {
        try {
            return new ApartLoop(MethodHandles.lookup().bind(loop, "run", TYPE));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs the loop.
    int run(float[] x, int xi, float[] out, int oi, int n) {
        try {
            return (int) handle.invokeExact(x, xi, out, oi, n);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
