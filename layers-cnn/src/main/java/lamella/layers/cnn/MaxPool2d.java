package lamella.layers.cnn;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// The largest element of each window of each channel; padding is ignored.
///
/// ## Shapes
/// - input `[N, C, H, W]`
/// - output `[N, C, H', W']`, H' = 1 + (H − kernelHeight + 2 · padding) / stride rounded down, or up
///   with `partial`; W' likewise ([Pool2dOptions#outputHeight])
///
/// The gradient of a window goes to its largest element, the first in row-major order of several.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]` or the window does not fit into it.
///
/// @param options kernel, stride (usually the kernel), padding and whether a last, partial window
///     counts
public record MaxPool2d(Pool2dOptions options) implements LayerSpec {
    static final LayerType<MaxPool2d> TYPE =
            LayerType.of("maxPool2d", MaxPool2d.class, in -> new MaxPool2d(PoolingKnobs.read(in)), MaxPool2d::write);

    private void write(Fields.Writer out) {
        PoolingKnobs.write(options, out);
    }

    /// Returns this layer with another stride in both directions.
    public MaxPool2d stride(int stride) {
        return stride(stride, stride);
    }

    /// Returns this layer with another stride in each direction.
    public MaxPool2d stride(int height, int width) {
        return new MaxPool2d(PoolingKnobs.stride(options, height, width));
    }

    /// Returns this layer with other padding on all sides, at most half the kernel.
    public MaxPool2d padding(int padding) {
        return padding(padding, padding);
    }

    /// Returns this layer with other padding above and below, and left and right.
    public MaxPool2d padding(int height, int width) {
        return new MaxPool2d(PoolingKnobs.padding(options, height, width));
    }

    /// Returns this layer such that a last window counts that reaches beyond the input.
    public MaxPool2d partial() {
        return new MaxPool2d(options.partial(true));
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("maxPool2d", "C, H, W", input);
        return x -> x.maxPool2d(options);
    }

    @Override
    public String toString() {
        return "maxPool2d" + PoolingKnobs.code(options);
    }
}
