package lamella.backend.cuda.kernel;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnSoftmaxAlgorithm;
import jcuda.jcudnn.cudnnSoftmaxMode;
import jcuda.jcudnn.cudnnTensorDescriptor;

import lamella.backend.SoftmaxKernels;
import lamella.backend.View;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.CudaStorage;
import lamella.backend.cuda.runtime.Device;
import lamella.backend.cuda.runtime.IndexedOp;
import lamella.backend.cuda.runtime.Kernel;
import lamella.backend.cuda.runtime.Libraries;

/// Softmax and its gradients by cuDNN, a row being an image; cross-entropy by kernels of our own.
///
/// A label outside the classes is noticed by the kernel, so it is thrown when the program next waits for
/// the device; its row is then ignored.
public final class CudaSoftmaxKernels implements SoftmaxKernels {
    private static final int ACCURATE = cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_ACCURATE;
    private static final int LOG = cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_LOG;
    private static final int ROW_BY_ROW = cudnnSoftmaxMode.CUDNN_SOFTMAX_MODE_INSTANCE;

    /// Rows of one call. Rows are independent, and versions of cuDNN are known to refuse other work on more
    /// than 65535 images.
    private static final int MOST_ROWS = 65_535;

    private final Device device;
    private final KernelFile kernels;

    /// Makes the kernels of a device.
    public CudaSoftmaxKernels(Device device) {
        this.device = device;
        kernels = new KernelFile(device, "softmax");
    }

    @Override
    public void softmax(View x, View out) {
        forward(ACCURATE, x, out);
    }

    @Override
    public void logSoftmax(View x, View out) {
        forward(LOG, x, out);
    }

    private void forward(int algorithm, View x, View out) {
        int classes = x.dim(1);
        for (int start = 0; start < rows(x); start += MOST_ROWS) {
            int rows = Math.min(MOST_ROWS, x.dim(0) - start);
            long from = CudaStorage.address(x.rows(start, rows));
            long to = CudaStorage.address(out.rows(start, rows));
            device.issue(
                    "cudnnSoftmaxForward",
                    libraries -> forward(libraries, algorithm, descriptor(libraries, rows, classes), from, to),
                    algorithm,
                    rows,
                    classes,
                    from,
                    to);
        }
    }

    /// Returns the number of rows, 0 where they are empty.
    private static int rows(View x) {
        return x.size() == 0 ? 0 : x.dim(0);
    }

    private static cudnnTensorDescriptor descriptor(Libraries libraries, int rows, int classes) {
        return libraries.descriptor(cudnnDataType.CUDNN_DATA_FLOAT, rows, classes, 1, 1);
    }

    private static void forward(Libraries libraries, int algorithm, cudnnTensorDescriptor shape, long x, long out) {
        int status =
                JCudnn.cudnnSoftmaxForward(
                        libraries.dnn(),
                        algorithm,
                        ROW_BY_ROW,
                        libraries.one(),
                        shape,
                        new Address(x),
                        libraries.zero(),
                        shape,
                        new Address(out));
        CudaException.checkDnn(status, "cudnnSoftmaxForward");
    }

    @Override
    public void softmaxGradient(View y, View outputGradient, View out) {
        backward(ACCURATE, y, outputGradient, out);
    }

    @Override
    public void logSoftmaxGradient(View y, View outputGradient, View out) {
        backward(LOG, y, outputGradient, out);
    }

    private void backward(int algorithm, View y, View outputGradient, View out) {
        int classes = y.dim(1);
        for (int start = 0; start < rows(y); start += MOST_ROWS) {
            int rows = Math.min(MOST_ROWS, y.dim(0) - start);
            long result = CudaStorage.address(y.rows(start, rows));
            long gradient = CudaStorage.address(outputGradient.rows(start, rows));
            long to = CudaStorage.address(out.rows(start, rows));
            device.issue(
                    "cudnnSoftmaxBackward",
                    libraries ->
                            backward(libraries, algorithm, descriptor(libraries, rows, classes), result, gradient, to),
                    algorithm,
                    rows,
                    classes,
                    result,
                    gradient,
                    to);
        }
    }

    private static void backward(
            Libraries libraries, int algorithm, cudnnTensorDescriptor shape, long y, long gradient, long out) {
        int status =
                JCudnn.cudnnSoftmaxBackward(
                        libraries.dnn(),
                        algorithm,
                        ROW_BY_ROW,
                        libraries.one(),
                        shape,
                        new Address(y),
                        shape,
                        new Address(gradient),
                        libraries.zero(),
                        shape,
                        new Address(out));
        CudaException.checkDnn(status, "cudnnSoftmaxBackward");
    }

    @Override
    public void crossEntropy(View logits, View labels, float smoothing, View out) {
        int rows = logits.dim(0);
        int laneBits = Tiles.lanes(logits.dim(1));
        if (rows > 0) {
            kernels.blocks(
                    "cross_entropy",
                    Tiles.rowBlocks(rows, laneBits),
                    CudaStorage.address(out),
                    CudaStorage.address(logits),
                    CudaStorage.address(labels),
                    rows,
                    logits.dim(1),
                    Kernel.bits(smoothing),
                    laneBits,
                    device.indexError(IndexedOp.CROSS_ENTROPY));
        }
    }

    @Override
    public void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out) {
        int rows = logits.dim(0);
        int laneBits = Tiles.lanes(logits.dim(1));
        if (rows > 0) {
            kernels.blocks(
                    "cross_entropy_gradient",
                    Tiles.rowBlocks(rows, laneBits),
                    CudaStorage.address(out),
                    CudaStorage.address(logits),
                    CudaStorage.address(labels),
                    CudaStorage.address(outputGradient),
                    rows,
                    logits.dim(1),
                    Kernel.bits(smoothing),
                    laneBits,
                    device.indexError(IndexedOp.CROSS_ENTROPY));
        }
    }
}
