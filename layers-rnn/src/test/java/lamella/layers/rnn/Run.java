package lamella.layers.rnn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.function.Executable;

import java.util.List;
import java.util.Map;
import java.util.Random;

/// Layers on the reference backend with values that fit on a page.
final class Run {
    static final ReferenceBackend REFERENCE = ReferenceBackend.create();

    private Run() {}

    static Model model(LayerSpec spec, int... example) {
        return Model.build(spec, Shape.of(example), REFERENCE, 1);
    }

    /// A scope for a layer by itself.
    static Scope scope() {
        return Scope.root("", REFERENCE, RandomSource.of(1));
    }

    /// A tensor of these elements.
    static Tensor tensor(Shape shape, float... elements) {
        return Tensor.of(REFERENCE, shape, elements);
    }

    /// Numbers that look random, in [-1, 1).
    static Tensor random(long seed, int... dims) {
        return noise(REFERENCE, seed, dims);
    }

    /// Numbers that look random, in [−1, 1), the same on any backend.
    static Tensor noise(Backend backend, long seed, int... dims) {
        var random = new Random(seed);
        Shape shape = Shape.of(dims);
        float[] elements = new float[shape.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = 2 * random.nextFloat() - 1;
        }
        return Tensor.of(backend, shape, elements);
    }

    static Parameter parameter(String path, long seed, int... dims) {
        return Parameter.of(path, noise(REFERENCE, seed, dims), true);
    }

    static Tensor ids(Shape shape, int... ids) {
        return Tensor.ofInts(REFERENCE, shape, ids);
    }

    /// Gives a parameter or buffer, named without the model's name, these elements.
    static void set(Model model, String name, float... elements) {
        set(model.state(), "net." + name, elements);
    }

    static void set(List<Parameter> parameters, String path, float... elements) {
        Parameter parameter = get(parameters, path);
        parameter.assign(tensor(parameter.shape(), elements));
    }

    static Parameter get(Model model, String name) {
        return get(model.state(), "net." + name);
    }

    static Parameter get(List<Parameter> parameters, String path) {
        return parameters.stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow();
    }

    /// Gives each parameter of `to` the value of that of `from` with the same rank in the list.
    static void copy(List<Parameter> from, List<Parameter> to) {
        assertEquals(from.size(), to.size());
        for (int i = 0; i < from.size(); i++) {
            to.get(i).assign(from.get(i).value());
        }
    }

    /// The doubles of a tensor on the reference backend.
    static double[] values(Tensor x) {
        return REFERENCE.values(x.view());
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }

    static LayerSpec read(Map<String, ?> fields) {
        return LayerCatalog.installed().read(fields);
    }

    /// Asserts the message with which a spec rejects fields of a model file.
    static void rejectsFields(String message, Map<String, ?> fields) {
        rejects(message, () -> read(fields));
    }
}
