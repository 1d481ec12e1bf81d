package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.function.BinaryOperator;

/// How far predictions for each step of sequences are from targets: one number for a batch, the
/// mean over the steps that exist. What prediction and target hold in the padding changes no bit of
/// the loss or of its gradient, which is 0 there.
///
/// {@snippet :
/// Sequences logits = model.forward(Sequences.of(ids, 5, 3, 8));    // [3, 8, classes]
/// Tensor loss = SequenceLoss.crossEntropy().of(logits, labels);    // [3, 8], of which 16 count
/// }
@FunctionalInterface
public interface SequenceLoss {
    /// Returns the loss of a batch, a scalar; 0 if there is no step.
    ///
    /// @param prediction `[N, T, ...]`, whose lengths say which steps exist
    /// @param target of the same steps
    Tensor of(Sequences prediction, Tensor target);

    /// Cross-entropy, in nats, of logits `[N, T, classes]` and int32 labels `[N, T]`, the mean over
    /// all labels of steps that exist but −1, which are ignored, as in [Loss#crossEntropy()].
    static SequenceLoss crossEntropy() {
        return crossEntropy(0);
    }

    /// Cross-entropy with label smoothing, as in [Loss#crossEntropy(float)].
    static SequenceLoss crossEntropy(float smoothing) {
        Loss loss = Loss.crossEntropy(smoothing);
        return (logits, labels) -> loss.of(logits.values(), withoutPadding(logits, labels));
    }

    /// Returns the labels with −1 in the padding, where anything may be.
    private static Tensor withoutPadding(Sequences logits, Tensor labels) {
        Shape shape = labels.shape();
        boolean fits = shape.rank() >= 2 && shape.equals(logits.values().shape().without(-1));
        if (!logits.isPadded() || !fits || labels.type() != DType.INT32) {
            return labels; // what does not fit, the op will say
        }
        int[] all = labels.toInts();
        int[] counts = logits.stepCounts();
        int step = shape.sizeBetween(2, shape.rank());
        int sequence = shape.dim(1) * step;
        for (int i = 0; i < counts.length; i++) {
            Arrays.fill(all, i * sequence + counts[i] * step, (i + 1) * sequence, -1);
        }
        return Tensor.ofInts(labels.backend(), shape, all);
    }

    /// Mean of the squared differences; prediction and target of one shape `[N, T, ...]`.
    ///
    /// @throws ShapeException when used, if the shapes differ
    static SequenceLoss meanSquaredError() {
        return (prediction, target) -> mean("meanSquaredError", prediction, target, ElementLosses::squaredErrors);
    }

    /// Mean binary cross-entropy, in nats, of logits and targets in [0, 1], of one shape `[N, T, ...]`.
    ///
    /// @throws ShapeException when used, if the shapes differ
    static SequenceLoss binaryCrossEntropy() {
        return (logits, target) -> mean("binaryCrossEntropy", logits, target, ElementLosses::binaryCrossEntropies);
    }

    private static Tensor mean(String name, Sequences prediction, Tensor target, BinaryOperator<Tensor> loss) {
        ElementLosses.requireSameShape(name, prediction.values(), target);
        // masked before, so that no garbage meets the gradient, and after, since a loss of zeros need not be 0
        Tensor losses = loss.apply(prediction.masked(), prediction.with(target).masked());
        Shape shape = target.shape();
        long counted = (long) Arrays.stream(prediction.stepCounts()).sum() * shape.sizeBetween(2, shape.rank());
        return prediction.with(losses).masked().sum().multiply(1f / Math.max(1, counted));
    }
}
