package lamella.backend.cuda;

import static lamella.optim.Optimizers.adam;

import lamella.array.Conv2dOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.optim.Optimizer;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.List;

/// A net of a convolution, pooling, dropout and two dense layers, with its training step: what issues
/// work of every kind, on made data.
final class SmallNet {
    private static final int CLASSES = 5;

    private final Backend backend;
    private final RandomSource random = RandomSource.of(1);
    private final Parameter filters;
    private final Parameter filterBias;
    private final Parameter hidden;
    private final Parameter hiddenBias;
    private final Parameter output;
    private final List<Parameter> parameters;
    private final Optimizer optimizer;

    SmallNet(Backend backend) {
        this.backend = backend;
        filters = parameter("filters", 4, 1, 3, 3);
        filterBias = parameter("filterBias", 4);
        hidden = parameter("hidden", 16, 4 * 5 * 5);
        hiddenBias = parameter("hiddenBias", 16);
        output = parameter("output", CLASSES, 16);
        parameters = List.of(filters, filterBias, hidden, hiddenBias, output);
        optimizer = Optimizer.of(adam(0.01), parameters);
    }

    private Parameter parameter(String path, int... dims) {
        return Parameter.of(path, random.normal(backend, Shape.of(dims), 0, 0.2f), true);
    }

    /// Trains on one batch without waiting for the device.
    ///
    /// @param read whether to read the loss, which waits; 0 where not
    float step(int batch, boolean read) {
        float[] loss = new float[1];
        Memory.scope(
                () -> {
                    float[] pixels = new float[batch * 100];
                    int[] labels = new int[batch];
                    for (int n = 0; n < batch; n++) {
                        labels[n] = n % CLASSES;
                        for (int i = 0; i < 100; i++) {
                            pixels[n * 100 + i] = (n * 7 + i * (1 + labels[n])) % 11 / 11f;
                        }
                    }
                    Tensor x = Tensor.of(backend, Shape.of(batch, 1, 10, 10), pixels);
                    Tensor y = Tensor.ofInts(backend, Shape.of(batch), labels);
                    var gradients = Autograd.differentiate(parameters, () -> loss(x, y));
                    if (read) {
                        loss[0] = gradients.result().item();
                    }
                    optimizer.step(gradients, 0.01f);
                });
        return loss[0];
    }

    private Tensor loss(Tensor x, Tensor labels) {
        Tensor maps = x.conv2d(filters.value(), filterBias.value(), Conv2dOptions.defaults().padding(1));
        Tensor pooled = maps.relu().maxPool2d(Pool2dOptions.of(2));
        Tensor flat = pooled.reshape(Shape.of(x.shape().dim(0), 4 * 5 * 5));
        Tensor kept = random.bernoulli(backend, flat.shape(), 0.8f);
        Tensor features = flat.multiply(kept).linear(hidden.value(), hiddenBias.value()).tanh();
        Tensor logits = features.linear(output.value());
        return logits.crossEntropy(labels, 0.1f).mean();
    }

    /// Returns all elements of all parameters.
    List<float[]> values() {
        return parameters.stream().map(parameter -> parameter.value().toFloats()).toList();
    }
}
