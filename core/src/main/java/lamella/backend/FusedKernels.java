package lamella.backend;

import lamella.array.Conv2dOptions;

import java.util.Optional;

/// Convolution and linear map together with what follows them, for inference: a backend can do without writing the
/// result to memory and reading it again for each step. [#composed] does not.
///
/// Shapes are those of [ConvolutionKernels#forward] and [MatrixKernels#linear]; what is added has the result's and
/// shares no elements with it.
public interface FusedKernels {
    /// out = epilogue(conv(x, weight) + bias).
    void convolution(View x, View weight, Optional<View> bias, Conv2dOptions options, Epilogue epilogue, View out);

    /// out = epilogue(x · weightᵀ + bias).
    void linear(View x, View weight, Optional<View> bias, Epilogue epilogue, View out);

    /// Returns kernels that do one step after the other, in place.
    static FusedKernels composed(Backend backend) {
        return new FusedKernels() {
            @Override
            public void convolution(
                    View x, View weight, Optional<View> bias, Conv2dOptions options, Epilogue epilogue, View out) {
                backend.convolution().forward(x, weight, bias, options, out);
                epilogue.finish(backend.elementwise(), out);
            }

            @Override
            public void linear(View x, View weight, Optional<View> bias, Epilogue epilogue, View out) {
                backend.matrix().linear(x, weight, bias, out);
                epilogue.finish(backend.elementwise(), out);
            }
        };
    }
}
