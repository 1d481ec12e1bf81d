package lamella.tck;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.ElementwiseKernels;
import lamella.backend.IndexKernels;
import lamella.backend.LayoutKernels;
import lamella.backend.MatrixKernels;
import lamella.backend.MemoryUse;
import lamella.backend.NormalizationKernels;
import lamella.backend.OptimizerKernels;
import lamella.backend.PoolingKernels;
import lamella.backend.RandomKernels;
import lamella.backend.RecurrentKernels;
import lamella.backend.ReductionKernels;
import lamella.backend.SoftmaxKernels;
import lamella.backend.Storage;
import lamella.backend.View;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The oracle of every conformance case: the kernels as their comments say them, in plain loops, on
/// one thread.
///
/// A float32 array is kept as double and all arithmetic is double; `upload` widens, `download`
/// rounds. So its results are exact for the purpose of a float32 backend, and differences of two
/// nearby results are good enough for a gradient check. [#values(View)], [#get(View, int)] and
/// [#set(View, int, double)] reach the doubles themselves.
public final class ReferenceBackend implements Backend {
    private record PoolKey(DType type, int size) {}

    private final boolean trackMemory;
    private final boolean fused;
    private final Map<PoolKey, Deque<ReferenceStorage>> pool = new HashMap<>();

    /// Live storage; empty unless memory is tracked, so that nothing else keeps it reachable.
    private final Set<ReferenceStorage> live = new LinkedHashSet<>();

    private long liveBytes;
    private long pooledBytes;
    private long peakBytes;
    private long allocations;
    private boolean closed;

    private ReferenceBackend(boolean trackMemory, boolean fused) {
        this.trackMemory = trackMemory;
        this.fused = fused;
    }

    /// Returns a new reference backend that does not track where storage is allocated.
    public static ReferenceBackend create() {
        return new ReferenceBackend(false, true);
    }

    /// Returns a new reference backend; of the options only `trackMemory` matters.
    public static ReferenceBackend create(BackendOptions options) {
        return new ReferenceBackend(options.trackMemory(), true);
    }

    /// Returns a new reference backend that has no fused kernels, so that what would use them runs
    /// step by step.
    public static ReferenceBackend withoutFusedKernels() {
        return new ReferenceBackend(false, false);
    }

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String device() {
        return "plain loops in double";
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public synchronized Storage allocate(DType type, int size) {
        requireOpen();
        Deque<ReferenceStorage> free = pool.get(new PoolKey(type, size));
        String site = trackMemory ? site() : "";
        ReferenceStorage storage;
        if (free == null || free.isEmpty()) {
            allocations++;
            storage =
                    switch (type) {
                        case FLOAT32 -> new ReferenceStorage(type, size, new double[size], new int[0], site);
                        case INT32 -> new ReferenceStorage(type, size, new double[0], new int[size], site);
                    };
        } else {
            ReferenceStorage old = free.pop();
            pooledBytes -= bytes(old);
            storage = new ReferenceStorage(type, size, old.doubles, old.ints, site);
        }
        storage.poison();
        if (trackMemory) {
            live.add(storage);
        }
        liveBytes += bytes(storage);
        peakBytes = Math.max(peakBytes, liveBytes);
        return storage;
    }

    @Override
    public synchronized void release(Storage storage) {
        ReferenceStorage cells = (ReferenceStorage) storage;
        cells.release();
        live.remove(cells);
        liveBytes -= bytes(cells);
        if (!closed) {
            pooledBytes += bytes(cells);
            pool.computeIfAbsent(new PoolKey(cells.type(), cells.size()), _ -> new ArrayDeque<>()).push(cells);
        }
    }

    private static long bytes(Storage storage) {
        return (long) storage.size() * storage.type().bytes();
    }

    private static String site() {
        return StackWalker.getInstance()
                .walk(
                        frames ->
                                frames.filter(f -> !f.getClassName().equals(ReferenceBackend.class.getName()))
                                        .limit(8)
                                        .map(StackWalker.StackFrame::toString)
                                        .collect(Collectors.joining(" < ")));
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("backend 'reference' is closed");
        }
    }

    @Override
    public void upload(float[] source, int start, View target) {
        requireOpen();
        double[] cells = ReferenceStorage.doubles(target);
        for (int i = 0; i < target.size(); i++) {
            cells[target.offset() + i] = source[start + i];
        }
    }

    @Override
    public void upload(int[] source, int start, View target) {
        requireOpen();
        int[] cells = ReferenceStorage.ints(target);
        System.arraycopy(source, start, cells, target.offset(), target.size());
    }

    @Override
    public void download(View source, float[] target, int start) {
        requireOpen();
        double[] cells = ReferenceStorage.doubles(source);
        for (int i = 0; i < source.size(); i++) {
            target[start + i] = (float) cells[source.offset() + i];
        }
    }

    @Override
    public void download(View source, int[] target, int start) {
        requireOpen();
        int[] cells = ReferenceStorage.ints(source);
        System.arraycopy(cells, source.offset(), target, start, source.size());
    }

    /// Returns the elements of a float32 array, unrounded.
    public double[] values(View view) {
        double[] values = new double[view.size()];
        System.arraycopy(ReferenceStorage.doubles(view), view.offset(), values, 0, values.length);
        return values;
    }

    /// Returns one element of a float32 array, unrounded.
    ///
    /// @param index its place in row-major order
    public double get(View view, int index) {
        return ReferenceStorage.doubles(view)[view.offset() + index];
    }

    /// Changes one element of a float32 array, without rounding the value.
    ///
    /// @param index its place in row-major order
    public void set(View view, int index, double value) {
        ReferenceStorage.doubles(view)[view.offset() + index] = value;
    }

    @Override
    public ElementwiseKernels elementwise() {
        return new ReferenceElementwise();
    }

    @Override
    public ReductionKernels reduction() {
        return new ReferenceReduction();
    }

    @Override
    public MatrixKernels matrix() {
        return new ReferenceMatrix();
    }

    @Override
    public ConvolutionKernels convolution() {
        return new ReferenceConvolution();
    }

    @Override
    public PoolingKernels pooling() {
        return new ReferencePooling();
    }

    @Override
    public NormalizationKernels normalization() {
        return new ReferenceNormalization();
    }

    @Override
    public SoftmaxKernels softmax() {
        return new ReferenceSoftmax();
    }

    @Override
    public LayoutKernels layout() {
        return new ReferenceLayout();
    }

    @Override
    public IndexKernels index() {
        return new ReferenceIndex();
    }

    @Override
    public RandomKernels random() {
        return new ReferenceRandom();
    }

    @Override
    public OptimizerKernels optimizer() {
        return new ReferenceOptimizer();
    }

    @Override
    public Optional<RecurrentKernels> recurrent() {
        return fused ? Optional.of(new ReferenceRecurrent()) : Optional.empty();
    }

    @Override
    public synchronized MemoryUse memory() {
        List<String> sites = new ArrayList<>();
        live.stream()
                .sorted(Comparator.comparingLong(ReferenceBackend::bytes).reversed())
                .forEach(s -> sites.add(bytes(s) + " bytes at " + s.site));
        return new MemoryUse(liveBytes, pooledBytes, peakBytes, allocations, List.copyOf(sites));
    }

    @Override
    public void synchronize() {}

    @Override
    public synchronized void close() {
        closed = true;
        pool.clear();
        pooledBytes = 0;
    }
}
