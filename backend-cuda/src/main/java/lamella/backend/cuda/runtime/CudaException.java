package lamella.backend.cuda.runtime;

import jcuda.driver.CUresult;
import jcuda.jcublas.cublasStatus;
import jcuda.jcudnn.JCudnn;

/// Thrown where a call of the driver or of a library failed; names the call and its status.
public final class CudaException extends RuntimeException {
    private final int status;

    private CudaException(String call, String name, int status) {
        super("backend 'cuda': " + call + " failed: " + name + " (" + status + ")");
        this.status = status;
    }

    /// Returns the status that the call gave.
    public int status() {
        return status;
    }

    /// Throws unless a call of the driver succeeded.
    public static void checkDriver(int status, String call) {
        if (status != CUresult.CUDA_SUCCESS) {
            throw new CudaException(call, CUresult.stringFor(status), status);
        }
    }

    /// Throws unless a call of cuBLAS succeeded.
    public static void checkBlas(int status, String call) {
        if (status != cublasStatus.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(call, cublasStatus.stringFor(status), status);
        }
    }

    /// Throws unless a call of cuDNN succeeded. The library names its own codes: JCudnn's constants
    /// are those of an older one.
    public static void checkDnn(int status, String call) {
        if (status != 0) {
            throw new CudaException(call, JCudnn.cudnnGetErrorString(status), status);
        }
    }
}
