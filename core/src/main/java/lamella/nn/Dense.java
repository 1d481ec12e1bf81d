package lamella.nn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Parameter;

/// A fully connected layer: `y = x · weightᵀ + bias` over the last axis.
///
/// ## Shapes
/// - input `[N, ..., in]`
/// - weight `[units, in]`, bias `[units]`
/// - output `[N, ..., units]`
///
/// ## Initial values
/// U(−1/√in, 1/√in), weight and bias.
///
/// ## Errors
/// [ShapeException] if the input has no axis besides the batch.
///
/// @param units outputs, at least 1
/// @param bias whether a bias is added
public record Dense(int units, boolean bias) implements LayerSpec {
    static final LayerType<Dense> TYPE =
            LayerType.of(
                    "dense",
                    Dense.class,
                    fields -> new Dense(fields.integer("units"), fields.flag("bias", true)),
                    (dense, out) -> out.put("units", dense.units()).put("bias", dense.bias()));

    /// Rejects fewer than 1 unit.
    public Dense {
        if (units < 1) {
            throw new IllegalArgumentException("dense: units must be at least 1, got " + units);
        }
    }

    /// Returns this layer without a bias.
    public Dense withoutBias() {
        return new Dense(units, false);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        if (input.rank() < 1) {
            throw ShapeException.of("dense", "input must have at least one axis besides the batch")
                    .operand("input", input, "one example", "");
        }
        int inputs = input.dim(-1);
        Initializer initial = Initializer.fanInUniform(inputs);
        Parameter weight = scope.parameter("weight", Shape.of(units, inputs), initial);
        if (!bias) {
            return x -> x.linear(weight.value());
        }
        Parameter shift = scope.parameter("bias", Shape.of(units), initial);
        return x -> x.linear(weight.value(), shift.value());
    }

    @Override
    public String toString() {
        return "dense(" + units + ")" + (bias ? "" : ".withoutBias()");
    }
}
