package lamella.nn;

import lamella.array.ShapeException;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.tensor.Tensor;

/// How far predictions are from targets: one number for a batch, the mean over what counts.
@FunctionalInterface
public interface Loss {
    /// Returns the loss of a batch, a scalar.
    Tensor of(Tensor prediction, Tensor target);

    /// Cross-entropy, in nats, between the softmax of logits `[..., classes]` and int32 labels
    /// `[...]`: `−ln softmax(logits)[label]`, the mean over all labels but −1, which are ignored.
    static Loss crossEntropy() {
        return crossEntropy(0);
    }

    /// Cross-entropy with label smoothing: the target is `1 − smoothing` at the label plus
    /// `smoothing / classes` everywhere.
    ///
    /// Source: Szegedy et al., "Rethinking the Inception architecture", CVPR 2016, section 7.
    static Loss crossEntropy(float smoothing) {
        return (logits, labels) -> {
            Tensor losses = logits.crossEntropy(labels, smoothing);
            Tensor zero = Tensor.full(labels.backend(), labels.shape(), -0.5f);
            Tensor counted = labels.toFloat().greaterThan(zero).sum();
            return losses.sum().divide(counted.apply(Unary.AT_LEAST, 1));
        };
    }

    /// Mean of the squared differences; prediction and target of one shape.
    ///
    /// @throws ShapeException when used, if the shapes differ
    static Loss meanSquaredError() {
        return (prediction, target) -> ElementLosses.squaredErrors(prediction, target).mean();
    }

    /// Mean binary cross-entropy, in nats, of logits and targets in [0, 1], of one shape:
    /// `ln(1 + eˣ) − x·t`.
    ///
    /// @throws ShapeException when used, if the shapes differ
    static Loss binaryCrossEntropy() {
        return (logits, target) -> ElementLosses.binaryCrossEntropies(logits, target).mean();
    }
}
