package lamella.nn;

import lamella.array.DType;
import lamella.tensor.Tensor;

/// A built layer: a value with a `forward`.
@FunctionalInterface
public interface Layer {
    /// Returns the output for a batch; axis 0 is the batch.
    Tensor forward(Tensor x);

    /// Returns the type of the inputs: int32 for layers that take ids.
    default DType inputType() {
        return DType.FLOAT32;
    }
}
