package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.nn.TrainingLayer;

/// In training, sets each feature of a sequence to 0, at all its steps, with this probability and scales the others by
/// 1 / (1 − rate); outside training, does nothing. Neighbouring steps say much the same, so that dropping single
/// elements would drop little. Elsewhere known as one-dimensional spatial dropout.
///
/// ## Shapes
/// - input and output `[N, T, F]`
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// ## Source
/// Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016: the
/// mask of the inputs, the same at all steps.
///
/// @param rate probability of dropping a feature, a fraction in [0, 1)
public record FeatureDropout(float rate) implements LayerSpec {
    static final LayerType<FeatureDropout> TYPE =
            LayerType.of(
                    "featureDropout",
                    FeatureDropout.class,
                    fields -> new FeatureDropout(fields.number("rate")),
                    (dropout, out) -> out.put("rate", dropout.rate()));

    /// Rejects rates outside [0, 1).
    public FeatureDropout {
        Checks.requireRate("featureDropout", "rate", rate);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("featureDropout", "T, features", input);
        TrainingLayer layer = x -> StepDropout.drop(x, rate, 1);
        return layer;
    }

    @Override
    public String toString() {
        return "dropFeatures(" + rate + ")";
    }
}
