package lamella.backend;

import lamella.array.Pool2dOptions;

/// 2-D pooling of `[N, C, H, W]` to `[N, C, H', W']`.
public interface PoolingKernels {
    /// out = the largest element of each window; NaN if one is NaN.
    void maximum(View x, Pool2dOptions options, View out);

    /// out = gradient with respect to x: each window's gradient goes to its largest element, the
    /// first in row-major order of several.
    void maximumGradient(View x, View y, View outputGradient, Pool2dOptions options, View out);

    /// out = the mean of each window, with the divisor of [Pool2dOptions#divisor].
    void average(View x, Pool2dOptions options, View out);

    /// out = gradient with respect to x.
    void averageGradient(View outputGradient, Pool2dOptions options, View out);
}
