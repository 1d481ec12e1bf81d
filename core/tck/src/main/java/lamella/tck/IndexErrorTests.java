package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.View;

import org.junit.jupiter.api.DynamicTest;

import java.util.stream.Stream;

/// An index outside the table, or a label outside the classes, is an error that names the first such
/// position, the index and the bound.
record IndexErrorTests(Backend backend) {
    Stream<DynamicTest> all() {
        return Stream.of(
                test("gather", "gather: index 7 at position 2 is outside [0, 5)", 1, -1, 7, 0),
                test("gather", "gather: index 5 at position 0 is outside [0, 5)", 5, 9),
                test("gather", "gather: index -2 at position 1 is outside [0, 5)", 0, -2, -3),
                test("scatterAdd", "scatterAdd: index 7 at position 2 is outside [0, 5)", 1, -1, 7, 0),
                test(
                        "scatterAdd",
                        "scatterAdd: index -2147483648 at position 3 is outside [0, 5)",
                        4,
                        0,
                        -1,
                        Integer.MIN_VALUE),
                test("crossEntropy", "crossEntropy: label 3 at index 1 is outside [0, 3)", 2, 3, -1, -2),
                test("crossEntropy", "crossEntropy: label -2 at index 3 is outside [0, 3)", 2, -1, 0, -2));
    }

    private DynamicTest test(String kernel, String message, int... indices) {
        return DynamicTest.dynamicTest(
                message,
                () -> {
                    View table = filled(5, 3);
                    View rows = filled(indices.length, 3);
                    View where = View.of(backend.allocate(DType.INT32, indices.length), Shape.of(indices.length));
                    backend.upload(indices, 0, where);
                    var thrown =
                            assertThrows(
                                    IndexOutOfBoundsException.class,
                                    () -> {
                                        run(kernel, table, where, rows);
                                        backend.synchronize();
                                    });
                    assertEquals(message, thrown.getMessage());
                });
    }

    private void run(String kernel, View table, View where, View rows) {
        switch (kernel) {
            case "gather" -> backend.index().gather(table, where, rows);
            case "scatterAdd" -> backend.index().scatterAdd(rows, where, table);
            case "crossEntropy" ->
                    backend.softmax().crossEntropy(rows, where, 0, filled(where.size(), 1).reshape(where.shape()));
            default -> throw new IllegalArgumentException(kernel);
        }
    }

    private View filled(int rows, int width) {
        View view = View.of(backend.allocate(DType.FLOAT32, rows * width), Shape.of(rows, width));
        backend.elementwise().fill(view, 1);
        return view;
    }
}
