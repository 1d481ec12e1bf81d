package lamella.nn;

import lamella.array.ShapeException;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.tensor.Tensor;

/// Losses element by element, of which [Loss] and [SequenceLoss] take means.
final class ElementLosses {
    private ElementLosses() {}

    /// `(x − t)²`.
    static Tensor squaredErrors(Tensor prediction, Tensor target) {
        requireSameShape("meanSquaredError", prediction, target);
        return prediction.subtract(target).square();
    }

    /// `ln(1 + eˣ) − x·t`.
    static Tensor binaryCrossEntropies(Tensor logits, Tensor target) {
        requireSameShape("binaryCrossEntropy", logits, target);
        return logits.apply(Unary.SOFTPLUS, 0).subtract(logits.multiply(target));
    }

    static void requireSameShape(String name, Tensor prediction, Tensor target) {
        if (!prediction.shape().equals(target.shape())) {
            throw ShapeException.of(name, "prediction and target differ in shape")
                    .operand("predict", prediction.shape(), "", prediction.label())
                    .operand("target", target.shape(), "", target.label());
        }
    }
}
