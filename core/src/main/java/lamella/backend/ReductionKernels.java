package lamella.backend;

/// Combinations of many elements into one. Partial results are combined in an order that depends on
/// the sizes alone.
public interface ReductionKernels {
    /// How elements are combined.
    enum Reduction {
        /// The sum; 0 of none.
        SUM,
        /// The arithmetic mean; NaN of none.
        MEAN,
        /// The largest; −∞ of none; NaN if one is NaN.
        MAXIMUM,
        /// The smallest; +∞ of none; NaN if one is NaN.
        MINIMUM
    }

    /// Reduces `x` over `axes`.
    ///
    /// @param axes the reduced axes, ascending, counted from the front
    /// @param out has the shape of x without these axes; only its size matters
    void reduce(Reduction op, View x, int[] axes, View out);

    /// out (int32) = index of the largest element along `axis`, the first of several; a NaN counts
    /// as the largest. `out` has the shape of x without the axis.
    void argMaximum(View x, int axis, View out);
}
