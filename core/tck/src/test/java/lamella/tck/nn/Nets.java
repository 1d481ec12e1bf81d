package lamella.tck.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.function.Executable;

/// Nets on the reference backend with values that fit on a line.
final class Nets {
    static final ReferenceBackend REFERENCE = ReferenceBackend.create();

    private Nets() {}

    static Model model(LayerSpec spec, int... example) {
        return Model.build(spec, Shape.of(example), REFERENCE, 1);
    }

    static Tensor tensor(Shape shape, float... elements) {
        return Tensor.of(REFERENCE, shape, elements);
    }

    static Tensor vector(float... elements) {
        return tensor(Shape.of(elements.length), elements);
    }

    static Parameter parameter(String path, Shape shape, float... elements) {
        return Parameter.of(path, tensor(shape, elements), true);
    }

    static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
