package lamella.tck;

import lamella.array.Shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Gathering and scattering by index, with −1, repeated rows and rows that nobody names.
final class IndexCases {
    private IndexCases() {}

    static Stream<KernelCase> all() {
        var cases = new ArrayList<KernelCase>();
        // rows of the table, width, number of indices
        int[][] sizes = {
            {1, 1, 1},
            {5, 7, 9},
            {7, 8, 3},
            {9, 9, 17},
            {33, 16, 33},
            {3, 17, 65},
            {17, 33, 5},
            {1000, 65, 300},
            {10, 300, 1000},
            {50, 64, 20_000},
            {5, 7, 0},
            {5, 0, 3}
        };
        for (int[] size : sizes) {
            add(cases, size, Operand.randomInts(1, -1, size[0], size[2]));
        }
        add(cases, new int[] {5, 9, 17}, ofOne(-1, 17));
        add(cases, new int[] {5, 9, 17}, ofOne(3, 17));
        add(cases, new int[] {5, 9, 4000}, ofOne(4, 4000));
        add(cases, new int[] {0, 9, 3}, ofOne(-1, 3)); // an empty table
        return cases.stream();
    }

    private static Operand ofOne(int index, int count) {
        int[] indices = new int[count];
        Arrays.fill(indices, index);
        return Operand.ofInts(Shape.of(count), indices);
    }

    private static void add(List<KernelCase> cases, int[] size, Operand indices) {
        String name = "table [%d, %d], %d indices".formatted(size[0], size[1], size[2]);
        cases.add(
                KernelCase.of(
                        "gather, " + name,
                        Tolerance.exact(),
                        (b, v) -> b.index().gather(v.get(0), v.get(1), v.get(2)),
                        Operand.random(2, size[0], size[1]),
                        indices,
                        Operand.out(size[2], size[1])));
        cases.add(
                KernelCase.of(
                        "scatterAdd, " + name,
                        Tolerance.sum(size[2]),
                        (b, v) -> b.index().scatterAdd(v.get(0), v.get(1), v.get(2)),
                        Operand.random(3, size[2], size[1]),
                        indices,
                        Operand.out(size[0], size[1])));
    }
}
