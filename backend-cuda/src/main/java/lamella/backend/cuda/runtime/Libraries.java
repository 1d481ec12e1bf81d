package lamella.backend.cuda.runtime;

import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;

import lamella.backend.Precision;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// The handles of cuBLAS and cuDNN, made when they are first asked for, as that takes long.
public final class Libraries implements AutoCloseable {
    /// Room for the products of cuBLAS: what it would take itself on the largest devices. With a
    /// workspace of its own a handle gives the same bits in every run, and allocates nothing.
    private static final long BLAS_WORKSPACE = 32L << 20;

    private final CUstream stream;
    private final DeviceMemory memory;
    private final Precision precision;
    private final boolean deterministic;
    private final Pointer zero;
    private final Pointer one;
    private final TensorDescriptors descriptors = new TensorDescriptors();
    private final List<Runnable> closing = new ArrayList<>();
    private cublasHandle blas;
    private cudnnHandle dnn;
    private DeviceMemory.Block workspace;

    /// Makes no handle yet.
    Libraries(Arena arena, CUstream stream, DeviceMemory memory, Precision precision, boolean deterministic) {
        this.stream = stream;
        this.memory = memory;
        this.precision = precision;
        this.deterministic = deterministic;
        zero = new Address(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0f).address());
        one = new Address(arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f).address());
    }

    /// Returns in what products are computed.
    public Precision precision() {
        return precision;
    }

    /// Tells whether only algorithms count that give the same bits in every run.
    public boolean deterministic() {
        return deterministic;
    }

    /// Returns a pointer to the float 0, outside the heap.
    public Pointer zero() {
        return zero;
    }

    /// Returns a pointer to the float 1, outside the heap.
    public Pointer one() {
        return one;
    }

    /// Returns the handle of cuBLAS.
    public cublasHandle blas() {
        if (blas == null) {
            var handle = new cublasHandle();
            CudaException.checkBlas(JCublas2.cublasCreate(handle), "cublasCreate");
            CudaException.checkBlas(JCublas2.cublasSetStream(handle, new cudaStream_t(stream)), "cublasSetStream");
            // after the stream: setting a stream puts the handle back to a workspace of its own
            workspace = memory.take(BLAS_WORKSPACE);
            CudaException.checkBlas(
                    JCublas2.cublasSetWorkspace(handle, new Address(workspace.address()), workspace.bytes()),
                    "cublasSetWorkspace");
            blas = handle;
        }
        return blas;
    }

    /// Returns the handle of cuDNN.
    public cudnnHandle dnn() {
        if (dnn == null) {
            var handle = new cudnnHandle();
            CudaException.checkDnn(JCudnn.cudnnCreate(handle), "cudnnCreate");
            CudaException.checkDnn(JCudnn.cudnnSetStream(handle, new cudaStream_t(stream)), "cudnnSetStream");
            dnn = handle;
        }
        return dnn;
    }

    /// Returns a descriptor of a contiguous array `[n, c, h, w]`, none of whose extents is 0. It is kept
    /// for the next time, so it must not be changed or destroyed.
    ///
    /// @param dataType an element type, of [jcuda.jcudnn.cudnnDataType]
    public cudnnTensorDescriptor descriptor(int dataType, int n, int c, int h, int w) {
        return descriptors.get(dataType, n, c, h, w);
    }

    /// Has something run before the handles are destroyed: for who keeps descriptors of a library.
    public void onClose(Runnable action) {
        closing.add(action);
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        closing.clear();
        descriptors.close();
        if (dnn != null) {
            JCudnn.cudnnDestroy(dnn);
            dnn = null;
        }
        if (blas != null) {
            JCublas2.cublasDestroy(blas);
            memory.give(workspace);
            blas = null;
        }
    }
}
