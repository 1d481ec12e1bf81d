/// 2-D convolutions and their gradients, as products of matrices, in ways that suit different
/// sizes.
///
/// Read `ConvolutionRule`, which chooses the way, then `ConvolutionByColumns`, the plain way by
/// unfolded images. The other ways copy no patch: begin with `ConvolutionGrid` and
/// `ConvolutionByShifts`. `WinogradKernels` explains the way with fewer products, and
/// `DepthwiseConvolution` is for channels by themselves;
/// `DirectConvolution` has the ways for few channels and small images, of which `ConvolutionByChannels` is
/// the simplest.
package lamella.backend.cpu.convolution;
