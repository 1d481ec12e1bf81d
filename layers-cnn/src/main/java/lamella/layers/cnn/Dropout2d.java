package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Mode;
import lamella.nn.Scope;
import lamella.nn.TrainingLayer;
import lamella.tensor.Tensor;

/// In training, sets each channel of each image to 0 with this probability and scales the others by
/// 1 / (1 − rate); outside training, does nothing. Neighbouring cells of a channel say much the
/// same, so that dropping single ones would drop little.
///
/// ## Shapes
/// - input and output `[N, C, H, W]`
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`.
///
/// ## Source
/// Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015, section
/// 3.2.
///
/// @param rate probability of dropping a channel, a fraction in [0, 1)
public record Dropout2d(float rate) implements LayerSpec {
    static final LayerType<Dropout2d> TYPE =
            LayerType.of(
                    "dropout2d",
                    Dropout2d.class,
                    fields -> new Dropout2d(fields.number("rate")),
                    (dropout, out) -> out.put("rate", dropout.rate()));

    /// Rejects rates outside [0, 1).
    public Dropout2d {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout2d: rate must be in [0, 1), got " + rate);
        }
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("dropout2d", "C, H, W", input);
        TrainingLayer layer = this::forward;
        return layer;
    }

    private Tensor forward(Tensor x) {
        if (rate == 0 || !Mode.training()) {
            return x;
        }
        float keep = 1 - rate;
        Shape channels = x.shape().with(2, 1).with(3, 1);
        Tensor mask = Mode.random().bernoulli(x.backend(), channels, keep).multiply(1 / keep);
        return x.multiply(mask);
    }

    @Override
    public String toString() {
        return "dropout2d(" + rate + ")";
    }
}
