/// Convolutions by cuDNN.
///
/// Read [lamella.backend.cuda.convolution.CudaConvolutionKernels], then
/// `ConvolutionPlan`, which chooses an algorithm for each shape, and `Direction`, which has the three
/// families of calls.
package lamella.backend.cuda.convolution;
