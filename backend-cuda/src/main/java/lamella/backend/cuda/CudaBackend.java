package lamella.backend.cuda;

import lamella.array.DType;
import lamella.backend.AllocationSite;
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
import lamella.backend.cuda.convolution.CudaConvolutionKernels;
import lamella.backend.cuda.kernel.CudaElementwiseKernels;
import lamella.backend.cuda.kernel.CudaIndexKernels;
import lamella.backend.cuda.kernel.CudaLayoutKernels;
import lamella.backend.cuda.kernel.CudaNormalizationKernels;
import lamella.backend.cuda.kernel.CudaOptimizerKernels;
import lamella.backend.cuda.kernel.CudaPoolingKernels;
import lamella.backend.cuda.kernel.CudaRandomKernels;
import lamella.backend.cuda.kernel.CudaReductionKernels;
import lamella.backend.cuda.kernel.CudaSoftmaxKernels;
import lamella.backend.cuda.matrix.CudaMatrixKernels;
import lamella.backend.cuda.recurrent.CudaRecurrentKernels;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;

import java.util.Optional;

/// The backend that computes on an NVIDIA GPU. Kernels run later, in the order in which they were
/// issued; a download waits for them.
final class CudaBackend implements Backend {
    private final String name;
    private final boolean trackMemory;
    private final Device device;
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

    /// Takes a device into use.
    ///
    /// @param name the device's name, for people
    CudaBackend(BackendOptions options, String name) {
        this.name = name;
        this.trackMemory = options.trackMemory();
        this.device = new Device(options);
        elementwise = new CudaElementwiseKernels(device);
        reduction = new CudaReductionKernels(device);
        matrix = new CudaMatrixKernels(device);
        convolution = new CudaConvolutionKernels(device);
        pooling = new CudaPoolingKernels(device);
        normalization = new CudaNormalizationKernels(device);
        softmax = new CudaSoftmaxKernels(device);
        layout = new CudaLayoutKernels(device);
        index = new CudaIndexKernels(device);
        random = new CudaRandomKernels(device);
        optimizer = new CudaOptimizerKernels(device);
        recurrent = new CudaRecurrentKernels(device);
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public String device() {
        return name + ", " + device.precision();
    }

    /// Returns 1: the threads of the host that issue work; those of the device are its own affair.
    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Storage allocate(DType type, int size) {
        return device.allocate(type, size, trackMemory ? AllocationSite.find(CudaBackend.class) : "");
    }

    /// Takes storage back. Also after the backend was closed, so that scopes may end in any order.
    @Override
    public void release(Storage storage) {
        ((CudaStorage) storage).release();
    }

    @Override
    public void upload(float[] source, int start, View target) {
        device.upload(source, start, target);
    }

    @Override
    public void upload(int[] source, int start, View target) {
        device.upload(source, start, target);
    }

    @Override
    public void download(View source, float[] target, int start) {
        device.download(source, target, start);
    }

    @Override
    public void download(View source, int[] target, int start) {
        device.download(source, target, start);
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public ReductionKernels reduction() {
        return reduction;
    }

    @Override
    public MatrixKernels matrix() {
        return matrix;
    }

    @Override
    public ConvolutionKernels convolution() {
        return convolution;
    }

    @Override
    public PoolingKernels pooling() {
        return pooling;
    }

    @Override
    public NormalizationKernels normalization() {
        return normalization;
    }

    @Override
    public SoftmaxKernels softmax() {
        return softmax;
    }

    @Override
    public LayoutKernels layout() {
        return layout;
    }

    @Override
    public IndexKernels index() {
        return index;
    }

    @Override
    public RandomKernels random() {
        return random;
    }

    @Override
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    @Override
    public Optional<RecurrentKernels> recurrent() {
        return Optional.of(recurrent);
    }

    /// Returns the bytes of the storages; what kernels take for their work while they run does not
    /// count as live.
    @Override
    public MemoryUse memory() {
        return device.memory();
    }

    @Override
    public void synchronize() {
        device.synchronize();
    }

    @Override
    public void close() {
        device.close();
    }
}
