package lamella.tensor;

import java.util.List;

/// An operation with a gradient of its own, written with tensors: the door for plugins.
///
/// {@snippet :
/// record ClippedRelu(float most) implements CustomOp { ... }
/// Tensor y = Tensor.custom(new ClippedRelu(6), x);
/// }
public interface CustomOp {
    /// Returns the name that messages begin with.
    String name();

    /// Computes the result. Nothing is recorded meanwhile.
    Tensor forward(List<Tensor> in);

    /// Returns the gradient with respect to each operand, in their order and of their shapes. What is computed here goes
    /// back to the backend as soon as it has been used.
    List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out);
}
