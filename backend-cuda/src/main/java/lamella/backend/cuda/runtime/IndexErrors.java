package lamella.backend.cuda.runtime;

import jcuda.driver.JCudaDriver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Indices outside their range, as kernels found them. Kernels run long after they were issued, so
/// such an error is thrown when the program next waits for the device.
///
/// A kernel that meets one writes it into host memory that the device sees, and goes on as if the
/// index were −1. Per kind, the first position wins: the word is `position << 32 | index`, of
/// which the device keeps the smallest.
final class IndexErrors implements AutoCloseable {
    private static final int MAPPED = JCudaDriver.CU_MEMHOSTREGISTER_DEVICEMAP;
    private static final long NONE = -1;

    private final MemorySegment words;
    private final long deviceAddress;

    IndexErrors(Arena arena) {
        words = arena.allocate(4096, 4096);
        var host = new Address(words.address());
        CudaException.checkDriver(JCudaDriver.cuMemHostRegister(host, words.byteSize(), MAPPED), "cuMemHostRegister");
        var pointer = new DevicePointer();
        CudaException.checkDriver(JCudaDriver.cuMemHostGetDevicePointer(pointer, host, 0), "cuMemHostGetDevicePointer");
        deviceAddress = pointer.address();
        clear();
    }

    private void clear() {
        for (IndexedOp op : IndexedOp.values()) {
            words.setAtIndex(ValueLayout.JAVA_LONG, 2 * op.ordinal(), NONE);
        }
    }

    /// Returns the device address of the two words of an op: the first bad index, and its bound.
    long address(IndexedOp op) {
        return deviceAddress + 16L * op.ordinal();
    }

    /// Throws the error that a kernel left, if one did; all work must have run.
    void check() {
        for (IndexedOp op : IndexedOp.values()) {
            long found = words.getAtIndex(ValueLayout.JAVA_LONG, 2 * op.ordinal());
            if (found != NONE) {
                long bound = words.getAtIndex(ValueLayout.JAVA_LONG, 2 * op.ordinal() + 1);
                clear();
                throw new IndexOutOfBoundsException(op.message((int) found, (int) (found >>> 32), bound));
            }
        }
    }

    @Override
    public void close() {
        JCudaDriver.cuMemHostUnregister(new Address(words.address()));
    }
}
