package lamella.backend.cpu;

import lamella.array.DType;
import lamella.backend.AllocationSite;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.ConvolutionKernels;
import lamella.backend.ElementwiseKernels;
import lamella.backend.IndexKernels;
import lamella.backend.LayoutKernels;
import lamella.backend.LiveStorage;
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
import lamella.backend.cpu.convolution.CpuConvolutionKernels;
import lamella.backend.cpu.matrix.CpuMatrixKernels;
import lamella.backend.cpu.recurrent.CpuRecurrentKernels;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.CpuStorage;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import java.util.Optional;

/// The backend that computes on the processor, in Java arrays. Kernels run when they are issued.
final class CpuBackend implements Backend {
    private final String device;
    private final boolean trackMemory;
    private final Workers workers;
    private final ArrayPool pool;
    private final LiveStorage live = new LiveStorage();
    private final ElementwiseKernels elementwise;
    private final ReductionKernels reduction;
    private final MatrixKernels matrix;
    private final ConvolutionKernels convolution;
    private final PoolingKernels pooling;
    private final NormalizationKernels normalization;
    private final SoftmaxKernels softmax;
    private final LayoutKernels layout;
    private final IndexKernels index;
    private final RandomKernels random;
    private final OptimizerKernels optimizer;
    private final RecurrentKernels recurrent;
    private volatile boolean closed;

    /// Starts the threads.
    ///
    /// @param vectors whether to compute on the Vector API; if so its module must be there
    /// @param device what this runs on, for people
    CpuBackend(BackendOptions options, boolean vectors, String device) {
        this.device = device;
        this.trackMemory = options.trackMemory();
        this.workers = new Workers(options.threads());
        this.pool = new ArrayPool(workers);
        Primitives primitives = Primitives.of(vectors);
        elementwise = new CpuElementwiseKernels(workers, primitives);
        reduction = new CpuReductionKernels(workers, pool, primitives);
        matrix = new CpuMatrixKernels(workers, pool, vectors);
        convolution = new CpuConvolutionKernels(workers, pool, vectors);
        pooling = new CpuPoolingKernels(workers, pool, primitives);
        normalization = new CpuNormalizationKernels(workers, pool, primitives);
        softmax = new CpuSoftmaxKernels(workers, pool, primitives);
        layout = new CpuLayoutKernels(workers);
        index = new CpuIndexKernels(workers, primitives);
        random = new CpuRandomKernels(workers, pool);
        optimizer = new CpuOptimizerKernels(workers, pool);
        recurrent = new CpuRecurrentKernels(workers, pool, primitives, vectors);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("backend 'cpu' is closed");
        }
    }

    private <K> K open(K kernels) {
        requireOpen();
        return kernels;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public int threads() {
        return workers.threads();
    }

    @Override
    public Storage allocate(DType type, int size) {
        requireOpen();
        Object array =
                switch (type) {
                    case FLOAT32 -> pool.take(size);
                    case INT32 -> pool.takeInts(size);
                };
        return new CpuStorage(type, size, array, pool, live, trackMemory ? AllocationSite.find(CpuBackend.class) : "");
    }

    /// Takes storage back. Also after the backend was closed, so that scopes may end in any order.
    @Override
    public void release(Storage storage) {
        switch (((CpuStorage) storage).release()) {
            case float[] floats -> pool.give(floats);
            case int[] ints -> pool.give(ints);
            default -> throw new IllegalStateException("storage: not an array of numbers");
        }
        if (closed) {
            pool.clear();
        }
    }

    @Override
    public void upload(float[] source, int start, View target) {
        requireOpen();
        float[] to = CpuStorage.floats(target);
        System.arraycopy(source, start, to, target.offset(), target.size());
    }

    @Override
    public void upload(int[] source, int start, View target) {
        requireOpen();
        int[] to = CpuStorage.ints(target);
        System.arraycopy(source, start, to, target.offset(), target.size());
    }

    @Override
    public void download(View source, float[] target, int start) {
        requireOpen();
        float[] from = CpuStorage.floats(source);
        System.arraycopy(from, source.offset(), target, start, source.size());
    }

    @Override
    public void download(View source, int[] target, int start) {
        requireOpen();
        int[] from = CpuStorage.ints(source);
        System.arraycopy(from, source.offset(), target, start, source.size());
    }

    @Override
    public ElementwiseKernels elementwise() {
        return open(elementwise);
    }

    @Override
    public ReductionKernels reduction() {
        return open(reduction);
    }

    @Override
    public MatrixKernels matrix() {
        return open(matrix);
    }

    @Override
    public ConvolutionKernels convolution() {
        return open(convolution);
    }

    @Override
    public PoolingKernels pooling() {
        return open(pooling);
    }

    @Override
    public NormalizationKernels normalization() {
        return open(normalization);
    }

    @Override
    public SoftmaxKernels softmax() {
        return open(softmax);
    }

    @Override
    public LayoutKernels layout() {
        return open(layout);
    }

    @Override
    public IndexKernels index() {
        return open(index);
    }

    @Override
    public RandomKernels random() {
        return open(random);
    }

    @Override
    public OptimizerKernels optimizer() {
        return open(optimizer);
    }

    @Override
    public Optional<RecurrentKernels> recurrent() {
        return Optional.of(open(recurrent));
    }

    /// Returns the bytes of the storages; what kernels take for their work while they run does not
    /// count as live.
    @Override
    public MemoryUse memory() {
        var counts = pool.counts();
        return new MemoryUse(live.bytes(), counts.pooled(), live.peak(), counts.allocations(), live.sites());
    }

    @Override
    public void synchronize() {
        requireOpen();
    }

    @Override
    public void close() {
        closed = true;
        workers.close();
        pool.clear();
    }
}
