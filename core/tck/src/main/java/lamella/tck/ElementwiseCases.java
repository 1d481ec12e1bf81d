package lamella.tck;

import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.ElementwiseKernels.Unary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Functions of single elements, on every length around the widths of vectors, in place and with
/// broadcasting.
final class ElementwiseCases {
    /// Lengths around multiples of 4, 8 and 16, and one that is worth splitting among threads.
    static final int[] LENGTHS = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 65, 100_003};

    private ElementwiseCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (Unary op : Unary.values()) {
            UnaryCases.add(cases, op);
        }
        for (Binary op : Binary.values()) {
            binary(cases, op);
        }
        others(cases);
        return cases.stream();
    }

    private static void binary(List<KernelCase> cases, Binary op) {
        for (int n : LENGTHS) {
            cases.add(binary(op, operand(op, 1, n), operand(op, 2, n), n));
        }
        int[][][] broadcasts = {
            {{}, {9}},
            {{33}, {}},
            {{1}, {17}},
            {{5, 7}, {7}},
            {{7}, {5, 7}},
            {{5, 1}, {5, 33}},
            {{5, 33}, {5, 1}},
            {{5, 1}, {1, 17}},
            {{2, 3, 5, 7}, {3, 1, 1}},
            {{1, 3, 1, 1}, {2, 3, 9, 9}},
            {{2, 1, 5}, {4, 1}},
            {{64, 1000}, {1000}},
            {{64, 1000}, {64, 1}},
            {{0, 3}, {3}}
        };
        for (int[][] pair : broadcasts) {
            Shape out = Shape.broadcast(Shape.of(pair[0]), Shape.of(pair[1]));
            cases.add(binary(op, operand(op, 3, pair[0]), operand(op, 4, pair[1]), out.dims()));
        }
        cases.add(
                KernelCase.of(
                        op + " into a",
                        Tolerance.relative(1),
                        (b, v) -> b.elementwise().binary(op, v.get(0), v.get(1), v.get(0)),
                        operand(op, 5, 3, 33).changed(),
                        operand(op, 6, 33)));
        cases.add(
                KernelCase.of(
                        op + " into b",
                        Tolerance.relative(1),
                        (b, v) -> b.elementwise().binary(op, v.get(0), v.get(1), v.get(1)),
                        operand(op, 7, 3, 1),
                        operand(op, 8, 3, 33).changed()));
        cases.add(
                KernelCase.of(
                        op + " of x with itself into x",
                        Tolerance.relative(1),
                        (b, v) -> b.elementwise().binary(op, v.get(0), v.get(0), v.get(0)),
                        operand(op, 9, 17).changed()));
        special(cases, op);
    }

    private static KernelCase binary(Binary op, Operand a, Operand b, int... out) {
        return KernelCase.of(
                "%s %s %s".formatted(op, a.shape(), b.shape()),
                Tolerance.relative(1),
                (backend, v) -> backend.elementwise().binary(op, v.get(0), v.get(1), v.get(2)),
                a,
                b,
                Operand.out(out));
    }

    /// Comparisons get numbers of which many are equal.
    private static Operand operand(Binary op, int seed, int... dims) {
        UnaryOperator<Operand> rounded = x -> Operand.generated(x.shape(), i -> Math.rint(2 * x.floats()[i]));
        Operand x = Operand.uniform(seed, -2, 2, dims);
        return switch (op) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> x;
            case MAXIMUM, MINIMUM, EQUAL, GREATER -> rounded.apply(x);
        };
    }

    /// All pairs of special values.
    private static void special(List<KernelCase> cases, Binary op) {
        float[] values = UnaryCases.SPECIAL;
        int n = values.length;
        Shape shape = Shape.of(n, n);
        cases.add(
                binary(
                        op,
                        Operand.generated(shape, i -> values[i / n]),
                        Operand.generated(shape, i -> values[i % n]),
                        n,
                        n));
    }

    private static void others(List<KernelCase> cases) {
        for (int n : LENGTHS) {
            cases.add(
                    KernelCase.of(
                            "select [" + n + "]",
                            Tolerance.exact(),
                            (b, v) -> b.elementwise().select(v.get(0), v.get(1), v.get(2), v.get(3)),
                            Operand.generated(Shape.of(n), i -> i * 7 % 3 - 1),
                            Operand.random(2, n),
                            Operand.random(3, n),
                            Operand.out(n)));
            cases.add(fill(n, -1.25f));
            cases.add(
                    KernelCase.of(
                            "copy [" + n + "]",
                            Tolerance.exact(),
                            (b, v) -> b.elementwise().copy(v.get(0), v.get(1)),
                            Operand.random(4, n),
                            Operand.out(n)));
            cases.add(
                    KernelCase.of(
                            "copy int32 [" + n + "]",
                            Tolerance.exact(),
                            (b, v) -> b.elementwise().copy(v.get(0), v.get(1)),
                            Operand.randomInts(5, Integer.MIN_VALUE, Integer.MAX_VALUE, n),
                            Operand.outInts(n)));
            cases.add(
                    KernelCase.of(
                            "toFloat [" + n + "]",
                            Tolerance.exact(),
                            (b, v) -> b.elementwise().toFloat(v.get(0), v.get(1)),
                            Operand.randomInts(6, -1000, 1000, n),
                            Operand.out(n)));
        }
        cases.add(fill(9, Float.NaN));
        cases.add(fill(9, -0.0f));
        cases.add(fill(9, Float.NEGATIVE_INFINITY));
        cases.add(
                KernelCase.of(
                        "toFloat of large integers",
                        Tolerance.exact(),
                        (b, v) -> b.elementwise().toFloat(v.get(0), v.get(1)),
                        Operand.ofInts(
                                Shape.of(7),
                                Integer.MIN_VALUE,
                                Integer.MAX_VALUE,
                                16777217,
                                16777219,
                                -16777217,
                                -1,
                                0),
                        Operand.out(7)));
        float[] special = UnaryCases.SPECIAL;
        int n = special.length;
        cases.add(
                KernelCase.of(
                        "copy of special values to another shape",
                        Tolerance.exact(),
                        (b, v) -> b.elementwise().copy(v.get(0), v.get(1)),
                        Operand.of(Shape.of(n), special),
                        Operand.out(n, 1)));
        cases.add(
                KernelCase.of(
                        "select where the condition is special",
                        Tolerance.exact(),
                        (b, v) -> b.elementwise().select(v.get(0), v.get(1), v.get(2), v.get(3)),
                        Operand.of(Shape.of(n), special),
                        Operand.generated(Shape.of(n), i -> special[(i + 1) % n]),
                        Operand.generated(Shape.of(n), i -> special[(i + 2) % n]),
                        Operand.out(n)));
    }

    private static KernelCase fill(int n, float value) {
        return KernelCase.of(
                "fill [%d] with %s".formatted(n, value),
                Tolerance.exact(),
                (b, v) -> b.elementwise().fill(v.get(0), value),
                Operand.out(n));
    }
}
