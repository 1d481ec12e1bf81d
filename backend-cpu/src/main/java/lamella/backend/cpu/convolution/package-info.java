/// 2-D convolutions and their gradients, as products of matrices, in ways that suit different
/// sizes.
///
/// Read [lamella.backend.cpu.convolution.CpuConvolutionKernels], which chooses the way, then
/// `ConvolutionByColumns`, the plain way by unfolded images. The other ways copy no patch: begin
/// with `ConvolutionGrid` and `ConvolutionByShifts`.
package lamella.backend.cpu.convolution;
