package lamella.layers.cnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.function.Executable;

import java.util.Map;

/// Layers on the reference backend with values that fit on a page.
final class Run {
    static final ReferenceBackend REFERENCE = ReferenceBackend.create();

    private Run() {}

    static Model model(LayerSpec spec, int... example) {
        return Model.build(spec, Shape.of(example), REFERENCE, 1);
    }

    /// A tensor of these elements.
    static Tensor tensor(Shape shape, float... elements) {
        return Tensor.of(REFERENCE, shape, elements);
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

    /// Gives a parameter or buffer, named without the model's name, these elements.
    static void set(Model model, String name, float... elements) {
        Parameter parameter = get(model, name);
        parameter.assign(tensor(parameter.shape(), elements));
    }

    static Parameter get(Model model, String name) {
        return model.state().stream().filter(p -> p.path().equals("net." + name)).findFirst().orElseThrow();
    }

    static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    /// Asserts the message with which a spec rejects fields of a model file.
    static void rejectsFields(String message, Map<String, ?> fields) {
        rejects(message, () -> LayerCatalog.installed().read(fields));
    }

    static LayerSpec read(Map<String, ?> fields) {
        return LayerCatalog.installed().read(fields);
    }
}
