package lamella.tck;

import lamella.array.DType;
import lamella.backend.ElementwiseKernels;
import lamella.backend.View;

/// Functions of single elements, in double.
final class ReferenceElementwise implements ElementwiseKernels {
    @Override
    public void unary(Unary op, float alpha, View x, View out) {
        double[] from = ReferenceStorage.doubles(x);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = value(op, alpha, from[x.offset() + i]);
        }
    }

    static double value(Unary op, double alpha, double x) {
        return switch (op) {
            case NEGATE -> -x;
            case ABSOLUTE -> Math.abs(x);
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case TANH -> Math.tanh(x);
            case SIGMOID -> sigmoid(x);
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> x > 0 ? x : alpha * x;
            case ELU -> x > 0 ? x : alpha * Math.expm1(x);
            case GELU -> x * NormalDistribution.cumulative(x);
            case SILU -> x * sigmoid(x);
            case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case POWER -> Math.pow(x, alpha);
            case SCALE -> alpha * x;
            case SHIFT -> x + alpha;
            case AT_LEAST -> Math.max(x, alpha);
            case AT_MOST -> Math.min(x, alpha);
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out) {
        double[] arguments = ReferenceStorage.doubles(x);
        double[] values = ReferenceStorage.doubles(y);
        double[] gradient = ReferenceStorage.doubles(outputGradient);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            double slope = slope(op, alpha, arguments[x.offset() + i], values[y.offset() + i]);
            to[out.offset() + i] = gradient[outputGradient.offset() + i] * slope;
        }
    }

    /// The derivative at x, where y = op(x), from the one of the two that [Unary#slopeFrom] names.
    private static double slope(Unary op, double alpha, double x, double y) {
        return switch (op) {
            case EXP -> y;
            case SQRT -> 0.5 / y;
            case RECIPROCAL -> -(y * y);
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> y > 0 ? 1 : 0;
            case NEGATE,
                    ABSOLUTE,
                    LOG,
                    SQUARE,
                    LEAKY_RELU,
                    ELU,
                    GELU,
                    SILU,
                    SOFTPLUS,
                    POWER,
                    SCALE,
                    SHIFT,
                    AT_LEAST,
                    AT_MOST ->
                    derivative(op, alpha, x);
        };
    }

    static double derivative(Unary op, double alpha, double x) {
        return switch (op) {
            case NEGATE -> -1;
            case ABSOLUTE -> Math.signum(x);
            case EXP -> Math.exp(x);
            case LOG -> 1 / x;
            case SQRT -> 0.5 / Math.sqrt(x);
            case SQUARE -> 2 * x;
            case RECIPROCAL -> -1 / (x * x);
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
            case SIGMOID -> sigmoid(x) * sigmoid(-x);
            case RELU -> x > 0 ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : alpha;
            case ELU -> x > 0 ? 1 : alpha * Math.exp(x);
            case GELU -> NormalDistribution.cumulative(x) + x * NormalDistribution.density(x);
            case SILU -> sigmoid(x) * (1 + x * sigmoid(-x));
            case SOFTPLUS -> sigmoid(x);
            case POWER -> alpha * Math.pow(x, alpha - 1);
            case SCALE -> alpha;
            case SHIFT -> 1;
            case AT_LEAST -> x > alpha ? 1 : 0;
            case AT_MOST -> x < alpha ? 1 : 0;
        };
    }

    @Override
    public void binary(Binary op, View a, View b, View out) {
        double[] left = ReferenceStorage.doubles(a);
        double[] right = ReferenceStorage.doubles(b);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            double x = left[a.offset() + Indices.broadcast(i, out.shape(), a.shape())];
            double y = right[b.offset() + Indices.broadcast(i, out.shape(), b.shape())];
            to[out.offset() + i] = value(op, x, y);
        }
    }

    private static double value(Binary op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case MAXIMUM -> Math.max(x, y);
            case MINIMUM -> Math.min(x, y);
            case EQUAL -> x == y ? 1 : 0;
            case GREATER -> x > y ? 1 : 0;
        };
    }

    @Override
    public void select(View condition, View a, View b, View out) {
        double[] which = ReferenceStorage.doubles(condition);
        double[] left = ReferenceStorage.doubles(a);
        double[] right = ReferenceStorage.doubles(b);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = which[condition.offset() + i] != 0 ? left[a.offset() + i] : right[b.offset() + i];
        }
    }

    @Override
    public void fill(View out, float value) {
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = value;
        }
    }

    @Override
    public void copy(View x, View out) {
        if (x.type() == DType.INT32) {
            int[] from = ReferenceStorage.ints(x);
            int[] to = ReferenceStorage.ints(out);
            for (int i = 0; i < out.size(); i++) {
                to[out.offset() + i] = from[x.offset() + i];
            }
        } else {
            double[] from = ReferenceStorage.doubles(x);
            double[] to = ReferenceStorage.doubles(out);
            for (int i = 0; i < out.size(); i++) {
                to[out.offset() + i] = from[x.offset() + i];
            }
        }
    }

    @Override
    public void toFloat(View x, View out) {
        int[] from = ReferenceStorage.ints(x);
        double[] to = ReferenceStorage.doubles(out);
        for (int i = 0; i < out.size(); i++) {
            to[out.offset() + i] = from[x.offset() + i];
        }
    }
}
