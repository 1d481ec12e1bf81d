package lamella.backend.cuda.runtime;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

import java.util.HashMap;
import java.util.Map;

/// The descriptors that cuDNN reads the extents of arrays from: one for each type and shape that came up,
/// kept, as a net works on few shapes and making a descriptor costs more than finding it.
final class TensorDescriptors implements AutoCloseable {
    private record Layout(int dataType, int n, int c, int h, int w) {}

    private final Map<Layout, cudnnTensorDescriptor> descriptors = new HashMap<>();

    /// Makes no descriptor yet.
    TensorDescriptors() {}

    /// Returns the descriptor of a contiguous array `[n, c, h, w]`; it must not be changed.
    ///
    /// @param dataType an element type, of [jcuda.jcudnn.cudnnDataType]
    cudnnTensorDescriptor get(int dataType, int n, int c, int h, int w) {
        return descriptors.computeIfAbsent(new Layout(dataType, n, c, h, w), TensorDescriptors::make);
    }

    private static cudnnTensorDescriptor make(Layout layout) {
        var descriptor = new cudnnTensorDescriptor();
        CudaException.checkDnn(JCudnn.cudnnCreateTensorDescriptor(descriptor), "cudnnCreateTensorDescriptor");
        int status =
                JCudnn.cudnnSetTensor4dDescriptor(
                        descriptor,
                        cudnnTensorFormat.CUDNN_TENSOR_NCHW,
                        layout.dataType,
                        layout.n,
                        layout.c,
                        layout.h,
                        layout.w);
        if (status != 0) {
            JCudnn.cudnnDestroyTensorDescriptor(descriptor);
        }
        CudaException.checkDnn(status, "cudnnSetTensor4dDescriptor of " + layout);
        return descriptor;
    }

    @Override
    public void close() {
        descriptors.values().forEach(JCudnn::cudnnDestroyTensorDescriptor);
        descriptors.clear();
    }
}
