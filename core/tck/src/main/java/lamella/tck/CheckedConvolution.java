package lamella.tck;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.ConvolutionKernels;
import lamella.backend.View;

import java.util.Optional;

/// Asserts the contract of convolutions.
record CheckedConvolution(ConvolutionKernels kernels, CheckedBackend.Calls calls) implements ConvolutionKernels {
    @Override
    public void forward(View x, View weight, Optional<View> bias, Conv2dOptions options, View out) {
        CheckedCall call = calls.of("convolution.forward").reads("x", x).reads("weight", weight).writes("out", out);
        bias.ifPresent(b -> call.reads("bias", b).shape("bias", b, Shape.of(weight.dim(0))));
        requireFit(call, "x", x, "weight", weight, "out", out, options)
                .run(() -> kernels.forward(x, weight, bias, options, out));
    }

    @Override
    public void inputGradient(View outputGradient, View weight, Conv2dOptions options, View out) {
        CheckedCall call =
                calls.of("convolution.inputGradient")
                        .reads("outputGradient", outputGradient)
                        .reads("weight", weight)
                        .writes("out", out);
        requireFit(call, "out", out, "weight", weight, "outputGradient", outputGradient, options)
                .run(() -> kernels.inputGradient(outputGradient, weight, options, out));
    }

    @Override
    public void weightGradient(View x, View outputGradient, Conv2dOptions options, View out) {
        CheckedCall call =
                calls.of("convolution.weightGradient")
                        .reads("x", x)
                        .reads("outputGradient", outputGradient)
                        .writes("out", out);
        requireFit(call, "x", x, "out", out, "outputGradient", outputGradient, options)
                .run(() -> kernels.weightGradient(x, outputGradient, options, out));
    }

    static CheckedCall requireFit(
            CheckedCall call,
            String xRole,
            View x,
            String weightRole,
            View weight,
            String yRole,
            View y,
            Conv2dOptions options) {
        int groups = options.groups();
        call.rank(xRole, x, 4).rank(weightRole, weight, 4).rank(yRole, y, 4);
        return call.require(
                        weight.dim(0) % groups == 0,
                        weightRole + " is " + weight.shape() + ", not divisible in " + groups)
                .shape(xRole, x, x.shape().with(1, weight.dim(1) * groups))
                .shape(
                        yRole,
                        y,
                        Shape.of(
                                x.dim(0),
                                weight.dim(0),
                                Math.max(0, options.outputHeight(x.dim(2), weight.dim(2))),
                                Math.max(0, options.outputWidth(x.dim(3), weight.dim(3)))));
    }
}
