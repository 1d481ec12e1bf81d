package lamella.tensor;

import lamella.backend.ElementwiseKernels;
import lamella.backend.ReductionKernels;

/// What a user calls the functions of the kernels: the method of [Tensor] that runs them, or the
/// layer's name where there is no such method. Messages begin with it.
final class OpNames {
    private OpNames() {}

    static String of(ElementwiseKernels.Unary function) {
        return switch (function) {
            case NEGATE -> "negate";
            case ABSOLUTE -> "abs";
            case EXP -> "exp";
            case LOG -> "log";
            case SQRT -> "sqrt";
            case SQUARE -> "square";
            case RECIPROCAL -> "reciprocal";
            case TANH -> "tanh";
            case SIGMOID -> "sigmoid";
            case RELU -> "relu";
            case LEAKY_RELU -> "leakyRelu";
            case ELU -> "elu";
            case GELU -> "gelu";
            case SILU -> "silu";
            case SOFTPLUS -> "softplus";
            case POWER -> "power";
            case SCALE -> "multiply";
            case SHIFT -> "add";
            case AT_LEAST, AT_MOST -> "clamp";
        };
    }

    static String of(ElementwiseKernels.Binary function) {
        return switch (function) {
            case ADD -> "add";
            case SUBTRACT -> "subtract";
            case MULTIPLY -> "multiply";
            case DIVIDE -> "divide";
            case MAXIMUM -> "maximum";
            case MINIMUM -> "minimum";
            case EQUAL -> "equalTo";
            case GREATER -> "greaterThan";
        };
    }

    static String of(ReductionKernels.Reduction reduction) {
        return switch (reduction) {
            case SUM -> "sum";
            case MEAN -> "mean";
            case MAXIMUM -> "max";
            case MINIMUM -> "min";
        };
    }
}
