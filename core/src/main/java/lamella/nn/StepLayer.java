package lamella.nn;

import lamella.tensor.Tensor;

/// A built layer without parameters that works on each step of a sequence by itself, as it works on each
/// example: what it makes of the padding stays there, and needs no mask.
@FunctionalInterface
public interface StepLayer extends Layer {
    @Override
    default Sequences forward(Sequences x) {
        return x.with(forward(x.values()));
    }

    @Override
    Tensor forward(Tensor x);
}
