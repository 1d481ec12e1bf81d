package lamella.backend;

/// Functions of single elements.
public interface ElementwiseKernels {
    /// From what a function's slope is computed.
    enum Slope {
        /// From the argument.
        ARGUMENT,
        /// From the function's value.
        VALUE,
        /// It is the same everywhere.
        CONSTANT
    }

    /// A function of one element. `alpha` is the op's constant where the comment names it, and is
    /// ignored elsewhere.
    enum Unary {
        /// −x.
        NEGATE,
        /// |x|; gradient 0 at 0.
        ABSOLUTE,
        /// eˣ.
        EXP,
        /// ln x.
        LOG,
        /// √x.
        SQRT,
        /// x².
        SQUARE,
        /// 1 / x.
        RECIPROCAL,
        /// Hyperbolic tangent.
        TANH,
        /// 1 / (1 + e⁻ˣ).
        SIGMOID,
        /// max(x, 0); gradient 0 at 0. NaN stays NaN.
        RELU,
        /// x where positive, `alpha`·x elsewhere.
        LEAKY_RELU,
        /// x where positive, `alpha`·(eˣ − 1) elsewhere.
        ELU,
        /// x · Φ(x), Φ being the normal distribution function (the exact form, with erf).
        GELU,
        /// x · sigmoid(x).
        SILU,
        /// ln(1 + eˣ), without overflow.
        SOFTPLUS,
        /// xᵃ for the constant a = `alpha`.
        POWER,
        /// `alpha`·x.
        SCALE,
        /// x + `alpha`.
        SHIFT,
        /// max(x, `alpha`): gradient 1 where x > alpha.
        AT_LEAST,
        /// min(x, `alpha`): gradient 1 where x < alpha.
        AT_MOST;

        /// Returns from what the slope is computed; the rest may be forgotten meanwhile.
        public Slope slopeFrom() {
            return switch (this) {
                case NEGATE, SCALE, SHIFT -> Slope.CONSTANT;
                case EXP, SQRT, RECIPROCAL, TANH, SIGMOID, RELU -> Slope.VALUE;
                case ABSOLUTE, LOG, SQUARE, LEAKY_RELU, ELU, GELU, SILU, SOFTPLUS, POWER, AT_LEAST, AT_MOST ->
                        Slope.ARGUMENT;
            };
        }
    }

    /// A function of two elements.
    enum Binary {
        /// a + b.
        ADD,
        /// a − b.
        SUBTRACT,
        /// a · b.
        MULTIPLY,
        /// a / b.
        DIVIDE,
        /// The larger; NaN if one is NaN.
        MAXIMUM,
        /// The smaller; NaN if one is NaN.
        MINIMUM,
        /// 1 where a = b, else 0.
        EQUAL,
        /// 1 where a > b, else 0.
        GREATER
    }

    /// out = op(x). `out` may be `x`.
    void unary(Unary op, float alpha, View x, View out);

    /// out = outputGradient · op′(x), where y = op(x). Only x or only y is read, or neither, as
    /// [Unary#slopeFrom] says; for the other one stands any array of the size. `out` may be
    /// `outputGradient`.
    void unaryGradient(Unary op, float alpha, View x, View y, View outputGradient, View out);

    /// out = op(a, b), with a and b broadcast to the shape of `out`. `out` may be an operand that
    /// has its shape.
    void binary(Binary op, View a, View b, View out);

    /// out = condition ≠ 0 ? a : b; all four have one shape.
    void select(View condition, View a, View b, View out);

    /// Sets every element of a float32 array.
    void fill(View out, float value);

    /// out = x, of equal size, float32 or int32 both.
    void copy(View x, View out);

    /// out = x as float32, from int32.
    void toFloat(View x, View out);
}
