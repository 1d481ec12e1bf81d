package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Initializer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

/// The mean over time, weighted by additive attention with a learnt query: the net learns which
/// steps matter.
///
/// `y = Σ a[t] · x[t]`, a being the softmax of `score · tanh(keyWeight · x[t] + query)` over the steps
/// that exist; a sequence without any gives 0.
///
/// ## Shapes
/// - input `[N, T, features]`
/// - keyWeight `[units, features]`, query and score `[units]`
/// - output `[N, features]`
///
/// ## Initial values
/// Glorot uniform; query 0.
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// ## Source
/// Yang et al., "Hierarchical attention networks for document classification", NAACL 2016, section
/// 2.2, whose bias b is our query, and whose word context vector u is our score.
///
/// @param units of the attention, at least 1
public record AttentionPool(int units) implements LayerSpec {
    static final LayerType<AttentionPool> TYPE =
            LayerType.of(
                    "attentionPool",
                    AttentionPool.class,
                    fields -> new AttentionPool(fields.integer("units")),
                    (pool, out) -> out.put("units", pool.units()));

    /// Rejects fewer than 1 unit.
    public AttentionPool {
        Checks.requireAtLeast("attentionPool", "units", 1, units);
    }

    @Override
    public Built build(Scope scope, Shape input) {
        Checks.requireAxes("attentionPool", "T, features", input);
        return new Built(
                scope.parameter("keyWeight", Shape.of(units, input.dim(1)), Initializer.glorotUniform()),
                scope.parameter("query", Shape.of(units), Initializer.zeros()),
                scope.parameter("score", Shape.of(units), Initializer.glorotUniform()));
    }

    /// The built layer.
    public static final class Built implements SequenceLayer {
        private final Parameter keyWeight;
        private final Parameter query;
        private final Parameter score;

        private Built(Parameter keyWeight, Parameter query, Parameter score) {
            this.keyWeight = keyWeight;
            this.query = query;
            this.score = score;
        }

        @Override
        public Sequences forward(Sequences x) {
            return Sequences.of(attend(x).output());
        }

        /// Returns the weighted mean `[N, features]` and the weight of each step `[N, T]`.
        ///
        /// @param x `[N, T, features]`
        public Attended attend(Sequences x) {
            Tensor steps = x.masked();
            Tensor keys = steps.linear(keyWeight.value());
            Tensor asked = query.value().reshape(Shape.of(1, 1, query.shape().dim(0)));
            Tensor weights = AdditiveAttention.weights(asked, keys, score.value(), AttentionMask.of(x));
            Tensor mean = weights.matmul(steps);
            return new Attended(mean.reshape(mean.shape().without(1)), weights.reshape(weights.shape().without(1)));
        }
    }

    @Override
    public String toString() {
        return "attentionPool(" + units + ")";
    }
}
