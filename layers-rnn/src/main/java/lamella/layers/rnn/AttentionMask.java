package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.Optional;

/// Which keys a query sees: those within the length of their sequence and, in causal attention,
/// those up to the query's own step.
///
/// What it does not see gets the weight 0 exactly, since −∞ is added to its score before the
/// softmax; the score must be finite, so padded keys have to be masked before. Where there is no
/// key at all, −∞ throughout would become NaN: there nothing is added, and the weights are
/// multiplied by 0.
///
/// @param hidden 0 where a query sees a key, −∞ elsewhere: `[N or 1, 1, Tq or 1, Tk]`
/// @param present 0 where a sequence has no key, 1 elsewhere: `[N, 1, 1, 1]`
record AttentionMask(Optional<Tensor> hidden, Optional<Tensor> present) {
    /// Every query sees the keys that exist.
    static AttentionMask of(Sequences keys) {
        int[] lengths = keys.stepCounts();
        return new AttentionMask(padding(keys, lengths), present(keys, lengths));
    }

    /// Query t sees the keys up to t that exist.
    static AttentionMask causal(Sequences keys) {
        int[] lengths = keys.stepCounts();
        Tensor later = later(keys.values().backend(), keys.values().shape().dim(1));
        Tensor hidden = padding(keys, lengths).map(later::add).orElse(later);
        return new AttentionMask(Optional.of(hidden), present(keys, lengths));
    }

    private static Optional<Tensor> padding(Sequences keys, int[] lengths) {
        if (!keys.isPadded()) {
            return Optional.empty();
        }
        int steps = keys.values().shape().dim(1);
        float[] hidden = new float[lengths.length * steps];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > 0) {
                Arrays.fill(hidden, i * steps + lengths[i], (i + 1) * steps, Float.NEGATIVE_INFINITY);
            }
        }
        return Optional.of(Tensor.of(keys.values().backend(), Shape.of(lengths.length, 1, 1, steps), hidden));
    }

    private static Tensor later(Backend backend, int steps) {
        float[] hidden = new float[steps * steps];
        for (int query = 0; query < steps; query++) {
            Arrays.fill(hidden, query * steps + query + 1, (query + 1) * steps, Float.NEGATIVE_INFINITY);
        }
        return Tensor.of(backend, Shape.of(1, 1, steps, steps), hidden);
    }

    private static Optional<Tensor> present(Sequences keys, int[] lengths) {
        if (Arrays.stream(lengths).allMatch(length -> length > 0)) {
            return Optional.empty();
        }
        float[] present = new float[lengths.length];
        for (int i = 0; i < present.length; i++) {
            present[i] = Math.min(lengths[i], 1);
        }
        return Optional.of(Tensor.of(keys.values().backend(), Shape.of(present.length, 1, 1, 1), present));
    }

    /// Returns the softmax over the keys that are seen.
    ///
    /// @param scores finite, `[N, heads, Tq, Tk]`
    Tensor weights(Tensor scores) {
        Tensor weights = hidden.map(scores::add).orElse(scores).softmax();
        return present.map(weights::multiply).orElse(weights);
    }
}
