package lamella.tck;

import lamella.array.DType;
import lamella.backend.Backend;
import lamella.backend.View;

import org.junit.jupiter.api.AssertionFailureBuilder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Runs kernel cases on backends that differ in their number of threads alone.
///
/// @param backends the first is measured against the reference, the others must give its bits
record CaseRunner(List<Backend> backends) {
    /// What a case must give.
    ///
    /// @param values per operand, the exact values
    /// @param allowed per operand that is written, the largest differences
    record Expectation(double[][] values, double[][] allowed) {
        static Expectation of(KernelCase kernelCase) {
            double[][] values = kernelCase.expected();
            double[][] allowed = new double[values.length][0];
            for (int i = 0; i < values.length; i++) {
                Operand operand = kernelCase.operands().get(i);
                if (operand.role() != Operand.Role.INPUT) {
                    allowed[i] = kernelCase.tolerance().allowed(kernelCase, i, values[i]);
                }
            }
            return new Expectation(values, allowed);
        }
    }

    /// Proves a case:
    /// - every element of every output is within the tolerance of the reference's
    /// - nothing but the outputs is written
    /// - the bits do not depend on the number of threads
    /// - an operand that begins at another place gives a result within the tolerance too
    void check(KernelCase kernelCase) {
        check(kernelCase, Expectation.of(kernelCase));
    }

    /// Proves a case whose exact values are known already.
    void check(KernelCase kernelCase, Expectation expected) {
        int[][] first = run(backends.getFirst(), kernelCase, Arena.Margins.ODD, expected);
        for (Backend backend : backends.subList(1, backends.size())) {
            int[][] other = run(backend, kernelCase, Arena.Margins.ODD, expected);
            for (int i = 0; i < first.length; i++) {
                int place = Arrays.mismatch(first[i], other[i]);
                if (place >= 0) {
                    throw failure(
                            "%s: element %d of operand %d depends on the number of threads"
                                    .formatted(kernelCase.name(), place, i),
                            Integer.toHexString(first[i][place]) + " with 1 thread",
                            "%s with %d".formatted(Integer.toHexString(other[i][place]), backend.threads()));
                }
            }
        }
        run(backends.getLast(), kernelCase, Arena.Margins.NONE, expected);
    }

    /// Runs a case, checks its operands, and returns the bits of the operands.
    private static int[][] run(Backend backend, KernelCase kernelCase, Arena.Margins margins, Expectation expected) {
        Arena arena = Arena.place(backend, kernelCase, margins);
        int[][] before = bits(arena);
        kernelCase.call().on(backend, arena.views());
        int[][] after = bits(arena);
        for (int i = 0; i < after.length; i++) {
            checkUntouched(kernelCase, i, arena.views().get(i), before[i], after[i]);
            int offset = arena.views().get(i).offset();
            int size = arena.views().get(i).size();
            after[i] = Arrays.copyOfRange(after[i], offset, offset + size);
            if (kernelCase.operands().get(i).role() != Operand.Role.INPUT) {
                checkValues(kernelCase, i, expected.values()[i], expected.allowed()[i], after[i]);
            }
        }
        arena.release();
        return after;
    }

    private static int[][] bits(Arena arena) {
        int[][] bits = new int[arena.views().size()][];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = arena.bits(i);
        }
        return bits;
    }

    private static void checkUntouched(KernelCase kernelCase, int operand, View view, int[] before, int[] after) {
        boolean input = kernelCase.operands().get(operand).role() == Operand.Role.INPUT;
        for (int i = 0; i < before.length; i++) {
            int element = i - view.offset();
            boolean own = element >= 0 && element < view.size();
            if (before[i] != after[i] && (input || !own)) {
                throw failure(
                        "%s: wrote to element %d of operand %d %s, which is %s"
                                .formatted(
                                        kernelCase.name(),
                                        element,
                                        operand,
                                        view.shape(),
                                        own ? "an input" : "outside"),
                        Integer.toHexString(before[i]),
                        Integer.toHexString(after[i]));
            }
        }
    }

    private static void checkValues(
            KernelCase kernelCase, int operand, double[] expected, double[] allowed, int[] bits) {
        Operand described = kernelCase.operands().get(operand);
        for (int i = 0; i < bits.length; i++) {
            double actual = described.type() == DType.INT32 ? bits[i] : Float.intBitsToFloat(bits[i]);
            boolean near =
                    described.type() == DType.INT32
                            ? actual == expected[i]
                            : near(expected[i], allowed[i], (float) actual);
            if (!near) {
                throw failure(
                        String.format(
                                Locale.ROOT,
                                "%s: element %s of operand %d %s differs by %.3g, allowed %.3g",
                                kernelCase.name(),
                                Arrays.toString(Indices.coordinates(i, described.shape())),
                                operand,
                                described.shape(),
                                Math.abs(actual - expected[i]),
                                allowed[i]),
                        expected[i],
                        actual);
            }
        }
    }

    /// Tells whether a float is near enough: NaN for NaN, infinite where the exact value rounds to
    /// infinity, and with no tolerance equal with the sign of zero.
    static boolean near(double expected, double allowed, float actual) {
        float rounded = (float) expected;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || allowed == 0) {
            return Float.compare(rounded, actual) == 0;
        }
        return Math.abs(actual - expected) <= allowed + Math.ulp(rounded) / 2;
    }

    private static AssertionError failure(String message, Object expected, Object actual) {
        return AssertionFailureBuilder.assertionFailure().message(message).expected(expected).actual(actual).build();
    }
}
