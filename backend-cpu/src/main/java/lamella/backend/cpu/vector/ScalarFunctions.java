package lamella.backend.cpu.vector;

import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

/// The elementwise functions of the SPI on single elements: the definition of what the loops do,
/// and their tails.
public final class ScalarFunctions {
    private ScalarFunctions() {}

    /// Returns op(x).
    static float unary(Unary op, float alpha, float x) {
        return switch (op) {
            case NEGATE -> -x;
            case ABSOLUTE -> Math.abs(x);
            case EXP -> ScalarMath.exp(x);
            case LOG -> ScalarMath.log(x);
            case SQRT -> (float) Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1f / x;
            case TANH -> ScalarMath.tanh(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case RELU -> Math.max(x, 0f);
            case LEAKY_RELU -> x > 0f ? x : alpha * x;
            case ELU -> x > 0f ? x : alpha * ScalarMath.expm1Negative(x);
            case GELU -> ScalarMath.gelu(x);
            case SILU -> x * ScalarMath.sigmoid(x);
            case SOFTPLUS -> ScalarMath.softplus(x);
            case POWER -> (float) StrictMath.pow(x, alpha);
            case SCALE -> alpha * x;
            case SHIFT -> x + alpha;
            case AT_LEAST -> Math.max(x, alpha);
            case AT_MOST -> Math.min(x, alpha);
        };
    }

    /// Returns g · op′(x), where y = op(x).
    static float unaryGradient(Unary op, float alpha, float x, float y, float g) {
        return switch (op) {
            case NEGATE -> -g;
            case ABSOLUTE -> x > 0f ? g : x < 0f ? -g : 0f;
            case EXP -> g * y;
            case LOG -> g / x;
            case SQRT -> 0.5f * g / y;
            case SQUARE -> 2f * x * g;
            case RECIPROCAL -> -g * (y * y);
            case TANH -> g * Math.fma(-y, y, 1f);
            case SIGMOID -> g * (y * (1f - y));
            case RELU -> y > 0f ? g : 0f;
            case LEAKY_RELU -> x > 0f ? g : alpha * g;
            case ELU -> x > 0f ? g : g * (alpha * ScalarMath.exp(x));
            case GELU -> g * ScalarMath.geluSlope(x);
            case SILU -> g * ScalarMath.siluSlope(x);
            case SOFTPLUS -> g * ScalarMath.sigmoid(x);
            case POWER -> g * (float) (alpha * StrictMath.pow(x, alpha - 1.0));
            case SCALE -> alpha * g;
            case SHIFT -> g;
            case AT_LEAST -> x > alpha ? g : 0f;
            case AT_MOST -> x < alpha ? g : 0f;
        };
    }

    /// Returns op(a, b).
    public static float binary(Binary op, float a, float b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case EQUAL -> a == b ? 1f : 0f;
            case GREATER -> a > b ? 1f : 0f;
        };
    }
}
