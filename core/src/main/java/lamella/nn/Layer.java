package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.Optional;

/// A built layer: a value with a `forward`.
@FunctionalInterface
public interface Layer {
    /// Returns the output for a batch; axis 0 is the batch.
    ///
    /// The output belongs to the caller, such as a [Sequential], who lets go of it when the next layer has seen it
    /// ([Memory#letGo]). A layer that wants to look at it again later keeps it ([Memory#keep]).
    Tensor forward(Tensor x);

    /// Returns the output for a batch of sequences. A layer that does not know what padding is sees 0 in
    /// it, or the id −1, so that what lies there changes nothing; if its output has as many axes and
    /// steps, these have the same lengths.
    default Sequences forward(Sequences x) {
        if (x.lengths().isEmpty()) {
            return Sequences.of(forward(x.values()));
        }
        Tensor y = forward(x.masked());
        Shape before = x.values().shape();
        boolean sameSteps = y.shape().rank() >= before.rank() && y.shape().dim(1) == before.dim(1);
        return sameSteps ? x.with(y) : Sequences.of(y);
    }

    /// Returns the type of the inputs: int32 for layers that take ids.
    default DType inputType() {
        return DType.FLOAT32;
    }

    /// Returns the layer that does the same in inference: a container's has its parts folded into each other, as
    /// [Scope.Part#frozen] does it. Its parameters are those of this layer or others, none of them trainable.
    default Layer frozen() {
        return this;
    }

    /// Returns the steps to which this comes down in inference, if they are so simple that a frozen model can do them
    /// as part of the layer before; none for a layer that then does nothing. Empty for all other layers.
    default Optional<List<Finish>> finishes() {
        return Optional.empty();
    }
}
