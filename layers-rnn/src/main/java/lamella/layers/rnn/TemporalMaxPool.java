package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.Arrays;

/// The maximum of each feature over windows of steps, side by side: a sequence becomes shorter. The last window may have
/// fewer steps; padding is left out.
///
/// ## Shapes
/// - input `[N, T, F]`, lengths l
/// - output `[N, ⌈T / window⌉, F]`, lengths ⌈l / window⌉
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// @param window steps of a window, at least 1
public record TemporalMaxPool(int window) implements LayerSpec {
    static final LayerType<TemporalMaxPool> TYPE =
            LayerType.of(
                    "temporalMaxPool",
                    TemporalMaxPool.class,
                    fields -> new TemporalMaxPool(fields.integer("window")),
                    (pool, out) -> out.put("window", pool.window()));

    /// Rejects windows without a step.
    public TemporalMaxPool {
        Checks.requireAtLeast("temporalMaxPool", "window", 1, window);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("temporalMaxPool", "T, features", input);
        SequenceLayer layer = this::forward;
        return layer;
    }

    private Sequences forward(Sequences x) {
        Shape shape = x.values().shape();
        int windows = Math.ceilDiv(shape.dim(1), window);
        Tensor steps =
                x.masked(Float.NEGATIVE_INFINITY).pad(1, 0, windows * window - shape.dim(1), Float.NEGATIVE_INFINITY);
        Tensor largest = steps.reshape(Shape.of(shape.dim(0), windows, window, shape.dim(2))).max(2);
        if (x.lengths().isEmpty()) {
            return Sequences.of(largest);
        }
        int[] lengths = Arrays.stream(x.stepCounts()).map(length -> Math.ceilDiv(length, window)).toArray();
        // windows without a step are −∞ so far
        return Sequences.of(Sequences.of(largest, lengths).masked(), lengths);
    }

    @Override
    public String toString() {
        return "temporalMaxPool(" + window + ")";
    }
}
