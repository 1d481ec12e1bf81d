package lamella.backend;

import lamella.array.LocalResponseOptions;

/// Batch, layer and local response normalisation.
///
/// Variances are biased (divided by the number of elements).
public interface NormalizationKernels {
    /// out `[2, C]` = per channel, the mean (row 0) and the variance (row 1) of x `[N, C, ...]`
    /// over all other axes.
    void moments(View x, View out);

    /// out = (x − mean) / √(variance + epsilon) · scale + shift per channel, for x `[N, C, ...]`,
    /// scale and shift `[C]`, moments `[2, C]` as [#moments] gives them.
    void batchNorm(View x, View scale, View shift, View moments, float epsilon, View out);

    /// Gradients of [#batchNorm] where the moments are those of x (training).
    ///
    /// @param inputGradient has the shape of x
    /// @param scaleGradient `[C]`
    /// @param shiftGradient `[C]`
    void batchNormGradient(
            View x,
            View scale,
            View moments,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient);

    /// Normalises each row of x `[rows, features]` by its own mean and variance, then scales and
    /// shifts by feature (scale and shift `[features]`).
    void layerNorm(View x, View scale, View shift, float epsilon, View out);

    /// Gradients of [#layerNorm].
    void layerNormGradient(
            View x,
            View scale,
            float epsilon,
            View outputGradient,
            View inputGradient,
            View scaleGradient,
            View shiftGradient);

    /// Normalises across neighbouring channels of x `[N, C, H, W]`.
    void localResponse(View x, LocalResponseOptions options, View out);

    /// out = gradient of [#localResponse] with respect to x, where y is its result.
    void localResponseGradient(View x, View y, View outputGradient, LocalResponseOptions options, View out);
}
