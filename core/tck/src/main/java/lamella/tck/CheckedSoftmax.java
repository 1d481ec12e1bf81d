package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.SoftmaxKernels;
import lamella.backend.View;

/// Asserts the contract of softmax and cross-entropy.
record CheckedSoftmax(SoftmaxKernels kernels, CheckedBackend.Calls calls) implements SoftmaxKernels {
    @Override
    public void softmax(View x, View out) {
        rows("softmax.softmax", "x", x, out).run(() -> kernels.softmax(x, out));
    }

    private CheckedCall rows(String op, String role, View x, View out) {
        return calls.of(op).reads(role, x).writes("out", out).rank(role, x, 2).shape("out", out, x.shape());
    }

    @Override
    public void softmaxGradient(View y, View outputGradient, View out) {
        rows("softmax.softmaxGradient", "y", y, out)
                .reads("outputGradient", outputGradient)
                .shape("outputGradient", outputGradient, y.shape())
                .run(() -> kernels.softmaxGradient(y, outputGradient, out));
    }

    @Override
    public void logSoftmax(View x, View out) {
        rows("softmax.logSoftmax", "x", x, out).run(() -> kernels.logSoftmax(x, out));
    }

    @Override
    public void logSoftmaxGradient(View y, View outputGradient, View out) {
        rows("softmax.logSoftmaxGradient", "y", y, out)
                .reads("outputGradient", outputGradient)
                .shape("outputGradient", outputGradient, y.shape())
                .run(() -> kernels.logSoftmaxGradient(y, outputGradient, out));
    }

    @Override
    public void crossEntropy(View logits, View labels, float smoothing, View out) {
        CheckedCall call =
                calls.of("softmax.crossEntropy")
                        .reads("logits", logits)
                        .reads("labels", labels, DType.INT32)
                        .writes("out", out)
                        .rank("logits", logits, 2);
        call.shape("labels", labels, Shape.of(logits.dim(0)))
                .shape("out", out, Shape.of(logits.dim(0)))
                .run(() -> kernels.crossEntropy(logits, labels, smoothing, out));
    }

    @Override
    public void crossEntropyGradient(View logits, View labels, float smoothing, View outputGradient, View out) {
        rows("softmax.crossEntropyGradient", "logits", logits, out)
                .reads("labels", labels, DType.INT32)
                .reads("outputGradient", outputGradient)
                .shape("labels", labels, Shape.of(logits.dim(0)))
                .shape("outputGradient", outputGradient, Shape.of(logits.dim(0)))
                .run(() -> kernels.crossEntropyGradient(logits, labels, smoothing, outputGradient, out));
    }
}
