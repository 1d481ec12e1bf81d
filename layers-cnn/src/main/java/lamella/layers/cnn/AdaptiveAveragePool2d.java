package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Tensor;

import java.util.Arrays;

/// Means of windows of each channel, such that the output has given extents whatever the input's.
///
/// Output row i is the mean of the input rows from ⌊i · H / height⌋ to ⌈(i + 1) · H / height⌉ − 1,
/// and columns likewise; so windows overlap where the extents do not divide, and repeat cells where
/// the output is larger than the input. Both directions are a product with a constant matrix of
/// means.
///
/// ## Shapes
/// - input `[N, C, H, W]`
/// - output `[N, C, height, width]`
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`, or if `height · H` or `width · W` is above
/// 2³¹ − 1, the largest array.
///
/// ## Source
/// He et al., "Spatial pyramid pooling in deep convolutional networks", ECCV 2014, section 2.2, one
/// level; the windows are PyTorch's.
///
/// @param height rows of the output, at least 1
/// @param width columns of the output, at least 1
public record AdaptiveAveragePool2d(int height, int width) implements LayerSpec {
    static final LayerType<AdaptiveAveragePool2d> TYPE =
            LayerType.of(
                    "adaptiveAveragePool2d",
                    AdaptiveAveragePool2d.class,
                    AdaptiveAveragePool2d::read,
                    AdaptiveAveragePool2d::write);

    /// Rejects outputs without cells.
    public AdaptiveAveragePool2d {
        Checks.requireAtLeast("adaptiveAveragePool2d", "size", 1, Math.min(height, width));
    }

    private static AdaptiveAveragePool2d read(Fields in) {
        return new AdaptiveAveragePool2d(in.integer("height"), in.integer("width"));
    }

    private void write(Fields.Writer out) {
        out.put("height", height).put("width", width);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("adaptiveAveragePool2d", "C, H, W", input);
        Tensor rows = means(scope, height, input, 1);
        Tensor columns = means(scope, width, input, 2);
        // x · columnsᵀ, then the same along the other axis
        return x -> x.linear(columns).transpose().linear(rows).transpose();
    }

    /// The means over the windows along one axis, as a matrix `[windows, extent]`.
    private static Tensor means(Scope scope, int windows, Shape input, int axis) {
        int extent = input.dim(axis);
        long size = (long) windows * extent;
        if (size > Integer.MAX_VALUE) {
            throw ShapeException.of(
                            "adaptiveAveragePool2d",
                            windows
                                    + " windows over an extent of "
                                    + extent
                                    + " take "
                                    + size
                                    + " weights, more than "
                                    + Integer.MAX_VALUE)
                    .operand("input", input, "one example", "");
        }
        return scope.constant(
                axis == 1 ? "rows" : "columns", Shape.of(windows, extent), () -> weights(windows, extent));
    }

    /// Row i has 1 / (window's extent) at the cells of window i, and 0 elsewhere.
    private static float[] weights(int windows, int extent) {
        float[] matrix = new float[windows * extent];
        for (int i = 0; i < windows; i++) {
            int start = (int) ((long) i * extent / windows);
            int end = (int) (((i + 1L) * extent + windows - 1) / windows);
            Arrays.fill(matrix, i * extent + start, i * extent + end, 1f / (end - start));
        }
        return matrix;
    }

    @Override
    public String toString() {
        return "adaptiveAveragePool2d(" + new Pair(height, width) + ")";
    }
}
