package lamella.tck;

import lamella.array.LocalResponseOptions;
import lamella.array.Shape;
import lamella.backend.NormalizationKernels;
import lamella.backend.View;

/// Asserts the contract of normalisation.
record CheckedNormalization(NormalizationKernels kernels, CheckedBackend.Calls calls) implements NormalizationKernels {
    @Override
    public void moments(View x, View out) {
        CheckedCall call = calls.of("normalization.moments").reads("x", x).writes("out", out);
        requireChannels(call, x).shape("out", out, Shape.of(2, x.dim(1))).run(() -> kernels.moments(x, out));
    }

    private static CheckedCall requireChannels(CheckedCall call, View x) {
        return call.require(x.shape().rank() >= 2, "x is " + x.shape() + ", expected rank 2 or more");
    }

    @Override
    public void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out) {
        CheckedCall call =
                calls.of("normalization.batchNorm")
                        .reads("x", x)
                        .reads("scale", scale)
                        .reads("shift", shift)
                        .reads("moments", moments)
                        .writes("out", out);
        requireChannels(call, x)
                .shape("scale", scale, Shape.of(x.dim(1)))
                .shape("shift", shift, Shape.of(x.dim(1)))
                .shape("moments", moments, Shape.of(2, x.dim(1)))
                .shape("out", out, x.shape())
                .run(() -> kernels.batchNorm(x, scale, shift, moments, epsilon, out));
    }

    @Override
    public void batchNormGradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        CheckedCall call =
                calls.of("normalization.batchNormGradient")
                        .reads("x", x)
                        .reads("scale", scale)
                        .reads("moments", moments)
                        .reads("outputGradient", outputGradient)
                        .writes("inputGradient", inputGradient)
                        .writes("scaleGradient", scaleGradient)
                        .writes("shiftGradient", shiftGradient);
        requireChannels(call, x);
        Shape channels = Shape.of(x.dim(1));
        call.shape("scale", scale, channels)
                .shape("moments", moments, channels.prepend(2))
                .shape("outputGradient", outputGradient, x.shape())
                .shape("inputGradient", inputGradient, x.shape())
                .shape("scaleGradient", scaleGradient, channels)
                .shape("shiftGradient", shiftGradient, channels)
                .run(
                        () ->
                                kernels.batchNormGradient(
                                        x,
                                        scale,
                                        moments,
                                        epsilon,
                                        outputGradient,
                                        inputGradient,
                                        scaleGradient,
                                        shiftGradient));
    }

    @Override
    public void layerNorm(View x, View scale, View shift, float epsilon, View out) {
        CheckedCall call =
                calls.of("normalization.layerNorm")
                        .reads("x", x)
                        .reads("scale", scale)
                        .reads("shift", shift)
                        .writes("out", out)
                        .rank("x", x, 2);
        call.shape("scale", scale, Shape.of(x.dim(1)))
                .shape("shift", shift, Shape.of(x.dim(1)))
                .shape("out", out, x.shape())
                .run(() -> kernels.layerNorm(x, scale, shift, epsilon, out));
    }

    @Override
    public void layerNormGradient(
            View x,
            View scale,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient) {
        CheckedCall call =
                calls.of("normalization.layerNormGradient")
                        .reads("x", x)
                        .reads("scale", scale)
                        .reads("outputGradient", outputGradient)
                        .writes("inputGradient", inputGradient)
                        .writes("scaleGradient", scaleGradient)
                        .writes("shiftGradient", shiftGradient)
                        .rank("x", x, 2);
        Shape features = Shape.of(x.dim(1));
        call.shape("scale", scale, features)
                .shape("outputGradient", outputGradient, x.shape())
                .shape("inputGradient", inputGradient, x.shape())
                .shape("scaleGradient", scaleGradient, features)
                .shape("shiftGradient", shiftGradient, features)
                .run(
                        () ->
                                kernels.layerNormGradient(
                                        x,
                                        scale,
                                        epsilon,
                                        outputGradient,
                                        inputGradient,
                                        scaleGradient,
                                        shiftGradient));
    }

    @Override
    public void localResponse(View x, LocalResponseOptions constants, View out) {
        calls.of("normalization.localResponse")
                .reads("x", x)
                .writes("out", out)
                .rank("x", x, 4)
                .shape("out", out, x.shape())
                .run(() -> kernels.localResponse(x, constants, out));
    }

    @Override
    public void localResponseGradient(View x, View y, View outputGradient, LocalResponseOptions constants, View out) {
        calls.of("normalization.localResponseGradient")
                .reads("x", x)
                .reads("y", y)
                .reads("outputGradient", outputGradient)
                .writes("out", out)
                .rank("x", x, 4)
                .shape("y", y, x.shape())
                .shape("outputGradient", outputGradient, x.shape())
                .shape("out", out, x.shape())
                .run(() -> kernels.localResponseGradient(x, y, outputGradient, constants, out));
    }
}
