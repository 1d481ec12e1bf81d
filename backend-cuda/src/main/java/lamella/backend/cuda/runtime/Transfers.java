package lamella.backend.cuda.runtime;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Copies between the heap and the device, through pinned memory.
///
/// What goes up is copied into one of a few slots, and the caller goes on. A small array then goes
/// straight to its target, in the order of the kernels. A large one goes by the copy stream to device
/// memory of the slot's own, while kernels issued before it still run, and from there to its target in
/// the order of the kernels: so the transfer of the next batch overlaps with the step before.
final class Transfers implements AutoCloseable {
    /// How an array is written into pinned memory, or read from it.
    interface HostCopy {
        /// Copies `count` elements, from the element `start` on.
        void run(MemorySegment pinned, int start, int count);
    }

    private static final int SLOTS = 8;
    private static final long ELEMENT = 4;

    /// From this many bytes on, an array goes by the copy stream.
    static final long LARGE = 256 << 10;

    /// The most bytes that a slot holds; longer arrays go in parts.
    static final long MOST = 32 << 20;

    private final CUstream compute;
    private final CUstream copy;
    private final DeviceMemory memory;
    private final Slot[] slots = new Slot[SLOTS];
    private final Slot down;
    private int next;

    Transfers(CUstream compute, CUstream copy, DeviceMemory memory) {
        this.compute = compute;
        this.copy = copy;
        this.memory = memory;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
        down = new Slot();
    }

    /// Pinned memory, and device memory for what goes by the copy stream.
    private final class Slot {
        private final CUevent read = event();
        private final CUevent consumed = event();
        private Arena arena;
        private MemorySegment pinned = MemorySegment.NULL;
        private DeviceMemory.Block staging;
        private boolean used;

        private static CUevent event() {
            var event = new CUevent();
            CudaException.checkDriver(
                    JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "cuEventCreate");
            return event;
        }

        /// Waits until the device has read the slot, and makes it long enough.
        void reserve(long bytes) {
            if (used && JCudaDriver.cuEventQuery(read) == CUresult.CUDA_ERROR_NOT_READY) {
                CudaException.checkDriver(JCudaDriver.cuEventSynchronize(read), "cuEventSynchronize");
            }
            if (pinned.byteSize() < bytes) {
                close();
                arena = Arena.ofShared();
                pinned = arena.allocate(DeviceMemory.rounded(Math.max(bytes, 64 << 10)), 4096);
                CudaException.checkDriver(
                        JCudaDriver.cuMemHostRegister(address(), pinned.byteSize(), 0), "cuMemHostRegister");
            }
        }

        Address address() {
            return new Address(pinned.address());
        }

        /// Returns where the slot's bytes lie on the device, written no more by an earlier use.
        long stage(long bytes) {
            if (staging == null || staging.bytes() < bytes) {
                if (staging != null) {
                    memory.give(staging);
                }
                staging = memory.take(bytes);
                // the block may still be read by kernels that were issued before
                record(consumed, compute);
            }
            waitFor(consumed, copy);
            return staging.address();
        }

        void close() {
            if (arena != null) {
                JCudaDriver.cuMemHostUnregister(address());
                arena.close();
                arena = null;
            }
        }
    }

    private static void record(CUevent event, CUstream stream) {
        CudaException.checkDriver(JCudaDriver.cuEventRecord(event, stream), "cuEventRecord");
    }

    private static void waitFor(CUevent event, CUstream stream) {
        CudaException.checkDriver(JCudaDriver.cuStreamWaitEvent(stream, event, 0), "cuStreamWaitEvent");
    }

    /// Copies elements to the device.
    ///
    /// @param source writes them into pinned memory
    /// @param target where the first goes
    void upload(HostCopy source, long target, int elements) {
        int most = (int) (MOST / ELEMENT);
        for (int start = 0; start < elements; start += most) {
            int count = Math.min(most, elements - start);
            part(source, target + start * ELEMENT, start, count);
        }
    }

    private void part(HostCopy source, long target, int start, int count) {
        Slot slot = slots[next];
        next = (next + 1) % SLOTS;
        long bytes = count * ELEMENT;
        slot.reserve(bytes);
        source.run(slot.pinned, start, count);
        slot.used = true;
        if (bytes < LARGE) {
            copyUp(target, slot, bytes, compute);
            record(slot.read, compute);
            return;
        }
        long staging = slot.stage(bytes);
        copyUp(staging, slot, bytes, copy);
        record(slot.read, copy);
        waitFor(slot.read, compute);
        CudaException.checkDriver(
                JCudaDriver.cuMemcpyDtoDAsync(new DevicePointer(target), new DevicePointer(staging), bytes, compute),
                "cuMemcpyDtoDAsync");
        record(slot.consumed, compute);
    }

    private static void copyUp(long target, Slot slot, long bytes, CUstream stream) {
        CudaException.checkDriver(
                JCudaDriver.cuMemcpyHtoDAsync(new DevicePointer(target), slot.address(), bytes, stream),
                "cuMemcpyHtoDAsync");
    }

    /// Copies elements from the device; waits for all kernels issued before.
    ///
    /// @param source where the first lies
    /// @param target reads them from pinned memory
    void download(long source, HostCopy target, int elements) {
        int most = (int) (MOST / ELEMENT);
        for (int start = 0; start < elements; start += most) {
            int count = Math.min(most, elements - start);
            long bytes = count * ELEMENT;
            down.reserve(bytes);
            CudaException.checkDriver(
                    JCudaDriver.cuMemcpyDtoHAsync(
                            down.address(), new DevicePointer(source + start * ELEMENT), bytes, compute),
                    "cuMemcpyDtoHAsync");
            CudaException.checkDriver(JCudaDriver.cuStreamSynchronize(compute), "cuStreamSynchronize");
            target.run(down.pinned, start, count);
        }
    }

    @Override
    public void close() {
        for (Slot slot : slots) {
            slot.close();
        }
        down.close();
    }
}
