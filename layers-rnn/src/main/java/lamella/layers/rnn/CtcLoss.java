package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The loss of connectionist temporal classification: `−ln p(labels)`, in nats, p being the sum of
/// the probabilities of all paths that stand for the labels (see [Ctc]).
///
/// The sum is found by the forward algorithm over the states blank, label 0, blank, label 1, ...,
/// blank, in logarithms:
/// `α[t, s] = ln(e^α[t−1, s] + e^α[t−1, s−1] + e^α[t−1, s−2]) + ln p[t, class of s]`, where the third
/// term is there only if s is a label that differs from the one before. The gradient comes from
/// walking back over it.
///
/// Where no path stands for the labels, since there are fewer steps than labels and repetitions,
/// or a class has the probability 0, the loss is infinite, as in PyTorch, and its gradient is 0; with
/// [#zeroInfinity()] the loss is 0 as well.
///
/// ## Shapes
/// - logits `[N, T, classes]`, T at least 1
/// - labels `[N, L]`, int32
/// - a loss for each sequence `[N]`
///
/// ## Errors
/// [ShapeException] if these do not fit; [IllegalArgumentException] if a label is no class, or the blank.
///
/// ## Source
/// Graves et al., "Connectionist temporal classification: labelling unsegmented sequence data with
/// recurrent neural networks", ICML 2006, section 4.1; there with rescaled probabilities.
///
/// @param blank the class that stands for no label
/// @param zeroWhereInfinite whether an infinite loss counts as 0
public record CtcLoss(int blank, boolean zeroWhereInfinite) {
    /// Stands for ln 0: so small that what is added to it vanishes, but finite, so that differences are no NaN.
    static final float LOG_ZERO = -1e30f;

    /// Rejects negative classes.
    public CtcLoss {
        Checks.requireAtLeast("ctc", "blank", 0, blank);
    }

    /// Returns this loss with 0 for labels that no path stands for.
    public CtcLoss zeroInfinity() {
        return new CtcLoss(blank, true);
    }

    /// Returns the mean over the sequences, a scalar.
    public Tensor of(Sequences logits, Sequences labels) {
        return each(logits, labels).mean();
    }

    /// Returns the loss of each sequence, `[N]`.
    ///
    /// @param logits `[N, T, classes]`
    /// @param labels `[N, L]`, int32; what lies in the padding of either changes nothing
    public Tensor each(Sequences logits, Sequences labels) {
        Operands.requireRank("ctc", "logits", "N, T, classes", logits.values());
        Operands.requireRank("ctc", "labels", "N, L", labels.values());
        requireFit(logits.values(), labels.values());
        Backend backend = logits.values().backend();
        CtcStates states = CtcStates.of(labels, blank, logits.values().shape().dim(2));
        Tensor skips = states.skips(backend);
        Tensor scores = states.start(backend);
        for (Tensor emission : unstack(emissions(logits, states))) {
            scores = step(scores, skips, emission);
        }
        Tensor loss = logSum(real(scores).add(states.ends(backend))).negate();
        Tensor impossible = loss.greaterThan(Tensor.full(backend, loss.shape(), -LOG_ZERO / 10));
        float instead = zeroWhereInfinite ? 0 : Float.POSITIVE_INFINITY;
        return impossible.select(Tensor.full(backend, loss.shape(), instead), loss);
    }

    private void requireFit(Tensor logits, Tensor labels) {
        int sequences = logits.shape().dim(0);
        int classes = logits.shape().dim(2);
        if (labels.shape().dim(0) != sequences) {
            throw mismatch(
                    "logits of %s sequences, labels of %s".formatted(sequences, labels.shape().dim(0)), logits, labels);
        }
        if (logits.shape().dim(1) < 1) {
            throw mismatch("logits must have at least 1 step", logits, labels);
        }
        if (blank >= classes) {
            throw mismatch("blank %s is outside [0, %s)".formatted(blank, classes), logits, labels);
        }
    }

    private static ShapeException mismatch(String relation, Tensor logits, Tensor labels) {
        return ShapeException.of("ctc", relation)
                .operand("logits", logits.shape(), "N, T, classes", logits.label())
                .operand("labels", labels.shape(), "N, L", labels.label());
    }

    /// Returns the logarithm of each state's probability in each step, `[T, N, states]`.
    private Tensor emissions(Sequences logits, CtcStates states) {
        Tensor logs = withBlankPadding(logits).logSoftmax();
        Shape shape = logs.shape();
        Tensor rows = logs.permute(0, 2, 1).reshape(Shape.of(shape.dim(0) * shape.dim(2), shape.dim(1)));
        return rows.gather(states.rows(logs.backend())).permute(2, 0, 1).clamp(LOG_ZERO, Float.MAX_VALUE);
    }

    /// Returns the logits with steps of a sure blank in the padding: these add nothing to a path that
    /// has come to its end, and lead no other one there.
    private Tensor withBlankPadding(Sequences logits) {
        Tensor values = logits.values();
        if (!logits.isPadded()) {
            return values;
        }
        Shape shape = values.shape();
        float[] sure = new float[shape.dim(2)];
        Arrays.fill(sure, LOG_ZERO);
        sure[blank] = 0;
        Tensor exists = logits.mask().reshape(shape.with(2, 1)).broadcastTo(shape);
        return exists.select(values, Tensor.of(values.backend(), Shape.of(shape.dim(2)), sure).broadcastTo(shape));
    }

    /// Returns the entries along axis 0. Cutting in halves, again and again, since the gradient of a cut is as
    /// large as what it is cut from: so it takes T·log T, not T².
    private static List<Tensor> unstack(Tensor x) {
        int count = x.shape().dim(0);
        if (count == 1) {
            return List.of(x.reshape(x.shape().without(0)));
        }
        var entries = new ArrayList<>(unstack(x.slice(0, 0, count / 2)));
        entries.addAll(unstack(x.slice(0, count / 2, count)));
        return entries;
    }

    /// Returns the scores after one step more.
    ///
    /// @param scores `[N, 2 + states]`, whose first two columns are ln 0
    private static Tensor step(Tensor scores, Tensor skips, Tensor emission) {
        int states = emission.shape().dim(1);
        Tensor stay = real(scores);
        Tensor move = scores.slice(1, 1, 1 + states);
        Tensor skip = scores.slice(1, 0, states).add(skips);
        Tensor most = stay.detach().maximum(move.detach()).maximum(skip.detach());
        Tensor sum = stay.subtract(most).exp().add(move.subtract(most).exp()).add(skip.subtract(most).exp());
        return sum.log().add(most).add(emission).pad(1, 2, 0, LOG_ZERO);
    }

    private static Tensor real(Tensor scores) {
        return scores.slice(1, 2, scores.shape().dim(1));
    }

    /// Returns `ln Σ e^x` of each row.
    private static Tensor logSum(Tensor x) {
        Tensor most = x.detach().max(1);
        Tensor column = most.reshape(Shape.of(most.shape().dim(0), 1));
        return x.subtract(column).exp().sum(1).log().add(most);
    }
}
