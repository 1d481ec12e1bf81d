/// The backend `cpu`: its provider, the backend, and the kernels that need no package of their own.
/// Nothing here names the Vector API, without whose module the backend must run as well.
///
/// Read [lamella.backend.cpu.CpuBackendProvider], then `CpuBackend`, which composes the rest, then
/// `CpuElementwiseKernels` as the simplest of the kernels; then the packages `runtime` (threads and
/// arrays), `vector` (inner loops), `matrix` and `convolution`, none of which uses a later one.
package lamella.backend.cpu;
