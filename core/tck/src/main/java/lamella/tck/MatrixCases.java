package lamella.tck;

import lamella.array.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Matrix products: sizes around vector widths and blocks, all four transpositions, batches, empty
/// extents.
final class MatrixCases {
    private MatrixCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        int[][] sizes = {
            {1, 1, 1},
            {1, 7, 9},
            {7, 1, 8},
            {8, 9, 1},
            {9, 15, 16},
            {16, 17, 31},
            {33, 31, 65},
            {65, 33, 17},
            {1, 300, 515},
            {515, 300, 1},
            {3, 1000, 10},
            {64, 64, 64},
            {300, 207, 515},
            {0, 5, 7},
            {5, 0, 7},
            {5, 7, 0}
        };
        for (int[] size : sizes) {
            for (int transposition = 0; transposition < 4; transposition++) {
                boolean transposeA = transposition / 2 == 1;
                boolean transposeB = transposition % 2 == 1;
                cases.add(multiply(0, size, transposeA, transposeB));
            }
            linear(cases, size);
        }
        for (int transposition = 0; transposition < 4; transposition++) {
            boolean transposeA = transposition / 2 == 1;
            boolean transposeB = transposition % 2 == 1;
            cases.add(multiply(1, new int[] {7, 9, 17}, transposeA, transposeB));
            cases.add(multiply(5, new int[] {9, 33, 15}, transposeA, transposeB));
            cases.add(multiply(12, new int[] {65, 31, 33}, transposeA, transposeB));
        }
        cases.add(special());
        return cases.stream();
    }

    /// A batch of 0 stands for operands of rank 2.
    private static KernelCase multiply(int batch, int[] size, boolean transposeA, boolean transposeB) {
        Shape a = transposeA ? Shape.of(size[1], size[0]) : Shape.of(size[0], size[1]);
        Shape b = transposeB ? Shape.of(size[2], size[1]) : Shape.of(size[1], size[2]);
        Shape out = Shape.of(size[0], size[2]);
        return KernelCase.of(
                "multiply %s%s %s%s, batch %d".formatted(a, transposeA ? "ᵀ" : "", b, transposeB ? "ᵀ" : "", batch),
                Tolerance.sum(size[1]),
                (backend, v) -> backend.matrix().multiply(v.get(0), transposeA, v.get(1), transposeB, v.get(2)),
                Operand.random(1, batched(a, batch)),
                Operand.random(2, batched(b, batch)),
                Operand.out(batched(out, batch)));
    }

    private static int[] batched(Shape shape, int batch) {
        return batch == 0 ? shape.dims() : shape.prepend(batch).dims();
    }

    private static void linear(List<KernelCase> cases, int[] size) {
        Operand x = Operand.random(3, size[0], size[1]);
        Operand weight = Operand.random(4, size[2], size[1]);
        cases.add(
                KernelCase.of(
                        "linear %s %s".formatted(x.shape(), weight.shape()),
                        Tolerance.sum(size[1]),
                        (b, v) -> b.matrix().linear(v.get(0), v.get(1), Optional.empty(), v.get(2)),
                        x,
                        weight,
                        Operand.out(size[0], size[2])));
        cases.add(
                KernelCase.of(
                        "linear %s %s with bias".formatted(x.shape(), weight.shape()),
                        Tolerance.sum(size[1] + 1),
                        (b, v) -> b.matrix().linear(v.get(0), v.get(1), Optional.of(v.get(2)), v.get(3)),
                        x,
                        weight,
                        Operand.random(5, size[2]),
                        Operand.out(size[0], size[2])));
    }

    /// A NaN or an infinity in one row of a spoils that row of the product and no other, also where
    /// it meets a zero: 0 · ∞ is NaN.
    private static KernelCase special() {
        Operand a = Operand.random(6, 9, 17);
        a.floats()[2 * 17 + 5] = Float.NaN;
        a.floats()[4 * 17] = Float.POSITIVE_INFINITY;
        a.floats()[7 * 17 + 16] = Float.NEGATIVE_INFINITY;
        Operand b = Operand.random(7, 17, 33);
        b.floats()[3] = 0;
        return KernelCase.of(
                "multiply with NaN and infinities",
                Tolerance.sum(17),
                (backend, v) -> backend.matrix().multiply(v.get(0), false, v.get(1), false, v.get(2)),
                a,
                b,
                Operand.out(9, 33));
    }
}
