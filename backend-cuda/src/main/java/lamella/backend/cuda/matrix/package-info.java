/// Matrix products by cuBLAS.
///
/// Read [lamella.backend.cuda.matrix.CudaMatrixKernels], which turns row-major products into cuBLAS's
/// column-major ones, then [lamella.backend.cuda.matrix.Bias], what convolutions use too.
package lamella.backend.cuda.matrix;
