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

/// One vector for a whole sequence: the mean, the maximum, or both, of each feature over its steps. Padding is left out;
/// a sequence without any step gives 0.
///
/// ## Shapes
/// - input `[N, T, F]`
/// - output `[N, F]`; `[N, 2F]` for both, the means first
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// @param pooling what is taken of each feature
public record TimePool(Pooling pooling) implements LayerSpec {
    static final LayerType<TimePool> TYPE =
            LayerType.of(
                    "timePool",
                    TimePool.class,
                    fields -> new TimePool(fields.choice("pooling", Pooling.class, Pooling.MEAN)),
                    (pool, out) -> out.put("pooling", pool.pooling()));

    /// What is taken of each feature.
    public enum Pooling {
        /// The mean of its steps.
        MEAN("meanOverTime"),
        /// The largest of its steps.
        MAX("maxOverTime"),
        /// First all means, then all maxima.
        MEAN_AND_MAX("meanAndMaxOverTime");

        private final String code;

        Pooling(String code) {
            this.code = code;
        }
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("timePool", "T, features", input);
        SequenceLayer layer = x -> Sequences.of(pool(x));
        return layer;
    }

    private Tensor pool(Sequences x) {
        return switch (pooling) {
            case MEAN -> mean(x);
            case MAX -> max(x);
            case MEAN_AND_MAX -> Tensor.concatenate(1, mean(x), max(x));
        };
    }

    private static Tensor mean(Sequences x) {
        int[] counts = x.stepCounts();
        float[] shares = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            shares[i] = 1f / Math.max(1, counts[i]);
        }
        return x.masked().sum(1).multiply(column(x, shares));
    }

    private static Tensor max(Sequences x) {
        int[] counts = x.stepCounts();
        float[] some = new float[counts.length];
        for (int i = 0; i < counts.length; i++) {
            some[i] = Math.min(1, counts[i]);
        }
        Tensor largest = x.masked(Float.NEGATIVE_INFINITY).max(1);
        Tensor zeros = Tensor.zeros(largest.backend(), largest.shape());
        return column(x, some).broadcastTo(largest.shape()).select(largest, zeros);
    }

    /// Returns `[N, 1]`.
    private static Tensor column(Sequences x, float[] values) {
        return Tensor.of(x.values().backend(), Shape.of(values.length, 1), values);
    }

    @Override
    public String toString() {
        return pooling.code + "()";
    }
}
