package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.Map;
import java.util.Random;

/// What the tests of attention and of connectionist temporal classification run on.
final class Samples {
    private Samples() {}

    /// A tensor of numbers in [−1, 1), the same each time and on each backend.
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
        return Parameter.of(path, noise(Run.REFERENCE, seed, dims), true);
    }

    /// A parameter or buffer, named without the model's name.
    static Parameter get(Model model, String name) {
        return Run.get(model.state(), "net." + name);
    }

    static LayerSpec read(Map<String, ?> fields) {
        return LayerCatalog.installed().read(fields);
    }
}
