package lamella.backend.cuda.runtime;

import jcuda.driver.CUcontext;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Hands single pieces of work to the driver.
final class Issuer {
    private final CUcontext context;
    private final CUstream stream;
    private final Libraries libraries;
    private final MemorySegment slots;

    /// @param stream where all work goes
    Issuer(Arena arena, CUcontext context, CUstream stream, Libraries libraries) {
        this.context = context;
        this.stream = stream;
        this.libraries = libraries;
        this.slots = arena.allocate(8L * Kernels.MOST_SLOTS, 8);
    }

    /// Makes the device that of the calling thread: before any call of the driver.
    void activate() {
        CudaException.checkDriver(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
    }

    CUstream stream() {
        return stream;
    }

    /// Returns where a kernel's parameters are read from when it is issued.
    MemorySegment slots() {
        return slots;
    }

    /// Writes the parameters of the next kernel.
    void fill(long[] values) {
        for (int i = 0; i < values.length; i++) {
            slots.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
        }
    }

    void run(Work work) {
        activate();
        switch (work) {
            case Work.Launch launch -> {
                fill(launch.values());
                Kernel kernel = launch.kernel();
                int status =
                        JCudaDriver.cuLaunchKernel(
                                kernel.function(),
                                launch.blocks(),
                                1,
                                1,
                                launch.threads(),
                                1,
                                1,
                                0,
                                stream,
                                kernel.parameters(),
                                null);
                CudaException.checkDriver(status, "cuLaunchKernel of " + kernel.name());
            }
            case Work.Library library -> library.call().run(libraries);
        }
    }
}
