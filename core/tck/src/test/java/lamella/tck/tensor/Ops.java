package lamella.tck.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tck.GradCheck;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.function.Executable;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/// What the tests of the operations share: tensors on the reference backend, and assertions.
final class Ops {
    static final ReferenceBackend REFERENCE = ReferenceBackend.create();

    private Ops() {}

    static Tensor vector(float... elements) {
        return tensor(Shape.of(elements.length), elements);
    }

    static Tensor tensor(Shape shape, float... elements) {
        return Tensor.of(REFERENCE, shape, elements);
    }

    static Tensor ints(Shape shape, int... elements) {
        return Tensor.ofInts(REFERENCE, shape, elements);
    }

    static Tensor zeros(int... dims) {
        return Tensor.zeros(REFERENCE, Shape.of(dims));
    }

    /// A tensor of the elements 1, 2, 3, ...
    static Tensor counting(int... dims) {
        Shape shape = Shape.of(dims);
        float[] elements = new float[shape.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = i + 1;
        }
        return tensor(shape, elements);
    }

    /// A parameter whose elements lie in [low, high), no two nearer than a tenth of their mean
    /// distance, in random order.
    static Parameter parameter(String name, double low, double high, int... dims) {
        Shape shape = Shape.of(dims);
        var random = new Random(Arrays.hashCode(dims) + name.hashCode());
        int[] order = random.ints(shape.size()).toArray();
        Integer[] places = new Integer[order.length];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> Integer.compare(order[a], order[b]));
        float[] elements = new float[order.length];
        for (int i = 0; i < elements.length; i++) {
            double place = (places[i] + 0.9 * random.nextDouble()) / elements.length;
            elements[i] = (float) (low + (high - low) * place);
        }
        return Parameter.of(name, tensor(shape, elements), true);
    }

    static Parameter parameter(String name, int... dims) {
        return parameter(name, -1, 1, dims);
    }

    static void checkGradient(Parameter x, Function<Tensor, Tensor> op) {
        GradCheck.check(List.of(x), () -> op.apply(x.value()));
    }

    static void assertElements(Tensor actual, Shape shape, float... expected) {
        assertEquals(shape, actual.shape());
        if (actual.type() == DType.INT32) {
            int[] ints = new int[expected.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) expected[i];
            }
            assertArrayEquals(ints, actual.toInts());
        } else {
            assertArrayEquals(expected, actual.toFloats(), 1e-6f);
        }
    }

    static void assertVector(Tensor actual, float... expected) {
        assertElements(actual, Shape.of(expected.length), expected);
    }

    /// Asserts a whole [ShapeException].
    static void misfit(String message, Executable body) {
        assertEquals(message, assertThrows(ShapeException.class, body).getMessage());
    }

    static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
