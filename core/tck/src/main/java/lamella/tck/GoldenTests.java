package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.View;

import java.util.Locale;
import java.util.Optional;

/// The worked example of many introductions to convolutional nets (B. Rohrer, "How do convolutional
/// neural networks work?", 2016): the picture of an X, filtered by one of its diagonals, rectified,
/// pooled. Its numbers are printed there cut to two digits.
final class GoldenTests {
    private static final String FILTERED =
            """
            0.77 -0.11 0.11 0.33 0.55 -0.11 0.33
            -0.11 1.00 -0.11 0.33 -0.11 0.11 -0.11
            0.11 -0.11 1.00 -0.33 0.11 -0.11 0.55
            0.33 0.33 -0.33 0.55 -0.33 0.33 0.33
            0.55 -0.11 0.11 -0.33 1.00 -0.11 0.11
            -0.11 0.11 -0.11 0.33 -0.11 1.00 -0.11
            0.33 -0.11 0.55 0.33 0.11 -0.11 0.77
            """;

    private static final String RECTIFIED =
            """
            0.77 0.00 0.11 0.33 0.55 0.00 0.33
            0.00 1.00 0.00 0.33 0.00 0.11 0.00
            0.11 0.00 1.00 0.00 0.11 0.00 0.55
            0.33 0.33 0.00 0.55 0.00 0.33 0.33
            0.55 0.00 0.11 0.00 1.00 0.00 0.11
            0.00 0.11 0.00 0.33 0.00 1.00 0.00
            0.33 0.00 0.55 0.33 0.11 0.00 0.77
            """;

    private static final String POOLED =
            """
            1.00 0.33 0.55 0.33
            0.33 1.00 0.33 0.55
            0.55 0.33 1.00 0.11
            0.33 0.55 0.11 0.77
            """;

    private GoldenTests() {}

    /// Filters, rectifies and pools the X, and compares each map with the printed one.
    static void checkX(Backend backend) {
        View picture = upload(backend, picture());
        // the mean over the nine products: the filter is divided by 9
        View filter = upload(backend, Operand.generated(Shape.of(1, 1, 3, 3), i -> (i % 4 == 0 ? 1 : -1) / 9.0));
        View filtered = empty(backend, 1, 1, 7, 7);
        View rectified = empty(backend, 1, 1, 7, 7);
        View pooled = empty(backend, 1, 1, 4, 4);
        backend.convolution().forward(picture, filter, Optional.empty(), Conv2dOptions.defaults(), filtered);
        assertEquals(FILTERED, text(backend, filtered));
        backend.elementwise().unary(Unary.RELU, 0, filtered, rectified);
        assertEquals(RECTIFIED, text(backend, rectified));
        backend.pooling().maximum(rectified, Pool2dOptions.of(2).partial(true), pooled);
        assertEquals(POOLED, text(backend, pooled));
    }

    /// 9 x 9, −1 but for the diagonals from (1, 1) to (7, 7) and from (1, 7) to (7, 1).
    private static Operand picture() {
        return Operand.generated(
                Shape.of(1, 1, 9, 9),
                i -> {
                    int row = i / 9;
                    int column = i % 9;
                    boolean inside = row >= 1 && row <= 7;
                    return inside && (row == column || row + column == 8) ? 1 : -1;
                });
    }

    private static View upload(Backend backend, Operand operand) {
        View view = empty(backend, operand.shape().dims());
        backend.upload(operand.floats(), 0, view);
        return view;
    }

    private static View empty(Backend backend, int... dims) {
        Shape shape = Shape.of(dims);
        return View.of(backend.allocate(DType.FLOAT32, shape.size()), shape);
    }

    /// The elements cut, not rounded, to two digits, each row a line. They are ninths, so what
    /// float32 loses is made good by a thousandth before the cut.
    private static String text(Backend backend, View view) {
        float[] elements = new float[view.size()];
        backend.download(view, elements, 0);
        int width = view.dim(-1);
        var text = new StringBuilder();
        for (int i = 0; i < elements.length; i++) {
            long hundredths = (long) (100 * elements[i] + Math.copySign(0.1, elements[i]));
            String number = String.format(Locale.ROOT, "%.2f", hundredths / 100.0);
            text.append(number).append(i % width == width - 1 ? '\n' : ' ');
        }
        return text.toString();
    }
}
