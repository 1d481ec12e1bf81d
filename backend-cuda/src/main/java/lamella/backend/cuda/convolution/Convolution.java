package lamella.backend.cuda.convolution;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;

/// One of the three kernels on arrays of certain shapes: what a plan is made for, once.
///
/// @param direction which kernel
/// @param x `[N, C, H, W]`
/// @param weight `[O, C/groups, kH, kW]`
/// @param options how it walks
record Convolution(Direction direction, Shape x, Shape weight, Conv2dOptions options) {
    /// Returns the output's shape, `[N, O, H', W']`.
    Shape y() {
        return Shape.of(
                x.dim(0),
                weight.dim(0),
                options.outputHeight(x.dim(2), weight.dim(2)),
                options.outputWidth(x.dim(3), weight.dim(3)));
    }

    @Override
    public String toString() {
        return "%s, x %s, weight %s, %s".formatted(direction, x, weight, options);
    }
}
