package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Layers;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

/// Multi-head self-attention: several dot-product attentions at once, each with its own part of the
/// features.
///
/// Queries, keys and values are projections of the input. Each head attends with its
/// features / heads of them (see [DotProductAttention], also for padding); the outputs, side by
/// side, are projected once more.
///
/// Keys have no bias: it would add the same to all scores of a query, which the softmax takes out
/// again.
///
/// ## Shapes
/// - input and output `[N, T, features]`
/// - queryWeight, keyWeight, valueWeight, outputWeight `[features, features]`
/// - queryBias, valueBias, outputBias `[features]`
///
/// ## Initial values
/// Weights Glorot uniform, biases 0.
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`, or the heads do not divide the features.
///
/// ## Source
/// Vaswani et al., "Attention is all you need", NIPS 2017, section 3.2.2; there without biases.
///
/// @param heads attentions at once, at least 1
/// @param lookAhead whether a step sees those after it
/// @param dropout probability of dropping a weight in training, a fraction in [0, 1)
public record MultiHeadAttention(int heads, boolean lookAhead, float dropout) implements LayerSpec {
    static final LayerType<MultiHeadAttention> TYPE =
            LayerType.of(
                    "multiHeadAttention",
                    MultiHeadAttention.class,
                    MultiHeadAttention::read,
                    MultiHeadAttention::write);

    /// Rejects fewer than 1 head and a rate outside [0, 1).
    public MultiHeadAttention {
        Checks.requireAtLeast("multiHeadAttention", "heads", 1, heads);
        Checks.requireRate("multiHeadAttention", "dropout", dropout);
    }

    private static MultiHeadAttention read(Fields in) {
        return new MultiHeadAttention(in.integer("heads"), !in.flag("causal", false), in.number("dropout", 0));
    }

    private void write(Fields.Writer out) {
        out.put("heads", heads).put("causal", !lookAhead).put("dropout", dropout);
    }

    /// Returns this layer with each step seeing only those up to itself.
    public MultiHeadAttention causal() {
        return new MultiHeadAttention(heads, false, dropout);
    }

    /// Returns this layer with weights dropped at this rate in training.
    public MultiHeadAttention dropout(double rate) {
        return new MultiHeadAttention(heads, lookAhead, (float) rate);
    }

    @Override
    public Built build(Scope scope, Shape input) {
        return build(scope, input, input);
    }

    /// Builds attention from one kind of sequences to another.
    ///
    /// @param queries the shape of one example of queries, `[Tq, features]`, which is also that of the output
    /// @param keys the shape of one example of keys and values, `[Tk, keyFeatures]`; keyWeight and valueWeight
    ///     are `[features, keyFeatures]`
    public Built build(Scope scope, Shape queries, Shape keys) {
        Checks.requireAxes("multiHeadAttention", "T, features", queries);
        Checks.requireAxes("multiHeadAttention", "T, features", keys);
        int features = queries.dim(1);
        return new Built(
                this,
                Heads.of("multiHeadAttention", heads, queries),
                projection(scope, "query", features, features, true),
                projection(scope, "key", features, keys.dim(1), false),
                projection(scope, "value", features, keys.dim(1), true),
                projection(scope, "output", features, features, true),
                Layers.dropout(dropout).build(scope, queries));
    }

    private static Layer projection(Scope scope, String name, int out, int in, boolean bias) {
        Parameter weight = scope.parameter(name + "Weight", Shape.of(out, in), Initializer.glorotUniform());
        if (!bias) {
            return x -> x.linear(weight.value());
        }
        Parameter shift = scope.parameter(name + "Bias", Shape.of(out), Initializer.zeros());
        return x -> x.linear(weight.value(), shift.value());
    }

    /// The built layer, also for attention from one kind of sequences to another.
    public static final class Built implements SequenceLayer {
        private final MultiHeadAttention spec;
        private final Heads heads;
        private final Layer query;
        private final Layer key;
        private final Layer value;
        private final Layer output;
        private final Layer dropout;

        private Built(
                MultiHeadAttention spec,
                Heads heads,
                Layer query,
                Layer key,
                Layer value,
                Layer output,
                Layer dropout) {
            this.spec = spec;
            this.heads = heads;
            this.query = query;
            this.key = key;
            this.value = value;
            this.output = output;
            this.dropout = dropout;
        }

        @Override
        public Sequences forward(Sequences x) {
            return x.with(attend(x, x).output());
        }

        /// Lets each query attend to the keys. Where there is none, the output is outputBias.
        ///
        /// @param queries `[N, Tq, features]`
        /// @param keys which are also what the values are made of, `[N, Tk, keyFeatures]`
        /// @return output `[N, Tq, features]`, 0 in the padding, and weights `[N, heads, Tq, Tk]`, before
        ///     dropout
        public Attended attend(Sequences queries, Sequences keys) {
            Operands.requireRank("multiHeadAttention", "queries", "N, T, features", queries.values());
            Operands.requireRank("multiHeadAttention", "keys", "N, T, features", keys.values());
            AttentionMask mask = DotProductAttention.mask("multiHeadAttention", queries, keys, !spec.lookAhead);
            Tensor known = keys.masked();
            Tensor asked = heads.split(query.forward(queries == keys ? known : queries.masked()));
            Tensor weights = DotProductAttention.weights(asked, heads.split(key.forward(known)), heads, mask);
            Tensor found = dropout.forward(weights).matmul(heads.split(value.forward(known)));
            Tensor joined = output.forward(heads.join(found));
            return new Attended(queries.with(joined).masked(), heads.apart(weights));
        }
    }

    @Override
    public String toString() {
        return "multiHeadAttention("
                + heads
                + ")"
                + (lookAhead ? "" : ".causal()")
                + (dropout == 0 ? "" : ".dropout(" + dropout + ")");
    }
}
