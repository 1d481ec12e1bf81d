package lamella.nn;

import lamella.tensor.Tensor;

/// A built layer that knows what padding is: recurrent layers, pooling over time, attention.
@FunctionalInterface
public interface SequenceLayer extends Layer {
    @Override
    Sequences forward(Sequences x);

    @Override
    default Tensor forward(Tensor x) {
        return forward(Sequences.of(x)).values();
    }
}
