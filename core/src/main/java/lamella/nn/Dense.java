package lamella.nn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Epilogue;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.Optional;

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
        boolean vector = input.rank() == 1;
        if (!bias) {
            return new WithoutBias(weight, vector);
        }
        return new WithBias(weight, scope.parameter("bias", Shape.of(units), initial), vector);
    }

    /// @param vector whether the units are axis 1 of the output
    private record WithoutBias(Parameter weight, boolean vector) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.linear(weight.value());
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return x.linear(weight.value(), epilogue);
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return vector
                    ? Optional.of(new WithBias(by.weight(weight), by.biasBeside(weight), true))
                    : Optional.empty();
        }
    }

    /// @param vector whether the units are axis 1 of the output
    private record WithBias(Parameter weight, Parameter bias, boolean vector) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.linear(weight.value(), bias.value());
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return x.linear(weight.value(), bias.value(), epilogue);
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return vector ? Optional.of(new WithBias(by.weight(weight), by.bias(bias), true)) : Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "dense(" + units + ")" + (bias ? "" : ".withoutBias()");
    }
}
