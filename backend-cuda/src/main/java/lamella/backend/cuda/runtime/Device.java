package lamella.backend.cuda.runtime;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

import lamella.array.DType;
import lamella.backend.BackendOptions;
import lamella.backend.LiveStorage;
import lamella.backend.MemoryUse;
import lamella.backend.Precision;
import lamella.backend.View;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A GPU: everything that runs on it is issued here, in one order.
///
/// Work is put on one stream and runs later; the caller goes on. One lock makes an issue whole, so
/// that two threads can use one backend.
public final class Device implements AutoCloseable {
    /// Threads of a block, for kernels that do not need another number.
    public static final int THREADS = 256;

    /// The system property that turns CUDA graphs off, to measure what they gain: `false`.
    public static final String GRAPHS_PROPERTY = "lamella.cuda.graphs";

    private static final int FIRST_WITH_BFLOAT16 = 8;
    private static final int BLOCKS_PER_PROCESSOR = 16;

    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final CUstream compute = new CUstream();
    private final CUstream copy = new CUstream();
    private final Arena arena = Arena.ofShared();
    private final LiveStorage live = new LiveStorage();
    private final DeviceMemory memory;
    private final Transfers transfers;
    private final Kernels kernels;
    private final IndexErrors errors;
    private final Libraries libraries;
    private final Issuer issuer;
    private final Replay replay;
    private final int mostBlocks;
    private boolean closed;

    /// Takes a device into use; the native libraries must have been loaded.
    public Device(BackendOptions options) {
        CudaException.checkDriver(JCudaDriver.cuInit(0), "cuInit");
        int[] count = new int[1];
        CudaException.checkDriver(JCudaDriver.cuDeviceGetCount(count), "cuDeviceGetCount");
        if (options.device() >= count[0]) {
            throw new IllegalArgumentException(
                    "backend 'cuda' has %d device%s, from 0 on, got %d"
                            .formatted(count[0], count[0] == 1 ? "" : "s", options.device()));
        }
        CudaException.checkDriver(JCudaDriver.cuDeviceGet(device, options.device()), "cuDeviceGet");
        Precision precision = options.precision().orElse(Precision.TF32);
        requireCapability(precision);
        CudaException.checkDriver(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "cuDevicePrimaryCtxRetain");
        CudaException.checkDriver(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent");
        stream(compute);
        stream(copy);
        memory = new DeviceMemory(this::activate, this::waitForStream, live::bytes);
        transfers = new Transfers(compute, copy, memory);
        errors = new IndexErrors(arena);
        libraries = new Libraries(arena, compute, memory, precision, options.deterministic());
        issuer = new Issuer(arena, context, compute, libraries);
        kernels = new Kernels(arena, issuer);
        replay = new Replay(issuer, Boolean.parseBoolean(System.getProperty(GRAPHS_PROPERTY, "true")));
        mostBlocks = BLOCKS_PER_PROCESSOR * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    }

    private void requireCapability(Precision precision) {
        int major = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
        int minor = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
        if (precision == Precision.BFLOAT16 && major < FIRST_WITH_BFLOAT16) {
            throw new IllegalArgumentException(
                    "backend 'cuda' computes in bfloat16 on devices of compute capability 8.0 or later, this is %d.%d"
                            .formatted(major, minor));
        }
    }

    private void activate() {
        issuer.activate();
    }

    private static void stream(CUstream stream) {
        CudaException.checkDriver(
                JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "cuStreamCreate");
    }

    private int attribute(int attribute) {
        int[] value = new int[1];
        CudaException.checkDriver(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "cuDeviceGetAttribute");
        return value[0];
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("backend 'cuda' is closed");
        }
    }

    /// Returns in what products are computed.
    public Precision precision() {
        return libraries.precision();
    }

    /// Takes memory for an array.
    ///
    /// @param site where it was allocated; empty where nobody asks
    public synchronized CudaStorage allocate(DType type, int size, String site) {
        requireOpen();
        return new CudaStorage(type, size, memory, live, site);
    }

    /// Returns a kernel of our own.
    ///
    /// @param file the source file's name, without its ending
    public synchronized Kernel kernel(String file, String name) {
        requireOpen();
        return kernels.get(file, name);
    }

    /// Starts a kernel.
    ///
    /// @param blocks blocks of the grid, at least 1
    /// @param threads threads of a block
    /// @param values the parameters, as [Kernel] says
    public synchronized void launch(Kernel kernel, int blocks, int threads, long... values) {
        if (values.length != kernel.slots()) {
            throw new IllegalArgumentException(
                    "cuda: kernel " + kernel.name() + " takes " + kernel.slots() + " slots, got " + values.length);
        }
        requireOpen();
        replay.issue(new Work.Launch(kernel, blocks, threads, values));
    }

    /// Starts a kernel whose threads stride over `n` elements; nothing where n is 0.
    public void launchOver(Kernel kernel, int n, long... values) {
        if (n > 0) {
            launch(kernel, Math.min(Math.ceilDiv(n, THREADS), mostBlocks), THREADS, values);
        }
    }

    /// What a call of a library does.
    public interface Call {
        /// Calls the library, whose work must go to the stream of its handle.
        void run(Libraries libraries);
    }

    /// Issues work of a library that may come again: then the library is not called, and the device does
    /// what it did at the earlier call. The call must do the same whenever it runs: it may be later, when
    /// other work was issued.
    ///
    /// @param function the function, or a plan for one: what is equal is the same
    /// @param signature all else that the work depends on: sizes, options, addresses of operands and of
    ///     scratch memory
    public synchronized void issue(Object function, Call call, long... signature) {
        requireOpen();
        replay.issue(new Work.Library(function, call, signature));
    }

    /// What somebody makes of the libraries.
    public interface Preparation<T> {
        /// Makes it, without issuing work.
        T make(Libraries libraries);
    }

    /// Returns what is made under the device's lock, such as a plan.
    public synchronized <T> T prepare(Preparation<T> preparation) {
        requireOpen();
        activate();
        return preparation.make(libraries);
    }

    /// Runs something while no other thread issues work.
    public synchronized void exclusively(Runnable body) {
        body.run();
    }

    /// Calls a library at once, after all that was issued: to prepare, or for work that never comes again.
    public synchronized void issue(Call call) {
        requireOpen();
        activate();
        replay.flush();
        call.run(libraries);
    }

    /// Device memory for the time of a few kernels.
    ///
    /// @param address where it begins
    /// @param bytes how long it is
    /// @param giveBack gives it back
    public record Scratch(long address, long bytes, Runnable giveBack) implements AutoCloseable {
        @Override
        public void close() {
            giveBack.run();
        }
    }

    /// Takes memory for kernels that are issued until it is closed.
    public synchronized Scratch scratch(long bytes) {
        requireOpen();
        DeviceMemory.Block block = memory.take(bytes);
        return new Scratch(block.address(), block.bytes(), () -> memory.give(block));
    }

    /// Returns the device address of the words where a kernel reports a bad index.
    public long indexError(IndexedOp op) {
        return errors.address(op);
    }

    /// Copies float32 elements to the device.
    public synchronized void upload(float[] source, int start, View target) {
        requireOpen();
        activate();
        replay.flush();
        transfers.upload(
                (pinned, at, n) -> MemorySegment.copy(source, start + at, pinned, ValueLayout.JAVA_FLOAT, 0, n),
                CudaStorage.address(target),
                target.size());
    }

    /// Copies int32 elements to the device.
    public synchronized void upload(int[] source, int start, View target) {
        requireOpen();
        activate();
        replay.flush();
        transfers.upload(
                (pinned, at, n) -> MemorySegment.copy(source, start + at, pinned, ValueLayout.JAVA_INT, 0, n),
                CudaStorage.address(target),
                target.size());
    }

    /// Copies bytes within the device; nothing where there are none.
    public synchronized void copy(long target, long source, long bytes) {
        if (bytes > 0) {
            issue(
                    "cuMemcpyDtoDAsync",
                    _ ->
                            CudaException.checkDriver(
                                    JCudaDriver.cuMemcpyDtoDAsync(
                                            new DevicePointer(target), new DevicePointer(source), bytes, compute),
                                    "cuMemcpyDtoDAsync"),
                    target,
                    source,
                    bytes);
        }
    }

    /// Sets bytes to 0; nothing where there are none.
    public synchronized void clear(long address, long bytes) {
        if (bytes > 0) {
            issue(
                    "cuMemsetD8Async",
                    _ ->
                            CudaException.checkDriver(
                                    JCudaDriver.cuMemsetD8Async(new DevicePointer(address), (byte) 0, bytes, compute),
                                    "cuMemsetD8Async"),
                    address,
                    bytes);
        }
    }

    /// Copies float32 elements from the device, when all work issued before has run.
    public synchronized void download(View source, float[] target, int start) {
        requireOpen();
        activate();
        replay.flush();
        transfers.download(
                CudaStorage.address(source),
                (pinned, at, n) -> MemorySegment.copy(pinned, ValueLayout.JAVA_FLOAT, 0, target, start + at, n),
                source.size());
        errors.check();
    }

    /// Copies int32 elements from the device, when all work issued before has run.
    public synchronized void download(View source, int[] target, int start) {
        requireOpen();
        activate();
        replay.flush();
        transfers.download(
                CudaStorage.address(source),
                (pinned, at, n) -> MemorySegment.copy(pinned, ValueLayout.JAVA_INT, 0, target, start + at, n),
                source.size());
        errors.check();
    }

    /// Waits until all work has run, and throws what it left to throw.
    public synchronized void synchronize() {
        requireOpen();
        activate();
        waitForStream();
        errors.check();
    }

    private void waitForStream() {
        replay.flush();
        CudaException.checkDriver(JCudaDriver.cuStreamSynchronize(compute), "cuStreamSynchronize");
    }

    /// Returns what is allocated; scratch memory does not count as live.
    public MemoryUse memory() {
        DeviceMemory.Counts counts = memory.counts();
        return new MemoryUse(live.bytes(), counts.pooled(), live.peak(), counts.allocations(), live.sites());
    }

    /// Waits for all work and frees everything; a second time does nothing.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        activate();
        waitForStream();
        closed = true;
        replay.close();
        kernels.close();
        libraries.close();
        transfers.close();
        errors.close();
        memory.close();
        JCudaDriver.cuStreamDestroy(copy);
        JCudaDriver.cuStreamDestroy(compute);
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
        arena.close();
    }
}
