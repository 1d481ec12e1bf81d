package lamella.layers.rnn;

import lamella.array.ShapeException;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

/// Scaled dot-product attention: each query gets the mean of the values, weighted by how well their
/// keys agree with it.
///
/// `output = softmax(Q · Kᵀ / √D) · V`. Keys in the padding have the weight 0, and queries in the
/// padding the output 0; what lies in the padding changes nothing else. A query that sees no key
/// gets 0.
///
/// ## Shapes
/// - queries `[N, Tq, D]`, keys `[N, Tk, D]`, values `[N, Tk, Dv]`
/// - output `[N, Tq, Dv]`, weights `[N, Tq, Tk]`
///
/// ## Errors
/// [ShapeException] if these do not fit, or if causal attention has not as many queries as keys.
///
/// ## Source
/// Vaswani et al., "Attention is all you need", NIPS 2017, section 3.2.1.
///
/// {@snippet :
/// Attended found = DotProductAttention.attend(decoder, encoder, encoder.values());
/// found.output();    // [N, Tq, Dv]
/// }
public final class DotProductAttention {
    private DotProductAttention() {}

    /// Lets each query see all keys that exist.
    public static Attended attend(Sequences queries, Sequences keys, Tensor values) {
        return attend(queries, keys, values, false);
    }

    /// Lets query t see the keys up to t: queries and keys are of the same steps.
    public static Attended attendCausally(Sequences queries, Sequences keys, Tensor values) {
        return attend(queries, keys, values, true);
    }

    private static Attended attend(Sequences queries, Sequences keys, Tensor values, boolean causal) {
        Operands.requireRank("dotProductAttention", "queries", "N, T, D", queries.values());
        Operands.requireRank("dotProductAttention", "keys", "N, T, D", keys.values());
        Operands.requireRank("dotProductAttention", "values", "N, T, D", values);
        AttentionMask mask = mask("dotProductAttention", queries, keys, causal);
        Tensor weights = weights(queries.masked(), keys.masked(), new Heads(1), mask);
        Tensor output = weights.matmul(keys.with(values).masked());
        return new Attended(queries.with(output).masked(), weights);
    }

    static AttentionMask mask(String name, Sequences queries, Sequences keys, boolean causal) {
        if (!causal) {
            return AttentionMask.of(keys);
        }
        int queryCount = queries.values().shape().dim(1);
        int keyCount = keys.values().shape().dim(1);
        if (queryCount != keyCount) {
            throw ShapeException.of(
                            name,
                            "causal attention needs as many queries as keys, got " + queryCount + " and " + keyCount)
                    .operand("queries", queries.values().shape(), "N, T, D", queries.values().label())
                    .operand("keys", keys.values().shape(), "N, T, D", keys.values().label());
        }
        return AttentionMask.causal(keys);
    }

    /// Returns how much each query takes of each key, `[N·heads, Tq, Tk]`.
    ///
    /// @param queries `[N·heads, Tq, D]`
    /// @param keys `[N·heads, Tk, D]`, finite
    static Tensor weights(Tensor queries, Tensor keys, Heads heads, AttentionMask mask) {
        float scale = (float) (1 / Math.sqrt(queries.shape().dim(2)));
        Tensor scores = queries.multiply(scale).matmul(false, keys, true);
        return mask.weights(heads.apart(scores)).reshape(scores.shape());
    }
}
