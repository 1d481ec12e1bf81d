package lamella.layers.rnn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.nn.LayerSpec;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Asserts that what lies in the padding changes no bit of outputs and gradients, on the reference
/// backend and on the CPU, and that gradients are 0 there.
final class Padding {
    private Padding() {}

    /// What is asked: its parameters, and a function of some batches of sequences.
    record Subject(List<Parameter> parameters, Function<List<Sequences>, Tensor> function) {}

    /// Of a layer, on one batch.
    static void changesNothing(LayerSpec spec, Shape batch, int... lengths) {
        changesNothing(
                backend -> {
                    Model model = Model.build(spec, batch.from(1), backend, 1);
                    return new Subject(model.parameters(), x -> model.forward(x.getFirst()).values());
                },
                List.of(batch),
                lengths);
    }

    /// Of a function of as many batches as there are shapes.
    static void changesNothing(Function<Backend, Subject> subject, List<Shape> batches, int[]... lengths) {
        changesNothing(Run.REFERENCE, subject, batches, lengths);
        try (Backend cpu = Backends.installed().open("cpu", BackendOptions.defaults())) {
            changesNothing(cpu, subject, batches, lengths);
        }
    }

    private static void changesNothing(
            Backend backend, Function<Backend, Subject> make, List<Shape> batches, int[]... lengths) {
        Subject subject = make.apply(backend);
        List<Sequences> zeros = batches(backend, batches, lengths, false);
        List<Sequences> garbage = batches(backend, batches, lengths, true);

        float[] expected = subject.function.apply(zeros).toFloats();
        float[] actual = subject.function.apply(garbage).toFloats();

        assertArrayEquals(expected, actual, "output on " + backend.name());
        List<Tensor> expectedGradients = gradients(subject, zeros);
        List<Tensor> gradients = gradients(subject, garbage);
        for (int i = 0; i < gradients.size(); i++) {
            float[] gradient = gradients.get(i).toFloats();
            String name = "gradient %s on %s".formatted(i, backend.name());
            assertFinite(gradient, name);
            assertArrayEquals(expectedGradients.get(i).toFloats(), gradient, name);
        }
        int parameters = subject.parameters.size();
        for (int i = 0; i < batches.size(); i++) {
            Sequences gradient = garbage.get(i).with(gradients.get(parameters + i));
            assertArrayEquals(gradient.masked().toFloats(), gradient.values().toFloats(), "gradient in the padding");
        }
    }

    private static List<Sequences> batches(Backend backend, List<Shape> batches, int[][] lengths, boolean garbage) {
        return IntStream.range(0, batches.size())
                .mapToObj(
                        i -> {
                            Tensor noise = Samples.noise(backend, i, batches.get(i).dims());
                            Sequences x = Sequences.of(noise, lengths[i]);
                            return x.with(garbage ? garbage(x) : x.masked());
                        })
                .toList();
    }

    /// The values with NaN and large numbers in the padding.
    static Tensor garbage(Sequences x) {
        float[] values = x.values().toFloats();
        int[] lengths = x.stepCounts();
        Shape shape = x.values().shape();
        int step = shape.sizeBetween(2, shape.rank());
        for (int i = 0; i < lengths.length; i++) {
            int sequence = i * shape.dim(1) * step;
            for (int at = sequence + lengths[i] * step; at < sequence + shape.dim(1) * step; at++) {
                values[at] = at % 3 == 0 ? 1e30f : Float.NaN;
            }
        }
        return Tensor.of(x.values().backend(), shape, values);
    }

    private static List<Tensor> gradients(Subject subject, List<Sequences> batches) {
        var leaves = new ArrayList<>(subject.parameters.stream().map(Parameter::value).toList());
        leaves.addAll(batches.stream().map(Sequences::values).toList());
        return Autograd.gradients(
                leaves,
                () -> {
                    Tensor y = Mode.train(RandomSource.of(3), () -> subject.function.apply(batches));
                    assertFinite(y.toFloats(), "output on " + y.backend().name());
                    return y.multiply(Samples.noise(y.backend(), 9, y.shape().dims())).sum();
                });
    }

    private static void assertFinite(float[] values, String name) {
        for (float value : values) {
            assertTrue(Float.isFinite(value), () -> name + " has a " + value);
        }
    }
}
