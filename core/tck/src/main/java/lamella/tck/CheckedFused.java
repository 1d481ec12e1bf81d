package lamella.tck;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.Epilogue;
import lamella.backend.FusedKernels;
import lamella.backend.View;

import java.util.Optional;

/// Asserts the contract of convolutions and linear maps with an epilogue.
record CheckedFused(FusedKernels kernels, CheckedBackend.Calls calls) implements FusedKernels {
    @Override
    public void convolution(
            View x, View weight, Optional<View> bias, Conv2dOptions options, Epilogue epilogue, View out) {
        CheckedCall call = calls.of("fused.convolution").reads("x", x).reads("weight", weight).writes("out", out);
        bias.ifPresent(b -> call.reads("bias", b).shape("bias", b, Shape.of(weight.dim(0))));
        epilogue.added().ifPresent(a -> call.reads("added", a).shape("added", a, out.shape()));
        CheckedConvolution.requireFit(call, "x", x, "weight", weight, "out", out, options)
                .run(() -> kernels.convolution(x, weight, bias, options, epilogue, out));
    }

    @Override
    public void linear(View x, View weight, Optional<View> bias, Epilogue epilogue, View out) {
        CheckedCall call =
                calls.of("fused.linear")
                        .reads("x", x)
                        .reads("weight", weight)
                        .writes("out", out)
                        .rank("x", x, 2)
                        .rank("weight", weight, 2)
                        .shape("weight", weight, Shape.of(weight.dim(0), x.dim(1)));
        bias.ifPresent(b -> call.reads("bias", b).shape("bias", b, Shape.of(weight.dim(0))));
        epilogue.added().ifPresent(a -> call.reads("added", a).shape("added", a, out.shape()));
        call.shape("out", out, Shape.of(x.dim(0), weight.dim(0)))
                .run(() -> kernels.linear(x, weight, bias, epilogue, out));
    }
}
