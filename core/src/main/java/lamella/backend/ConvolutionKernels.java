package lamella.backend;

import lamella.array.Conv2dOptions;

import java.util.Optional;

/// 2-D cross-correlation and its two gradients.
///
/// Shapes: x `[N, C, H, W]`, weight `[O, C/groups, kH, kW]`, bias `[O]`, y `[N, O, H', W']` with
/// the extents of [Conv2dOptions#outputHeight] and [Conv2dOptions#outputWidth].
public interface ConvolutionKernels {
    /// out = conv(x, weight) + bias.
    void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out);

    /// out = gradient with respect to x; also the forward pass of a transposed convolution.
    void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out);

    /// out = gradient with respect to the weight.
    void weightGradient(View x, View outputGradient, Conv2dOptions options, View out);
}
