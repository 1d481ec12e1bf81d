package lamella.tck;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Slope;
import lamella.backend.ElementwiseKernels.Unary;

import java.util.List;

/// Functions of one element and their gradients.
///
/// Accuracy: arithmetic is rounded once; other functions may be wrong by 8 units of the result, or
/// of the number from which the result is a difference (1 for tanh, ELU and softplus; |x| for
/// GELU). A power may lose as much as its logarithm is large.
final class UnaryCases {
    /// Numbers on which float arithmetic goes wrong first.
    static final float[] SPECIAL = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0.0f,
        -0.0f,
        1,
        -1,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        1e-40f,
        -1e-40f,
        Float.MIN_VALUE,
        88.5f,
        -87,
        -104,
        0.5f,
        3
    };

    private UnaryCases() {}

    static void add(List<KernelCase> cases, Unary op) {
        for (float alpha : alphas(op)) {
            Tolerance forward = forward(op, alpha);
            for (int n : ElementwiseCases.LENGTHS) {
                cases.add(unary(op, alpha, forward, arguments(op, n)));
                cases.add(gradient(op, alpha, arguments(op, n)));
            }
            cases.add(
                    KernelCase.of(
                            "%s(%s) in place".formatted(op, alpha),
                            forward,
                            (b, v) -> b.elementwise().unary(op, alpha, v.get(0), v.get(0)),
                            arguments(op, 65).changed()));
            cases.add(gradientInPlace(op, alpha, arguments(op, 65)));
            cases.add(unary(op, alpha, forward, Operand.generated(Shape.of(SPECIAL.length), i -> special(op, i))));
            if (continuousOnly(op)) {
                cases.add(gradient(op, alpha, Operand.of(Shape.of(5), -2, -0.0f, 0, 2, alpha)));
            }
        }
    }

    private static float[] alphas(Unary op) {
        return switch (op) {
            case LEAKY_RELU -> new float[] {0.01f, 0.2f};
            case ELU -> new float[] {1, 0.5f};
            case POWER -> new float[] {2, 3, 0.5f, -1, -0.5f, 1.7f};
            case SCALE -> new float[] {-0.3f, 0};
            case SHIFT -> new float[] {0.7f};
            case AT_LEAST, AT_MOST -> new float[] {0.25f, -0.5f};
            case NEGATE, ABSOLUTE, EXP, LOG, SQRT, SQUARE, RECIPROCAL, TANH, SIGMOID, RELU, GELU, SILU, SOFTPLUS ->
                    new float[] {0};
        };
    }

    /// Arguments inside the domain, over the range in which the function does anything.
    private static Operand arguments(Unary op, int n) {
        return switch (op) {
            case LOG, SQRT, POWER -> Operand.uniform(1, 0.05, 20, n);
            case EXP -> Operand.uniform(1, -80, 80, n);
            case TANH, SIGMOID, ELU, GELU, SILU, SOFTPLUS -> Operand.uniform(1, -12, 12, n);
            case NEGATE, ABSOLUTE, SQUARE, RECIPROCAL, RELU, LEAKY_RELU, SCALE, SHIFT, AT_LEAST, AT_MOST ->
                    Operand.uniform(1, -3, 3, n);
        };
    }

    /// The i-th special value, or 1 where the formula of the SPI leaves the result open: x · σ(x)
    /// and x · Φ(x) are 0 or NaN at −∞.
    private static double special(Unary op, int i) {
        boolean open = op == Unary.SILU || op == Unary.GELU;
        return open && SPECIAL[i] == Float.NEGATIVE_INFINITY ? 1 : SPECIAL[i];
    }

    private static boolean continuousOnly(Unary op) {
        return switch (op) {
            case ABSOLUTE, RELU, LEAKY_RELU, ELU, AT_LEAST, AT_MOST -> true;
            case NEGATE, EXP, LOG, SQRT, SQUARE, RECIPROCAL, TANH, SIGMOID, GELU, SILU, SOFTPLUS, POWER, SCALE, SHIFT ->
                    false;
        };
    }

    private static Tolerance forward(Unary op, float alpha) {
        return switch (op) {
            case NEGATE, ABSOLUTE, RELU, AT_LEAST, AT_MOST -> Tolerance.relative(0);
            case SQRT, SQUARE, RECIPROCAL, LEAKY_RELU, SCALE, SHIFT -> Tolerance.relative(1);
            case EXP, SIGMOID, SILU -> Tolerance.relative(8);
            case LOG, TANH, SOFTPLUS -> Tolerance.relativeTo(8, 1);
            case ELU -> Tolerance.relativeTo(8, alpha);
            case GELU ->
                    (kernelCase, _, expected) ->
                            UnaryCases.bounds(expected, i -> Math.abs(kernelCase.operands().get(0).floats()[i]), 8);
            case POWER ->
                    (kernelCase, _, expected) ->
                            UnaryCases.bounds(
                                    expected,
                                    i ->
                                            Math.abs(expected[i])
                                                    * logarithm(alpha, kernelCase.operands().get(0).floats()[i]),
                                    8);
        };
    }

    /// Returns 1 + |alpha · ln |x||, where it is finite.
    private static double logarithm(double alpha, double x) {
        double logarithm = 1 + Math.abs(alpha * Math.log(Math.abs(x)));
        return Double.isFinite(logarithm) ? logarithm : 1;
    }

    private interface Magnitude {
        double at(int i);
    }

    private static double[] bounds(double[] expected, Magnitude magnitude, double units) {
        double[] allowed = new double[expected.length];
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = Tolerance.bound(units, Math.max(Math.abs(expected[i]), magnitude.at(i)));
        }
        return allowed;
    }

    private static KernelCase unary(Unary op, float alpha, Tolerance tolerance, Operand x) {
        return KernelCase.of(
                "%s(%s) %s".formatted(op, alpha, x.shape()),
                tolerance,
                (b, v) -> b.elementwise().unary(op, alpha, v.get(0), v.get(1)),
                x,
                Operand.out(x.shape().dims()));
    }

    /// The derivative is wrong by 16 units of itself or of the constants that its formula adds.
    private static Tolerance ofGradient(Unary op, float alpha) {
        return (kernelCase, _, _) -> {
            float[] x = kernelCase.operands().get(0).floats();
            float[] gradient = kernelCase.operands().get(2).floats();
            double[] allowed = new double[x.length];
            for (int i = 0; i < allowed.length; i++) {
                double derivative = Math.abs(ReferenceElementwise.derivative(op, alpha, x[i]));
                double scale =
                        switch (op) {
                            case TANH, SIGMOID, GELU, SILU, SOFTPLUS -> 1;
                            case ELU -> alpha;
                            case POWER -> derivative * logarithm(alpha, x[i]);
                            case NEGATE,
                                    ABSOLUTE,
                                    EXP,
                                    LOG,
                                    SQRT,
                                    SQUARE,
                                    RECIPROCAL,
                                    RELU,
                                    LEAKY_RELU,
                                    SCALE,
                                    SHIFT,
                                    AT_LEAST,
                                    AT_MOST ->
                                    0;
                        };
                allowed[i] = Tolerance.bound(16, Math.abs(gradient[i]) * Math.max(derivative, scale));
            }
            return allowed;
        };
    }

    private static Operand result(Unary op, float alpha, Operand x) {
        return Operand.generated(x.shape(), i -> ReferenceElementwise.value(op, alpha, x.floats()[i]));
    }

    /// In place of what the op does not read there is only NaN.
    private static KernelCase gradient(Unary op, float alpha, Operand x) {
        Operand nothing = Operand.generated(x.shape(), _ -> Double.NaN);
        int argument = op.slopeFrom() == Slope.ARGUMENT ? 0 : 4;
        int value = op.slopeFrom() == Slope.VALUE ? 1 : 4;
        return KernelCase.of(
                "gradient of %s(%s) %s".formatted(op, alpha, x.shape()),
                ofGradient(op, alpha),
                (b, v) -> b.elementwise().unaryGradient(op, alpha, v.get(argument), v.get(value), v.get(2), v.get(3)),
                x,
                result(op, alpha, x),
                Operand.random(2, x.shape().dims()),
                Operand.out(x.shape().dims()),
                nothing);
    }

    private static KernelCase gradientInPlace(Unary op, float alpha, Operand x) {
        return KernelCase.of(
                "gradient of %s(%s) in place".formatted(op, alpha),
                ofGradient(op, alpha),
                (b, v) -> b.elementwise().unaryGradient(op, alpha, v.get(0), v.get(1), v.get(2), v.get(2)),
                x,
                result(op, alpha, x),
                Operand.random(2, x.shape().dims()).changed());
    }
}
