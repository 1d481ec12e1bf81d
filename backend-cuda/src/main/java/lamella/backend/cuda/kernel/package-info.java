/// The backend's kernels of its own: each class starts those of one CUDA source, and decides which serves
/// a call best.
///
/// Read [lamella.backend.cuda.kernel.CudaElementwiseKernels] for the pattern, then
/// [lamella.backend.cuda.kernel.CudaLayoutKernels] for what the host decides.
package lamella.backend.cuda.kernel;
