package lamella.backend.cuda.runtime;

import lamella.array.DType;
import lamella.backend.LiveStorage;
import lamella.backend.Storage;
import lamella.backend.View;

/// An allocation of the CUDA backend: a block of device memory.
public final class CudaStorage extends Storage {
    private final DeviceMemory memory;
    private final LiveStorage.Entry entry;
    private volatile DeviceMemory.Block block;

    /// Takes memory from a device. Storage that is dropped without a release gives it back when the
    /// garbage collector finds it.
    ///
    /// @param site where it was allocated; empty where nobody asks
    CudaStorage(DType type, int size, DeviceMemory memory, LiveStorage live, String site) {
        DeviceMemory.Block taken = memory.take((long) size * type.bytes());
        super(type, size);
        this.memory = memory;
        this.block = taken;
        this.entry = live.add(this, taken.bytes(), site, () -> memory.give(taken));
    }

    /// Gives the memory back.
    public void release() {
        markReleased();
        DeviceMemory.Block given = block;
        block = null;
        entry.remove();
        memory.give(given);
    }

    /// Returns the device address of the first element of a view.
    ///
    /// @throws IllegalStateException if its storage was released
    public static long address(View v) {
        CudaStorage storage = (CudaStorage) v.storage();
        DeviceMemory.Block block = storage.block;
        if (block == null) {
            throw new IllegalStateException("storage: " + storage.size() + " elements are used after their release");
        }
        return block.address() + (long) v.offset() * storage.type().bytes();
    }
}
