package lamella.backend.cuda.runtime;

import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

import lamella.backend.DeviceMemoryException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The memory of a device: blocks that come back are kept for reuse, as taking memory from the
/// driver waits for the device.
///
/// A block may be given back while kernels that use it are still to run: all work of a backend is in
/// one stream, so the next user's kernels come after them.
///
/// Sizes are rounded up to an eighth of a power of two. Small blocks are cut out of segments of
/// 2 MiB, which are never given back; a large one is an allocation of its own, and may serve a
/// request of up to a quarter less. Where the device has no room, the free large blocks are
/// given back to it, and then asking is tried once more.
///
/// Of several free blocks the one with the lowest address is taken: so a step that asks for the same
/// sizes in the same order as the step before gets the same blocks, and [Replay] recognises it.
public final class DeviceMemory implements AutoCloseable {
    private static final long SMALLEST = 512;
    private static final long SEGMENT = 2L << 20;
    private static final long SMALL = SEGMENT / 2;
    private static final int OUT_OF_MEMORY = CUresult.CUDA_ERROR_OUT_OF_MEMORY;
    private static final Comparator<Block> BY_ADDRESS = Comparator.comparingLong(Block::address);

    /// A piece of device memory.
    ///
    /// @param address where it begins
    /// @param bytes how long it is
    public record Block(long address, long bytes) {}

    /// What the pool holds.
    ///
    /// @param pooled bytes that are free for reuse
    /// @param allocations how often the pool had nothing that fits
    record Counts(long pooled, long allocations) {}

    private final Runnable activate;
    private final Runnable waitForDevice;
    private final LongSupplier live;
    private final TreeMap<Long, PriorityQueue<Block>> free = new TreeMap<>();
    private final List<Long> segments = new ArrayList<>();
    private final List<Block> large = new ArrayList<>();
    private long segmentNext;
    private long segmentEnd;
    private long pooled;
    private long allocations;
    private boolean closed;

    /// Makes an empty pool.
    ///
    /// @param activate makes the device that of the calling thread
    /// @param waitForDevice waits until all work has run
    /// @param live tells the bytes in use, for messages
    DeviceMemory(Runnable activate, Runnable waitForDevice, LongSupplier live) {
        this.activate = activate;
        this.waitForDevice = waitForDevice;
        this.live = live;
    }

    /// Returns the size of the block for so many bytes.
    static long rounded(long bytes) {
        if (bytes <= SMALLEST) {
            return SMALLEST;
        }
        long step = Math.max(SMALLEST, Long.highestOneBit(bytes - 1) / 8);
        return Math.ceilDiv(bytes, step) * step;
    }

    /// Takes a block of at least so many bytes; its content is undefined.
    ///
    /// @throws DeviceMemoryException if the device has no room
    synchronized Block take(long bytes) {
        long size = rounded(bytes);
        Block reused = reuse(size);
        if (reused != null) {
            return reused;
        }
        allocations++;
        return size <= SMALL ? cut(size) : allocate(size);
    }

    private Block reuse(long size) {
        long most = size <= SMALL ? size : size + size / 4;
        var entry = free.ceilingEntry(size);
        if (entry == null || entry.getKey() > most) {
            return null;
        }
        Block block = entry.getValue().remove();
        if (entry.getValue().isEmpty()) {
            free.remove(entry.getKey());
        }
        pooled -= block.bytes();
        return block;
    }

    private Block cut(long size) {
        if (segmentEnd - segmentNext < size) {
            keepRest();
            long segment = request(SEGMENT);
            segments.add(segment);
            segmentNext = segment;
            segmentEnd = segment + SEGMENT;
        }
        var block = new Block(segmentNext, size);
        segmentNext += size;
        return block;
    }

    /// The end of a segment that is too short for the next block serves smaller ones.
    private void keepRest() {
        while (segmentEnd - segmentNext >= SMALLEST) {
            long rest = segmentEnd - segmentNext;
            long size = rounded(rest) == rest ? rest : SMALLEST;
            put(new Block(segmentNext, size));
            segmentNext += size;
        }
    }

    private Block allocate(long size) {
        var block = new Block(request(size), size);
        large.add(block);
        return block;
    }

    private long request(long bytes) {
        activate.run();
        var pointer = new DevicePointer();
        int status = JCudaDriver.cuMemAlloc(pointer, bytes);
        if (status == OUT_OF_MEMORY && !free.isEmpty()) {
            giveBackLarge();
            status = JCudaDriver.cuMemAlloc(pointer, bytes);
        }
        if (status == OUT_OF_MEMORY) {
            long[] left = new long[1];
            JCudaDriver.cuMemGetInfo(left, new long[1]);
            throw new DeviceMemoryException("cuda", bytes, left[0], pooled, live.getAsLong());
        }
        CudaException.checkDriver(status, "cuMemAlloc");
        return pointer.address();
    }

    private void giveBackLarge() {
        waitForDevice.run();
        for (PriorityQueue<Block> blocks : free.values()) {
            for (Block block : blocks) {
                if (block.bytes() > SMALL) {
                    release(block.address());
                    large.remove(block);
                    pooled -= block.bytes();
                }
            }
            blocks.removeIf(block -> block.bytes() > SMALL);
        }
        free.values().removeIf(PriorityQueue::isEmpty);
    }

    /// Takes a block back.
    synchronized void give(Block block) {
        if (!closed) {
            put(block);
        }
    }

    private void put(Block block) {
        free.computeIfAbsent(block.bytes(), _ -> new PriorityQueue<>(BY_ADDRESS)).add(block);
        pooled += block.bytes();
    }

    synchronized Counts counts() {
        return new Counts(pooled, allocations);
    }

    /// Gives all memory back to the device, also that of blocks in use.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            segments.forEach(DeviceMemory::release);
            large.forEach(block -> release(block.address()));
            free.clear();
            pooled = 0;
        }
    }

    private static void release(long address) {
        CudaException.checkDriver(JCudaDriver.cuMemFree(new DevicePointer(address)), "cuMemFree");
    }
}
