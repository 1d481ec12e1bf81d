package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Mode;
import lamella.nn.Scope;
import lamella.nn.TrainingLayer;
import lamella.tensor.Tensor;

/// In training, sets each step of a sequence to 0, all its features, with this probability and scales the others by
/// 1 / (1 − rate); outside training, does nothing. After an embedding, it drops whole words.
///
/// ## Shapes
/// - input and output `[N, T, F]`
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// ## Source
/// Iyyer et al., "Deep unordered composition rivals syntactic methods for text classification", ACL 2015, section 4:
/// word dropout.
///
/// @param rate probability of dropping a step, a fraction in [0, 1)
public record StepDropout(float rate) implements LayerSpec {
    static final LayerType<StepDropout> TYPE =
            LayerType.of(
                    "stepDropout",
                    StepDropout.class,
                    fields -> new StepDropout(fields.number("rate")),
                    (dropout, out) -> out.put("rate", dropout.rate()));

    /// Rejects rates outside [0, 1).
    public StepDropout {
        Checks.requireRate("stepDropout", "rate", rate);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("stepDropout", "T, features", input);
        TrainingLayer layer = x -> drop(x, rate, 2);
        return layer;
    }

    /// In training, sets all elements along an axis of `[N, T, features]` to 0 at once.
    static Tensor drop(Tensor x, float rate, int axis) {
        if (rate == 0 || !Mode.training()) {
            return x;
        }
        float keep = 1 - rate;
        Tensor mask = Mode.random().bernoulli(x.backend(), x.shape().with(axis, 1), keep).multiply(1 / keep);
        return x.multiply(mask);
    }

    @Override
    public String toString() {
        return "dropSteps(" + rate + ")";
    }
}
