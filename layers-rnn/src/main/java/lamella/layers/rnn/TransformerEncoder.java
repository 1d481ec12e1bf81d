package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Activation;
import lamella.nn.Activation.Function;
import lamella.nn.Fields;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Layers;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.function.UnaryOperator;

/// One block of a transformer's encoder: each step looks at all others, then thinks by itself.
///
/// Two parts, multi-head attention and two dense layers with an activation between them, each with
/// a way around it: `y = norm(x + part(x))`, or, with the norm first, `y = x + part(norm(x))`, which
/// trains deeper stacks without warm-up; after the last of those put one more [Layers#layerNorm()].
///
/// ## Shapes
/// - input and output `[N, T, features]`
/// - `attention` as in [MultiHeadAttention], `inner` and `outer` as in [lamella.nn.Dense],
///   `attentionNorm` and `feedForwardNorm` as in [lamella.nn.LayerNorm]
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`, or the heads do not divide the features.
///
/// ## Source
/// Vaswani et al., "Attention is all you need", NIPS 2017, section 3.1; norm first: Xiong et al., "On
/// layer normalization in the transformer architecture", ICML 2020. Dropout is applied to the output
/// of both parts, as in the first paper, and, as in PyTorch, to the attention's weights and after the
/// activation.
///
/// @param heads of the attention, at least 1; must divide the features
/// @param inner units between the dense layers, at least 1
/// @param dropout probability of dropping in training, a fraction in [0, 1)
/// @param normLast whether a part is normalised with what goes around it, not before it
/// @param lookAhead whether a step sees those after it
/// @param activation between the dense layers
public record TransformerEncoder(
        int heads, int inner, float dropout, boolean normLast, boolean lookAhead, Function activation)
        implements LayerSpec {
    static final LayerType<TransformerEncoder> TYPE =
            LayerType.of(
                    "transformerEncoder",
                    TransformerEncoder.class,
                    TransformerEncoder::read,
                    TransformerEncoder::write);

    /// Norm last, every step seen, ReLU, no dropout.
    TransformerEncoder(int heads, int inner) {
        this(heads, inner, 0, true, true, Function.RELU);
    }

    /// Rejects fewer than 1 head or inner unit, and a rate outside [0, 1).
    public TransformerEncoder {
        Checks.requireAtLeast("transformerEncoder", "heads", 1, heads);
        Checks.requireAtLeast("transformerEncoder", "inner", 1, inner);
        Checks.requireRate("transformerEncoder", "dropout", dropout);
    }

    private static TransformerEncoder read(Fields in) {
        return new TransformerEncoder(
                in.integer("heads"),
                in.integer("inner"),
                in.number("dropout", 0),
                !in.flag("preNorm", false),
                !in.flag("causal", false),
                in.choice("activation", Function.class, Function.RELU));
    }

    private void write(Fields.Writer out) {
        out.put("heads", heads).put("inner", inner).put("dropout", dropout);
        out.put("preNorm", !normLast).put("causal", !lookAhead).put("activation", activation);
    }

    /// Returns this block with dropout at this rate.
    public TransformerEncoder dropout(double rate) {
        return new TransformerEncoder(heads, inner, (float) rate, normLast, lookAhead, activation);
    }

    /// Returns this block with the norm before each part.
    public TransformerEncoder preNorm() {
        return new TransformerEncoder(heads, inner, dropout, false, lookAhead, activation);
    }

    /// Returns this block with each step seeing only those up to itself.
    public TransformerEncoder causal() {
        return new TransformerEncoder(heads, inner, dropout, normLast, false, activation);
    }

    /// Returns this block with another activation between the dense layers.
    public TransformerEncoder activation(Function function) {
        return new TransformerEncoder(heads, inner, dropout, normLast, lookAhead, function);
    }

    @Override
    public SequenceLayer build(Scope scope, Shape input) {
        Checks.requireAxes("transformerEncoder", "T, features", input);
        Layer drop = Layers.dropout(dropout).build(scope, input);
        Layer function = Activation.of(activation).build(scope, input);
        var attention = scope.build("attention", new MultiHeadAttention(heads, lookAhead, dropout), input);
        var attentionNorm = scope.build("attentionNorm", Layers.layerNorm(), input);
        var first = scope.build("inner", Layers.dense(inner), input);
        var second = scope.build("outer", Layers.dense(input.dim(1)), first.output());
        var feedForwardNorm = scope.build("feedForwardNorm", Layers.layerNorm(), input);
        UnaryOperator<Tensor> feedForward = x -> second.forward(drop.forward(function.forward(first.forward(x))));
        return new Built(
                x -> around(x, attentionNorm, drop, attention::forward),
                x -> around(x, feedForwardNorm, drop, steps -> steps.with(feedForward.apply(steps.values()))));
    }

    /// Runs a part and adds what goes around it.
    private Sequences around(Sequences x, Scope.Part norm, Layer drop, UnaryOperator<Sequences> part) {
        if (normLast) {
            Tensor sum = x.values().add(drop.forward(part.apply(x).values()));
            return x.with(norm.forward(sum));
        }
        Sequences normed = x.with(norm.forward(x.values()));
        return x.with(x.values().add(drop.forward(part.apply(normed).values())));
    }

    private record Built(UnaryOperator<Sequences> attention, UnaryOperator<Sequences> feedForward)
            implements SequenceLayer {
        @Override
        public Sequences forward(Sequences x) {
            Sequences clean = x.with(x.masked()); // what lies in the padding would go around both parts
            return feedForward.apply(attention.apply(clean));
        }
    }

    @Override
    public String toString() {
        return "transformerEncoder("
                + heads
                + ", "
                + inner
                + ")"
                + (dropout == 0 ? "" : ".dropout(" + dropout + ")")
                + (normLast ? "" : ".preNorm()")
                + (lookAhead ? "" : ".causal()")
                + (activation == Function.RELU ? "" : ".activation(" + activation + ")");
    }
}
