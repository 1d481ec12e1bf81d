package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Rearrangements, of float32 and of int32; every bit must arrive.
final class LayoutCases {
    private LayoutCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        for (DType type : DType.values()) {
            permute(cases, type);
            broadcast(cases, type);
            slice(cases, type);
            pad(cases, type);
            concatenate(cases, type);
            reverse(cases, type);
        }
        Operand special = Operand.of(Shape.of(UnaryCases.SPECIAL.length), UnaryCases.SPECIAL);
        cases.add(reverse(special, 0));
        return cases.stream();
    }

    private static Operand input(DType type, int seed, int... dims) {
        return switch (type) {
            case FLOAT32 -> Operand.random(seed, dims);
            case INT32 -> Operand.randomInts(seed, Integer.MIN_VALUE, Integer.MAX_VALUE, dims);
        };
    }

    private static Operand out(DType type, int... dims) {
        return switch (type) {
            case FLOAT32 -> Operand.out(dims);
            case INT32 -> Operand.outInts(dims);
        };
    }

    private static void permute(List<KernelCase> cases, DType type) {
        permute(cases, input(type, 1), new int[0]);
        permute(cases, input(type, 1, 9), 0);
        for (int n : new int[] {1, 7, 8, 9, 16, 17, 33, 65}) {
            permute(cases, input(type, 1, n, n + 1), 1, 0);
        }
        permute(cases, input(type, 1, 300, 517), 1, 0);
        permute(cases, input(type, 1, 300, 517), 0, 1);
        permute(cases, input(type, 1, 0, 5), 1, 0);
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            permute(cases, input(type, 2, 3, 9, 17), order);
        }
        permute(cases, input(type, 3, 2, 3, 5, 7), 0, 2, 3, 1);
        permute(cases, input(type, 3, 2, 3, 5, 7), 3, 1, 0, 2);
        permute(cases, input(type, 3, 8, 32, 14, 14), 0, 2, 3, 1);
        permute(cases, input(type, 3, 2, 3, 1, 4, 5), 4, 2, 0, 3, 1);
    }

    private static void permute(List<KernelCase> cases, Operand x, int... order) {
        int[] dims = Arrays.stream(order).map(x.shape()::dim).toArray();
        cases.add(
                KernelCase.of(
                        "permute %s %s by %s".formatted(x.type(), x.shape(), Arrays.toString(order)),
                        Tolerance.exact(),
                        (b, v) -> b.layout().permute(v.get(0), order, v.get(1)),
                        x,
                        out(x.type(), dims)));
    }

    private static void broadcast(List<KernelCase> cases, DType type) {
        int[][][] pairs = {
            {{}, {}},
            {{}, {3, 5}},
            {{1}, {33}},
            {{7}, {5, 7}},
            {{5, 1}, {5, 17}},
            {{1, 5, 1}, {3, 5, 9}},
            {{3, 1, 1}, {2, 3, 5, 7}},
            {{2, 1, 5, 1}, {2, 3, 5, 7}},
            {{4, 6}, {4, 6}},
            {{16, 1, 1}, {8, 16, 28, 28}},
            {{3}, {0, 3}}
        };
        for (int[][] pair : pairs) {
            Operand x = input(type, 4, pair[0]);
            cases.add(
                    KernelCase.of(
                            "broadcast %s %s to %s".formatted(type, x.shape(), Arrays.toString(pair[1])),
                            Tolerance.exact(),
                            (b, v) -> b.layout().broadcast(v.get(0), v.get(1)),
                            x,
                            out(type, pair[1])));
        }
    }

    /// Boxes: of x, its start, its extents.
    private static void slice(List<KernelCase> cases, DType type) {
        int[][][] boxes = {
            {{}, {}, {}},
            {{9}, {0}, {9}},
            {{33}, {5}, {17}},
            {{33}, {32}, {1}},
            {{5, 7}, {2, 0}, {2, 7}},
            {{5, 7}, {0, 3}, {5, 4}},
            {{5, 17}, {1, 2}, {3, 9}},
            {{2, 3, 9, 9}, {0, 1, 2, 3}, {2, 2, 5, 6}},
            {{2, 3, 9, 9}, {1, 2, 8, 8}, {1, 1, 1, 1}},
            {{4, 16, 30, 30}, {0, 0, 1, 1}, {4, 16, 28, 28}},
            {{5, 7}, {5, 0}, {0, 7}},
            {{5, 7}, {1, 7}, {3, 0}}
        };
        for (int[][] box : boxes) {
            Operand x = input(type, 5, box[0]);
            cases.add(
                    KernelCase.of(
                            "slice %s %s at %s to %s"
                                    .formatted(type, x.shape(), Arrays.toString(box[1]), Arrays.toString(box[2])),
                            Tolerance.exact(),
                            (b, v) -> b.layout().slice(v.get(0), box[1], v.get(1)),
                            x,
                            out(type, box[2])));
        }
    }

    private static void pad(List<KernelCase> cases, DType type) {
        int[][][] boxes = {
            {{}, {}, {}},
            {{9}, {0}, {9}},
            {{9}, {3}, {33}},
            {{7}, {0}, {8}},
            {{5, 7}, {2, 3}, {9, 17}},
            {{2, 3, 5, 5}, {0, 0, 1, 1}, {2, 3, 7, 7}},
            {{2, 3, 5, 5}, {1, 2, 0, 4}, {4, 5, 6, 9}},
            {{4, 16, 28, 28}, {0, 0, 2, 2}, {4, 16, 32, 32}},
            {{0, 3}, {1, 0}, {2, 3}},
            {{0, 3}, {0, 1}, {0, 5}}
        };
        for (float value : new float[] {0, 2.75f, -1.25f}) {
            for (int[][] box : boxes) {
                Operand x = input(type, 6, box[0]);
                cases.add(
                        KernelCase.of(
                                "pad %s %s at %s to %s with %s"
                                        .formatted(
                                                type,
                                                x.shape(),
                                                Arrays.toString(box[1]),
                                                Arrays.toString(box[2]),
                                                value),
                                Tolerance.exact(),
                                (b, v) -> b.layout().pad(v.get(0), box[1], value, v.get(1)),
                                x,
                                out(type, box[2])));
            }
        }
        if (type == DType.FLOAT32) {
            cases.add(
                    KernelCase.of(
                            "pad with −∞",
                            Tolerance.exact(),
                            (b, v) -> b.layout().pad(v.get(0), new int[] {1}, Float.NEGATIVE_INFINITY, v.get(1)),
                            input(type, 6, 9),
                            out(type, 17)));
        }
    }

    private static void concatenate(List<KernelCase> cases, DType type) {
        concatenate(cases, 0, input(type, 7, 9));
        concatenate(cases, 0, input(type, 7, 7), input(type, 8, 1), input(type, 9, 33));
        concatenate(cases, 0, input(type, 7, 2, 5), input(type, 8, 3, 5));
        concatenate(cases, 1, input(type, 7, 5, 2), input(type, 8, 5, 17));
        concatenate(cases, 1, input(type, 7, 2, 3, 4, 5), input(type, 8, 2, 1, 4, 5));
        concatenate(cases, 3, input(type, 7, 2, 3, 4, 5), input(type, 8, 2, 3, 4, 8));
        concatenate(cases, 1, input(type, 7, 3, 0), input(type, 8, 3, 5), input(type, 9, 3, 0));
        concatenate(cases, 0, input(type, 7, 0, 3), input(type, 8, 0, 3));
        concatenate(cases, 1, input(type, 7, 4, 16, 28, 28), input(type, 8, 4, 8, 28, 28));
        Operand[] many = new Operand[37];
        Arrays.setAll(many, i -> input(type, 7 + i, 5, 1 + i % 3));
        concatenate(cases, 1, many);
    }

    private static void concatenate(List<KernelCase> cases, int axis, Operand... parts) {
        int extent = Arrays.stream(parts).mapToInt(p -> p.shape().dim(axis)).sum();
        List<Operand> operands = new ArrayList<>(List.of(parts));
        operands.add(out(parts[0].type(), parts[0].shape().with(axis, extent).dims()));
        cases.add(
                KernelCase.of(
                        "concatenate %s %s along %d"
                                .formatted(parts[0].type(), Arrays.stream(parts).map(Operand::shape).toList(), axis),
                        Tolerance.exact(),
                        (b, v) -> b.layout().concatenate(v.subList(0, parts.length), axis, v.getLast()),
                        operands.toArray(Operand[]::new)));
    }

    private static void reverse(List<KernelCase> cases, DType type) {
        for (int n : new int[] {0, 1, 7, 8, 9, 16, 17, 33, 65}) {
            cases.add(reverse(input(type, 10, n), 0));
            cases.add(reverse(input(type, 10, 3, n), 1));
            cases.add(reverse(input(type, 10, n, 3), 0));
        }
        cases.add(reverse(input(type, 10, 5, 7, 9), 1));
        cases.add(reverse(input(type, 10, 64, 100, 32), 1));
    }

    private static KernelCase reverse(Operand x, int axis) {
        return KernelCase.of(
                "reverse %s %s along %d".formatted(x.type(), x.shape(), axis),
                Tolerance.exact(),
                (b, v) -> b.layout().reverse(v.get(0), axis, v.get(1)),
                x,
                out(x.type(), x.shape().dims()));
    }
}
