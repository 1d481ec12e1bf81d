package lamella.nn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Parameter;

/// Layer normalisation: the features of each step (or of each vector) get mean 0 and variance 1,
/// then a learned scale and shift.
///
/// `y = (x − mean) / √(variance + epsilon) · scale + shift`, mean and biased variance over the last
/// axis. It depends on no other example and is the same in training and inference.
///
/// ## Shapes
/// - input and output `[N, ..., features]`
/// - scale and shift `[features]`
///
/// ## Initial values
/// Scale 1, shift 0.
///
/// ## Errors
/// [ShapeException] if the input has no axis besides the batch.
///
/// ## Source
/// Ba, Kiros and Hinton, "Layer normalization", 2016, section 3.
///
/// @param epsilon added to the variance, above 0
public record LayerNorm(float epsilon) implements LayerSpec {
    private static final float USUAL_EPSILON = 1e-5f;

    static final LayerType<LayerNorm> TYPE =
            LayerType.of(
                    "layerNorm",
                    LayerNorm.class,
                    fields -> new LayerNorm(fields.number("epsilon", USUAL_EPSILON)),
                    (norm, out) -> out.put("epsilon", norm.epsilon()));

    /// Epsilon 1e-5.
    LayerNorm() {
        this(USUAL_EPSILON);
    }

    /// Rejects an epsilon that is not above 0.
    public LayerNorm {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("layerNorm: epsilon must be above 0.0, got " + epsilon);
        }
    }

    /// Returns this layer with another number added to the variance.
    public LayerNorm epsilon(double epsilon) {
        return new LayerNorm((float) epsilon);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        if (input.rank() < 1) {
            throw ShapeException.of("layerNorm", "input must have at least one axis besides the batch")
                    .operand("input", input, "one example", "");
        }
        Shape features = Shape.of(input.dim(-1));
        Parameter scale = scope.parameter("scale", features, Initializer.ones());
        Parameter shift = scope.parameter("shift", features, Initializer.zeros());
        return x -> x.layerNorm(scale.value(), shift.value(), epsilon);
    }

    @Override
    public String toString() {
        return "layerNorm()" + (epsilon == USUAL_EPSILON ? "" : ".epsilon(" + epsilon + ")");
    }
}
