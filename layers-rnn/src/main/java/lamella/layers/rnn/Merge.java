package lamella.layers.rnn;

import lamella.tensor.Tensor;

/// How the outputs of the two directions of a bidirectional layer become one.
public enum Merge {
    /// Side by side: 2H features, those of the forward direction first.
    CONCATENATE,
    /// Added: H features.
    SUM;

    Tensor apply(Tensor forward, Tensor backward) {
        return switch (this) {
            case CONCATENATE -> Tensor.concatenate(-1, forward, backward);
            case SUM -> forward.add(backward);
        };
    }
}
