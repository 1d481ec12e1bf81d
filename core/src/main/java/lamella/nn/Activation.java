package lamella.nn;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.nn.Finish.Applied;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A function applied to every element (softmax: to the last axis).
///
/// @param function which function
/// @param alpha its constant, where it has one; 0 elsewhere
public record Activation(Function function, float alpha) implements LayerSpec {
    /// The functions.
    public enum Function {
        /// max(x, 0).
        RELU,
        /// min(max(x, 0), 6).
        RELU6,
        /// x where positive, alpha·x elsewhere.
        LEAKY_RELU,
        /// x where positive, alpha·(eˣ − 1) elsewhere.
        ELU,
        /// 1.0507·(x where positive, 1.6733·(eˣ − 1) elsewhere); Klambauer et al., NIPS 2017.
        SELU,
        /// x·Φ(x); Hendrycks and Gimpel, 2016.
        GELU,
        /// x·sigmoid(x), also called swish.
        SILU,
        /// ln(1 + eˣ).
        SOFTPLUS,
        /// Hyperbolic tangent.
        TANH,
        /// 1 / (1 + e⁻ˣ).
        SIGMOID,
        /// eˣ / Σ eˣ along the last axis.
        SOFTMAX;

        String spelled() {
            return switch (this) {
                case RELU -> "relu";
                case RELU6 -> "relu6";
                case LEAKY_RELU -> "leakyRelu";
                case ELU -> "elu";
                case SELU -> "selu";
                case GELU -> "gelu";
                case SILU -> "silu";
                case SOFTPLUS -> "softplus";
                case TANH -> "tanh";
                case SIGMOID -> "sigmoid";
                case SOFTMAX -> "softmax";
            };
        }

        boolean hasAlpha() {
            return this == LEAKY_RELU || this == ELU;
        }

        float usualAlpha() {
            return this == LEAKY_RELU ? 0.01f : this == ELU ? 1 : 0;
        }
    }

    private static final float SELU_SCALE = 1.0507009873554805f;
    private static final float SELU_ALPHA = 1.6732632423543772f;

    /// Rejects an alpha of a function that has none.
    public Activation {
        if (!function.hasAlpha() && Float.compare(alpha, 0) != 0) {
            throw new IllegalArgumentException(function.spelled() + ": alpha must be 0, got " + alpha);
        }
    }

    /// Returns a function with its usual constant.
    public static Activation of(Function function) {
        return new Activation(function, function.usualAlpha());
    }

    /// One kind of layer for each function, since a model file names functions.
    static List<LayerType<?>> types() {
        return Arrays.stream(Function.values()).<LayerType<?>>map(Activation::type).toList();
    }

    private static LayerType<Activation> type(Function function) {
        return LayerType.of(
                function.spelled(),
                Activation.class,
                fields ->
                        function.hasAlpha()
                                ? new Activation(function, fields.number("alpha", function.usualAlpha()))
                                : of(function),
                (activation, out) -> {
                    if (function.hasAlpha()) {
                        out.put("alpha", activation.alpha());
                    }
                });
    }

    @Override
    public String kind() {
        return function.spelled();
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        return switch (function) {
            case RELU -> elementwise(Applied.of(Unary.RELU, 0));
            case RELU6 -> elementwise(Applied.of(Unary.AT_LEAST, 0), Applied.of(Unary.AT_MOST, 6));
            case LEAKY_RELU -> elementwise(Applied.of(Unary.LEAKY_RELU, alpha));
            case ELU -> elementwise(Applied.of(Unary.ELU, alpha));
            case SELU -> elementwise(Applied.of(Unary.ELU, SELU_ALPHA), Applied.of(Unary.SCALE, SELU_SCALE));
            case GELU -> elementwise(Applied.of(Unary.GELU, 0));
            case SILU -> elementwise(Applied.of(Unary.SILU, 0));
            case SOFTPLUS -> elementwise(Applied.of(Unary.SOFTPLUS, 0));
            case TANH -> elementwise(Applied.of(Unary.TANH, 0));
            case SIGMOID -> elementwise(Applied.of(Unary.SIGMOID, 0));
            case SOFTMAX -> softmax();
        };
    }

    private static StepLayer elementwise(Applied... steps) {
        return new Elementwise(List.of(steps));
    }

    private static StepLayer softmax() {
        return Tensor::softmax;
    }

    private record Elementwise(List<Applied> steps) implements StepLayer {
        @Override
        public Tensor forward(Tensor x) {
            Tensor y = x;
            for (Applied step : steps) {
                y = y.apply(step.function().op(), step.function().alpha());
            }
            return y;
        }

        @Override
        public Optional<List<Finish>> finishes() {
            return Optional.of(List.copyOf(steps));
        }
    }

    @Override
    public String toString() {
        return function.spelled() + (function.hasAlpha() ? "(" + alpha + ")" : "()");
    }
}
