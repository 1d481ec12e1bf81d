package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Initializer;
import lamella.nn.Scope;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

/// Additive attention: a small net says how well a key answers a query.
///
/// The weights are the softmax, over the keys that exist, of
/// `score · tanh(queryWeight · query + keyWeight · key)`; the output is the mean of the values under
/// them. What lies in the padding changes nothing. A query that has no key gets 0.
///
/// ## Shapes
/// - queryWeight `[units, querySize]`, keyWeight `[units, keySize]`, score `[units]`
/// - query `[N, querySize]`, keys `[N, Tk, keySize]`, values `[N, Tk, Dv]`
/// - output `[N, Dv]`, weights `[N, Tk]`; of `[N, Tq, querySize]`, output `[N, Tq, Dv]` and weights
///   `[N, Tq, Tk]`
///
/// ## Initial values
/// Glorot uniform.
///
/// ## Errors
/// [ShapeException] if these do not fit.
///
/// ## Source
/// Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and
/// translate", ICLR 2015, appendix A.1.2.
///
/// {@snippet :
/// AdditiveAttention attention = AdditiveAttention.build(scope.child("attention"), 256, 512, 128);
/// AdditiveAttention.Keys keys = attention.keys(regions);     // projected once for all steps
/// Tensor context = attention.attend(hidden, keys).output();   // [N, 256] -> [N, 512]
/// }
public final class AdditiveAttention {
    private final Parameter queryWeight;
    private final Parameter keyWeight;
    private final Parameter score;

    private AdditiveAttention(Parameter queryWeight, Parameter keyWeight, Parameter score) {
        this.queryWeight = queryWeight;
        this.keyWeight = keyWeight;
        this.score = score;
    }

    /// Makes the parameters.
    ///
    /// @param querySize features of a query
    /// @param keySize features of a key
    /// @param units of the small net
    public static AdditiveAttention build(Scope scope, int querySize, int keySize, int units) {
        Checks.requireAtLeast("additiveAttention", "units", 1, units);
        return new AdditiveAttention(
                scope.parameter("queryWeight", Shape.of(units, querySize), Initializer.glorotUniform()),
                scope.parameter("keyWeight", Shape.of(units, keySize), Initializer.glorotUniform()),
                scope.parameter("score", Shape.of(units), Initializer.glorotUniform()));
    }

    /// Keys and values, ready to be asked many times.
    public static final class Keys {
        private final Tensor projected;
        private final Tensor values;
        private final AttentionMask mask;

        private Keys(Tensor projected, Tensor values, AttentionMask mask) {
            this.projected = projected;
            this.values = values;
            this.mask = mask;
        }
    }

    /// Returns keys that are their own values.
    ///
    /// @param keys `[N, Tk, keySize]`
    public Keys keys(Sequences keys) {
        Operands.requireRank("additiveAttention", "keys", "N, T, D", keys.values());
        return keys(keys, keys.masked(), keys.masked());
    }

    /// Returns keys with values of the same steps.
    ///
    /// @param keys `[N, Tk, keySize]`
    /// @param values `[N, Tk, Dv]`
    public Keys keys(Sequences keys, Tensor values) {
        Operands.requireRank("additiveAttention", "keys", "N, T, D", keys.values());
        Operands.requireRank("additiveAttention", "values", "N, T, D", values);
        return keys(keys, keys.masked(), keys.with(values).masked());
    }

    private Keys keys(Sequences lengths, Tensor keys, Tensor values) {
        return new Keys(keys.linear(keyWeight.value()), values, AttentionMask.of(lengths));
    }

    /// Asks with one query for each sequence of keys, as a decoder does in each step.
    ///
    /// @param query `[N, querySize]`
    public Attended attend(Tensor query, Keys keys) {
        Operands.requireRank("additiveAttention", "query", "N, D", query);
        Tensor projected = query.linear(queryWeight.value());
        Attended one = ask(projected.reshape(Shape.of(query.shape().dim(0), 1, projected.shape().dim(1))), keys);
        return new Attended(
                one.output().reshape(one.output().shape().without(1)),
                one.weights().reshape(one.weights().shape().without(1)));
    }

    /// Asks with many queries for each sequence of keys; those in the padding get 0.
    ///
    /// @param queries `[N, Tq, querySize]`
    public Attended attend(Sequences queries, Keys keys) {
        Operands.requireRank("additiveAttention", "queries", "N, T, D", queries.values());
        Attended all = ask(queries.masked().linear(queryWeight.value()), keys);
        return new Attended(queries.with(all.output()).masked(), all.weights());
    }

    private Attended ask(Tensor projected, Keys keys) {
        Tensor weights = weights(projected, keys.projected, score.value(), keys.mask);
        return new Attended(weights.matmul(keys.values), weights);
    }

    /// Returns how much each query takes of each key, `[N, Tq, Tk]`.
    ///
    /// @param queries projected, `[N or 1, Tq, units]`
    /// @param keys projected, `[N, Tk, units]`
    /// @param score `[units]`
    static Tensor weights(Tensor queries, Tensor keys, Tensor score, AttentionMask mask) {
        Shape query = queries.shape();
        Shape key = keys.shape();
        int units = score.shape().dim(0);
        Tensor byKey = queries.reshape(Shape.of(query.dim(0), query.dim(1), 1, units));
        Tensor sum = byKey.add(keys.reshape(Shape.of(key.dim(0), 1, key.dim(1), units)));
        Tensor scores = sum.tanh().linear(score.reshape(Shape.of(1, units)));
        Shape shape = Shape.of(key.dim(0), query.dim(1), key.dim(1));
        return mask.weights(scores.reshape(shape.with(0, 1).prepend(key.dim(0)))).reshape(shape);
    }
}
