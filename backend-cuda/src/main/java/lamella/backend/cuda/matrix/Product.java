package lamella.backend.cuda.matrix;

import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasOperation;

import lamella.backend.Precision;
import lamella.backend.cuda.runtime.Address;
import lamella.backend.cuda.runtime.CudaException;
import lamella.backend.cuda.runtime.Libraries;

/// A product of two matrices, or of two batches of them, by cuBLAS: all but where the arrays lie.
///
/// cuBLAS counts columns first: it sees each array transposed. As `(a · b)ᵀ = bᵀ · aᵀ`, it gets the
/// operands in the other order, and nothing is transposed for it.
///
/// @param operationA whether a is transposed, of [cublasOperation]
/// @param operationB whether b is
/// @param rows of the result
/// @param columns of the result
/// @param inner elements of each sum
/// @param batch products, or [#ONE_MATRIX]
/// @param precision in what it is computed; for bfloat16 the operands are of that type
/// @param added whether the product is added to what is in the result
record Product(
        int operationA,
        int operationB,
        int rows,
        int columns,
        int inner,
        int batch,
        Precision precision,
        boolean added) {
    /// Not a batch.
    static final int ONE_MATRIX = -1;

    private int type() {
        return precision == Precision.BFLOAT16 ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_32F;
    }

    private int compute() {
        return precision == Precision.TF32
                ? cublasComputeType.CUBLAS_COMPUTE_32F_FAST_TF32
                : cublasComputeType.CUBLAS_COMPUTE_32F;
    }

    /// Elements from one row of a to the next.
    private int strideA() {
        return operationA == cublasOperation.CUBLAS_OP_N ? inner : rows;
    }

    /// Elements from one row of b to the next.
    private int strideB() {
        return operationB == cublasOperation.CUBLAS_OP_N ? columns : inner;
    }

    /// Issues the product of the arrays at two addresses, to a third. The functions of JCublas with _new: those
    /// without take no compute type, and fail in silence.
    void run(Libraries libraries, long a, long b, long result) {
        Pointer beta = added ? libraries.one() : libraries.zero();
        if (batch == ONE_MATRIX) {
            int status =
                    JCublas2.cublasGemmEx_new(
                            libraries.blas(),
                            operationB,
                            operationA,
                            columns,
                            rows,
                            inner,
                            libraries.one(),
                            new Address(b),
                            type(),
                            strideB(),
                            new Address(a),
                            type(),
                            strideA(),
                            beta,
                            new Address(result),
                            cudaDataType.CUDA_R_32F,
                            columns,
                            compute(),
                            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
            CudaException.checkBlas(status, "cublasGemmEx");
            return;
        }
        int status =
                JCublas2.cublasGemmStridedBatchedEx_new(
                        libraries.blas(),
                        operationB,
                        operationA,
                        columns,
                        rows,
                        inner,
                        libraries.one(),
                        new Address(b),
                        type(),
                        strideB(),
                        (long) inner * columns,
                        new Address(a),
                        type(),
                        strideA(),
                        (long) rows * inner,
                        beta,
                        new Address(result),
                        cudaDataType.CUDA_R_32F,
                        columns,
                        (long) rows * columns,
                        batch,
                        compute(),
                        cublasGemmAlgo.CUBLAS_GEMM_DEFAULT);
        CudaException.checkBlas(status, "cublasGemmStridedBatchedEx");
    }
}
