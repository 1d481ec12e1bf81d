package lamella.layers.cnn;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// The mean of each window of each channel.
///
/// ## Shapes
/// - input `[N, C, H, W]`
/// - output `[N, C, H', W']`, H' = 1 + (H − kernelHeight + 2 · padding) / stride rounded down, or up
///   with `partial`; W' likewise ([Pool2dOptions#outputHeight])
///
/// Padded cells count as zeros, unless [#withoutPaddingInMean()] is called; the cells beyond them
/// that a last, partial window reaches never count.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]` or the window does not fit into it.
///
/// @param options kernel, stride (usually the kernel), padding, whether a last, partial window
///     counts, and whether padded cells count
public record AveragePool2d(Pool2dOptions options) implements LayerSpec {
    static final LayerType<AveragePool2d> TYPE =
            LayerType.of("averagePool2d", AveragePool2d.class, AveragePool2d::read, AveragePool2d::write);

    private static AveragePool2d read(Fields in) {
        Pool2dOptions options = PoolingKnobs.read(in);
        return new AveragePool2d(options.countPadding(in.flag("countPadding", true)));
    }

    private void write(Fields.Writer out) {
        PoolingKnobs.write(options, out);
        out.put("countPadding", options.countPadding());
    }

    /// Returns this layer with another stride in both directions.
    public AveragePool2d stride(int stride) {
        return stride(stride, stride);
    }

    /// Returns this layer with another stride in each direction.
    public AveragePool2d stride(int height, int width) {
        return new AveragePool2d(PoolingKnobs.stride(options, height, width));
    }

    /// Returns this layer with other padding on all sides, at most half the kernel.
    public AveragePool2d padding(int padding) {
        return padding(padding, padding);
    }

    /// Returns this layer with other padding above and below, and left and right.
    public AveragePool2d padding(int height, int width) {
        return new AveragePool2d(PoolingKnobs.padding(options, height, width));
    }

    /// Returns this layer such that a last window counts that reaches beyond the input.
    public AveragePool2d partial() {
        return new AveragePool2d(options.partial(true));
    }

    /// Returns this layer such that a mean is that of the cells inside the input.
    public AveragePool2d withoutPaddingInMean() {
        return new AveragePool2d(options.countPadding(false));
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("averagePool2d", "C, H, W", input);
        return x -> x.averagePool2d(options);
    }

    @Override
    public String toString() {
        return "averagePool2d" + PoolingKnobs.code(options) + (options.countPadding() ? "" : ".withoutPaddingInMean()");
    }
}
