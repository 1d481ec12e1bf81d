package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.maxOverTime;
import static lamella.layers.rnn.RnnLayers.meanAndMaxOverTime;
import static lamella.layers.rnn.RnnLayers.rnn;
import static lamella.layers.rnn.RnnLayers.temporalConv;
import static lamella.layers.rnn.RnnLayers.temporalMaxPool;
import static lamella.layers.rnn.Run.REFERENCE;
import static lamella.layers.rnn.Run.noise;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Layers over time on the CPU, fused where it has kernels: as on the reference backend, with any number of threads,
/// whatever lies in the padding.
class OnCpuTest {
    private static final Shape BATCH = Shape.of(5, 19, 7);
    private static final int[] LENGTHS = {19, 3, 0, 11, 1};

    static Stream<LayerSpec> specs() {
        return Stream.of(
                rnn(9),
                rnn(9).relu().everyState(),
                lstm(17).layers(2).bidirectional().everyState(),
                lstm(9).peepholes(),
                gru(9).reverse(),
                gru(9).bidirectional(Merge.SUM).recurrentDropout(0.25),
                temporalConv(9, 4),
                temporalMaxPool(3),
                meanAndMaxOverTime(),
                sequential(temporalConv(8, 3), temporalMaxPool(2), lstm(8).everyState(), maxOverTime()));
    }

    private static List<float[]> train(LayerSpec spec, Backend backend) {
        Model model = Model.build(spec, BATCH.from(1), backend, 1);
        for (Parameter parameter : model.parameters()) {
            int[] dims = parameter.shape().dims();
            parameter.assign(noise(backend, parameter.path().hashCode(), dims));
        }
        Sequences x = Sequences.of(noise(backend, 1, BATCH.dims()), LENGTHS);
        var leaves = new ArrayList<>(model.parameters().stream().map(Parameter::value).toList());
        leaves.add(x.values());
        var results = new ArrayList<float[]>();
        List<Tensor> gradients =
                Autograd.gradients(
                        leaves,
                        () -> {
                            Tensor y = Mode.train(RandomSource.of(3), () -> model.forward(x).masked());
                            results.add(y.toFloats());
                            return y.multiply(noise(backend, 9, y.shape().dims())).sum();
                        });
        gradients.forEach(gradient -> results.add(gradient.toFloats()));
        return results;
    }

    private static List<float[]> train(LayerSpec spec, int threads) {
        try (Backend cpu = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads))) {
            return train(spec, cpu);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void agreesWithTheReference(LayerSpec spec) {
        List<float[]> expected = train(spec, REFERENCE);
        List<float[]> actual = train(spec, 2);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), 1e-4f, "result " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void doesNotDependOnTheNumberOfThreads(LayerSpec spec) {
        List<float[]> one = train(spec, 1);
        List<float[]> four = train(spec, 4);
        for (int i = 0; i < one.size(); i++) {
            assertArrayEquals(one.get(i), four.get(i), "result " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatLiesInThePaddingChangesNoBit(LayerSpec spec) {
        Padding.changesNothing(
                backend -> {
                    Model model = Model.build(spec, BATCH.from(1), backend, 1);
                    return new Padding.Subject(model.parameters(), x -> model.forward(x.getFirst()).masked());
                },
                List.of(BATCH),
                LENGTHS);
    }
}
