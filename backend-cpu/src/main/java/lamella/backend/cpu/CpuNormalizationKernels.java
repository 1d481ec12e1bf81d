package lamella.backend.cpu;

import lamella.array.LocalResponseOptions;
import lamella.backend.NormalizationKernels;
import lamella.backend.View;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

/// Batch, layer and local response normalisation, each in a class of its own.
final class CpuNormalizationKernels implements NormalizationKernels {
    private final BatchNorm batchNorm;
    private final LayerNorm layerNorm;
    private final LocalResponseNorm localResponse;

    CpuNormalizationKernels(Workers workers, ArrayPool pool, Primitives primitives) {
        batchNorm = new BatchNorm(workers, pool, primitives);
        layerNorm = new LayerNorm(workers, pool, primitives);
        localResponse = new LocalResponseNorm(workers, pool, primitives);
    }

    @Override
    public void moments(View x, View out) {
        batchNorm.moments(x, out);
    }

    @Override
    public void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out) {
        batchNorm.forward(x, scale, shift, moments, epsilon, out);
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
        batchNorm.gradient(x, scale, moments, epsilon, outputGradient, inputGradient, scaleGradient, shiftGradient);
    }

    @Override
    public void layerNorm(View x, View scale, View shift, float epsilon, View out) {
        layerNorm.forward(x, scale, shift, epsilon, out);
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
        layerNorm.gradient(x, scale, epsilon, outputGradient, inputGradient, scaleGradient, shiftGradient);
    }

    @Override
    public void localResponse(View x, LocalResponseOptions constants, View out) {
        localResponse.forward(x, constants, out);
    }

    @Override
    public void localResponseGradient(View x, View y, View outputGradient, LocalResponseOptions constants, View out) {
        localResponse.gradient(x, y, outputGradient, constants, out);
    }
}
