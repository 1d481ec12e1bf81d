package lamella.tck;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.PoolingKernels;
import lamella.backend.View;

/// Asserts the contract of pooling.
record CheckedPooling(PoolingKernels kernels, CheckedBackend.Calls calls) implements PoolingKernels {
    @Override
    public void maximum(View x, Pool2dOptions options, View out) {
        calls.of("pooling.maximum")
                .reads("x", x)
                .writes("out", out)
                .rank("x", x, 4)
                .shape("out", out, pooled(x, options))
                .run(() -> kernels.maximum(x, options, out));
    }

    private static Shape pooled(View x, Pool2dOptions options) {
        return x.shape()
                .with(2, Math.max(0, options.outputHeight(x.dim(2))))
                .with(3, Math.max(0, options.outputWidth(x.dim(3))));
    }

    @Override
    public void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out) {
        calls.of("pooling.maximumGradient")
                .reads("x", x)
                .reads("y", y)
                .reads("outputGradient", outputGradient)
                .writes("out", out)
                .rank("x", x, 4)
                .shape("y", y, pooled(x, options))
                .shape("outputGradient", outputGradient, y.shape())
                .shape("out", out, x.shape())
                .run(() -> kernels.maximumGradient(x, y, outputGradient, options, out));
    }

    @Override
    public void average(View x, Pool2dOptions options, View out) {
        calls.of("pooling.average")
                .reads("x", x)
                .writes("out", out)
                .rank("x", x, 4)
                .shape("out", out, pooled(x, options))
                .run(() -> kernels.average(x, options, out));
    }

    @Override
    public void averageGradient(View outputGradient, Pool2dOptions options, View out) {
        calls.of("pooling.averageGradient")
                .reads("outputGradient", outputGradient)
                .writes("out", out)
                .rank("out", out, 4)
                .shape("outputGradient", outputGradient, pooled(out, options))
                .run(() -> kernels.averageGradient(outputGradient, options, out));
    }
}
