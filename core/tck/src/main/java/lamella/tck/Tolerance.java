package lamella.tck;

import java.util.Arrays;

/// How far a backend's float32 results may lie from the exact ones.
///
/// All bounds are in units of 2⁻²⁴, half the distance of neighbouring floats at 1: the largest
/// relative error of one rounding. The smallest normal float is added to every bound but that of
/// [#exact()], so that a device may flush denormal results to zero.
@FunctionalInterface
interface Tolerance {
    /// The relative error of one rounding to float32.
    double UNIT = 0x1p-24;

    /// Returns the largest difference allowed at each element of an operand.
    ///
    /// @param kernelCase the case
    /// @param operand the place of the operand in the case
    /// @param expected the exact values of the operand after the call
    double[] allowed(KernelCase kernelCase, int operand, double[] expected);

    /// Equal values; zeros have equal signs.
    static Tolerance exact() {
        return (_, _, expected) -> new double[expected.length];
    }

    /// `units` roundings of a number as large as the result.
    static Tolerance relative(double units) {
        return relativeTo(units, 0);
    }

    /// `units` roundings of a number as large as the result or `scale`, whichever is larger.
    static Tolerance relativeTo(double units, double scale) {
        return (_, _, expected) ->
                Arrays.stream(expected).map(e -> bound(units, Math.max(Math.abs(e), scale))).toArray();
    }

    /// The bound of a sum of `count` products: [#sumUnits] roundings of Σ |terms|, which is what
    /// the reference computes on absolute values. For kernels that only add and multiply.
    static Tolerance sum(int count) {
        return (kernelCase, operand, _) ->
                Arrays.stream(kernelCase.absolute().expected()[operand])
                        .map(magnitude -> bound(sumUnits(count), magnitude))
                        .toArray();
    }

    /// Returns 8 + 4√n: roundings of a sum of n terms, when their errors are independent. The worst
    /// case, n, would hide a device that computes with 10 bits.
    static double sumUnits(int count) {
        return 8 + 4 * Math.sqrt(count);
    }

    /// Returns `units` roundings of a number of this magnitude.
    static double bound(double units, double magnitude) {
        return units * UNIT * magnitude + Float.MIN_NORMAL;
    }
}
