package lamella.nn;

import lamella.array.Shape;
import lamella.tensor.Tensor;

/// In training, sets each element to 0 with this probability and scales the others by
/// 1 / (1 − rate); outside training, does nothing.
///
/// ## Source
/// Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR
/// 2014; scaled in training instead of in inference ("inverted dropout").
///
/// @param rate probability of dropping an element, a fraction in [0, 1)
public record Dropout(float rate) implements LayerSpec {
    static final LayerType<Dropout> TYPE =
            LayerType.of(
                    "dropout",
                    Dropout.class,
                    fields -> new Dropout(fields.number("rate")),
                    (dropout, out) -> out.put("rate", dropout.rate()));

    /// Rejects rates outside [0, 1).
    public Dropout {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout: rate must be in [0, 1), got " + rate);
        }
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        TrainingLayer layer = this::forward;
        return layer;
    }

    private Tensor forward(Tensor x) {
        if (rate == 0 || !Mode.training()) {
            return x;
        }
        float keep = 1 - rate;
        Tensor mask = Mode.random().bernoulli(x.backend(), x.shape(), keep).multiply(1 / keep);
        return x.multiply(mask);
    }

    @Override
    public String toString() {
        return "dropout(" + rate + ")";
    }
}
