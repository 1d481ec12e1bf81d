package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.transformerEncoder;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.rejectsFields;
import static lamella.layers.rnn.Run.set;
import static lamella.layers.rnn.Samples.get;
import static lamella.layers.rnn.Samples.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.nn.Activation.Function;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.tck.SequenceTck;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

class TransformerEncoderTest extends SequenceTck {
    private static List<State> state() {
        double bound = Math.sqrt(6.0 / (4 + 4));
        double inner = 1 / Math.sqrt(4);
        double outer = 1 / Math.sqrt(6);
        return List.of(
                State.parameter("attention.queryWeight", Shape.of(4, 4), -bound, bound),
                State.parameter("attention.queryBias", Shape.of(4), 0, 0),
                State.parameter("attention.keyWeight", Shape.of(4, 4), -bound, bound),
                State.parameter("attention.valueWeight", Shape.of(4, 4), -bound, bound),
                State.parameter("attention.valueBias", Shape.of(4), 0, 0),
                State.parameter("attention.outputWeight", Shape.of(4, 4), -bound, bound),
                State.parameter("attention.outputBias", Shape.of(4), 0, 0),
                State.parameter("attentionNorm.scale", Shape.of(4), 1, 1),
                State.parameter("attentionNorm.shift", Shape.of(4), 0, 0),
                State.parameter("inner.weight", Shape.of(6, 4), -inner, inner),
                State.parameter("inner.bias", Shape.of(6), -inner, inner),
                State.parameter("outer.weight", Shape.of(4, 6), -outer, outer),
                State.parameter("outer.bias", Shape.of(4), -outer, outer),
                State.parameter("feedForwardNorm.scale", Shape.of(4), 1, 1),
                State.parameter("feedForwardNorm.shift", Shape.of(4), 0, 0));
    }

    @Override
    protected Facts facts() {
        return new Facts(transformerEncoder(2, 6), "transformerEncoder(2, 6)", Shape.of(3, 4), Shape.of(3, 4), state());
    }

    @Nested
    class WithAllKnobs extends SequenceTck {
        @Override
        protected Facts facts() {
            return new Facts(
                    transformerEncoder(2, 6).dropout(0.1).preNorm().causal().activation(Function.GELU),
                    "transformerEncoder(2, 6).dropout(0.1).preNorm().causal().activation(GELU)",
                    Shape.of(3, 4),
                    Shape.of(3, 4),
                    state());
        }
    }

    /// The block's parts, put together by hand.
    private record Parts(Model model) {
        Tensor value(String name) {
            return get(model, name).value();
        }

        Tensor norm(String name, Tensor x) {
            return x.layerNorm(value(name + ".scale"), value(name + ".shift"), 1e-5f);
        }

        Tensor feedForward(Tensor x, UnaryOperator<Tensor> activation) {
            Tensor inner = activation.apply(x.linear(value("inner.weight"), value("inner.bias")));
            return inner.linear(value("outer.weight"), value("outer.bias"));
        }

        /// A model of the attention alone, with the block's values.
        Tensor attention(MultiHeadAttention spec, Tensor x) {
            Model alone = Model.build(spec, model.input(), REFERENCE, 1);
            for (Parameter parameter : alone.parameters()) {
                String name = parameter.path().substring("net.".length());
                parameter.assign(value("attention." + name));
            }
            return alone.forward(x);
        }
    }

    private static Model shifted(TransformerEncoder spec) {
        Model model = model(spec, 5, 4);
        set(model, "attentionNorm.scale", 1, 2, 3, 4);
        set(model, "attentionNorm.shift", 0.1f, 0.2f, 0.3f, 0.4f);
        set(model, "feedForwardNorm.scale", 4, 3, 2, 1);
        set(model, "feedForwardNorm.shift", -0.1f, 0, 0.1f, 0.2f);
        return model;
    }

    @Test
    void normalisesWhatGoesAroundAndThrough() {
        Model model = shifted(transformerEncoder(2, 6));
        var parts = new Parts(model);
        Tensor x = noise(REFERENCE, 1, 2, 5, 4);

        Tensor attended = parts.norm("attentionNorm", x.add(parts.attention(new MultiHeadAttention(2, true, 0), x)));
        Tensor y = parts.norm("feedForwardNorm", attended.add(parts.feedForward(attended, Tensor::relu)));

        assertArrayEquals(y.toFloats(), model.forward(x).toFloats(), 1e-5f);
    }

    @Test
    void mayNormaliseBeforeEachPart() {
        Model model = shifted(transformerEncoder(2, 6).preNorm().causal().activation(Function.GELU));
        var parts = new Parts(model);
        Tensor x = noise(REFERENCE, 1, 2, 5, 4);

        Tensor normed = parts.norm("attentionNorm", x);
        Tensor attended = x.add(parts.attention(new MultiHeadAttention(2, false, 0), normed));
        Tensor inner = parts.norm("feedForwardNorm", attended);
        Tensor y = attended.add(parts.feedForward(inner, a -> a.apply(Unary.GELU, 0)));

        assertArrayEquals(y.toFloats(), model.forward(x).toFloats(), 1e-5f);
    }

    @Test
    void dropsInTrainingOnly() {
        Model model = model(transformerEncoder(2, 6).dropout(0.5), 5, 4);
        Model without = model(transformerEncoder(2, 6), 5, 4);
        Tensor x = noise(REFERENCE, 1, 2, 5, 4);

        assertArrayEquals(without.forward(x).toFloats(), model.forward(x).toFloats());
        float[] first = Mode.train(RandomSource.of(3), () -> model.forward(x)).toFloats();
        assertFalse(Arrays.equals(without.forward(x).toFloats(), first));
        assertArrayEquals(first, Mode.train(RandomSource.of(3), () -> model.forward(x)).toFloats());
    }

    @Test
    void whatLiesInThePaddingChangesNothing() {
        Padding.changesNothing(transformerEncoder(2, 9), Shape.of(3, 7, 6), 7, 3, 0);
        Padding.changesNothing(transformerEncoder(3, 9).preNorm().dropout(0.2), Shape.of(3, 7, 6), 7, 3, 0);
    }

    @Test
    void itsPartsAreRowsOfTheSummary() {
        String summary = model(transformerEncoder(2, 6), 5, 4).summary().toString();

        for (String part : List.of("attention", "attentionNorm", "inner", "outer", "feedForwardNorm")) {
            assertEquals(1, summary.lines().filter(line -> line.contains("net." + part + " ")).count(), summary);
        }
    }

    @Test
    void whatHasADefaultMayBeLeftOut() {
        assertEquals(
                transformerEncoder(4, 64),
                Samples.read(Map.of("layer", "transformerEncoder", "heads", 4, "inner", 64)));
        assertEquals(
                transformerEncoder(4, 64).activation(Function.SILU),
                Samples.read(Map.of("layer", "transformerEncoder", "heads", 4, "inner", 64, "activation", "silu")));
    }

    @Test
    void rejectsNonsense() {
        rejects("transformerEncoder: heads must be at least 1, got 0", () -> transformerEncoder(0, 1));
        rejects("transformerEncoder: inner must be at least 1, got 0", () -> transformerEncoder(1, 0));
        rejects(
                "transformerEncoder: dropout must be in [0, 1), got -0.5",
                () -> transformerEncoder(1, 1).dropout(-0.5));
        rejectsFields(
                "transformerEncoder: field 'inner' is missing", Map.of("layer", "transformerEncoder", "heads", 4));
        rejects(
                """
                transformerEncoder: one example must have rank 2 (T, features), got 1
                  input    [64]               (one example)
                  at net = transformerEncoder(4, 8)\
                """,
                () -> model(transformerEncoder(4, 8), 64));
        rejects(
                """
                multiHeadAttention: 64 features cannot be cut into 5 heads
                  input    [10, 64]           (one example)
                  at net.attention = multiHeadAttention(5)\
                """,
                () -> model(transformerEncoder(5, 8), 10, 64));
    }
}
