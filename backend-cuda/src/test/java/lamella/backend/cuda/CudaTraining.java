package lamella.backend.cuda;

import static lamella.layers.cnn.CnnLayers.averagePool2d;
import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.globalAveragePool2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.gru;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.layers.rnn.RnnLayers.meanAndMaxOverTime;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.gelu;
import static lamella.nn.Layers.layerNorm;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;
import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.backend.Precision;
import lamella.backend.cuda.runtime.Device;
import lamella.data.Dataset;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Trainer;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;

/// Whole nets on the device and on the processor: the same gradients, and the same course of a training
/// from one seed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CudaTraining {
    private static final long SEED = 5;
    private static final int TEST_EXAMPLES = 200;

    /// Of the accuracies: a few examples that are on the border.
    private static final double ACCURACY = 0.03;

    /// Of the gradients of a float32 net, as a part of their length.
    private static final double GRADIENT = 1e-4;

    private static final LayerSpec STRIPES_NET =
            sequential(
                    conv2d(8, 3).padding(1).withoutBias(),
                    batchNorm(),
                    relu(),
                    maxPool2d(2),
                    conv2d(16, 3),
                    relu(),
                    globalAveragePool2d(),
                    dropout(0.1),
                    dense(MadeUpData.DIRECTIONS));
    private static final LayerSpec ORDERS_NET = sequential(embedding(MadeUpData.WORDS, 12), lstm(24), dense(2));

    /// How long a training is.
    ///
    /// @param examples to learn from
    /// @param epochs passes over them
    /// @param accuracy the least, on other examples
    record Extent(int examples, int epochs, double accuracy) {}

    /// Skips the tests where there is no device.
    abstract void requireDevice();

    /// Returns how long the trainings are.
    abstract Extent extent();

    @BeforeAll
    final void findDevice() {
        requireDevice();
    }

    /// Skips the test where the device is too old for the precision.
    private static Backend cuda(Precision precision) {
        try {
            return new CudaBackendProvider().open(BackendOptions.defaults().precision(precision));
        } catch (IllegalArgumentException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private static Backend cpu() {
        return Backends.installed().open("cpu", BackendOptions.defaults());
    }

    /// What came of a training.
    private record Outcome(List<Double> losses, double accuracy, float[] parameter) {}

    private Outcome train(Backend backend, LayerSpec net, Shape input, double rate, Dataset train, Dataset test) {
        try (backend) {
            Model model = Model.build(net, input, backend, SEED);
            Trainer trainer = Trainer.of(model, Loss.crossEntropy(), adam(rate)).batchSize(32).seed(SEED);
            History history = trainer.fit(train, extent().epochs());
            return new Outcome(
                    history.rows().stream().map(row -> row.train().loss()).toList(),
                    Evaluation.of(model, Loss.crossEntropy(), test, 64).accuracy(),
                    model.parameters().getFirst().value().toFloats());
        }
    }

    private Outcome stripes(Backend backend) {
        Dataset train = MadeUpData.stripes(extent().examples(), 1);
        return train(backend, STRIPES_NET, MadeUpData.IMAGE, 0.01, train, MadeUpData.stripes(TEST_EXAMPLES, 2));
    }

    private Outcome orders(Backend backend) {
        Dataset train = MadeUpData.orders(extent().examples(), 1);
        return train(backend, ORDERS_NET, Shape.of(12), 0.02, train, MadeUpData.orders(TEST_EXAMPLES, 2));
    }

    @ParameterizedTest
    @EnumSource
    void learnsImagesAsTheProcessorDoes(Precision precision) {
        requireAlike(stripes(cpu()), stripes(cuda(precision)), precision);
    }

    @ParameterizedTest
    @EnumSource
    void learnsTextsAsTheProcessorDoes(Precision precision) {
        requireAlike(orders(cpu()), orders(cuda(precision)), precision);
    }

    private void requireAlike(Outcome expected, Outcome outcome, Precision precision) {
        String text = precision + ": expected " + expected.losses + ", got " + outcome.losses;
        double tolerance = lossTolerance(precision);
        for (int i = 0; i < expected.losses.size(); i++) {
            assertEquals(expected.losses.get(i), outcome.losses.get(i), tolerance, text);
        }
        assertEquals(expected.accuracy, outcome.accuracy, ACCURACY, "accuracy with " + text);
        assertTrue(outcome.accuracy >= extent().accuracy(), "accuracy " + outcome.accuracy + " with " + text);
    }

    /// How far the losses of an epoch may be apart: rounding grows with the steps. On the emulated device
    /// they are by 1e-5, 3e-4 and 0.07.
    private static double lossTolerance(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0.01;
            case TF32 -> 0.03;
            case BFLOAT16 -> 0.2;
        };
    }

    @Test
    void replayChangesNoBitOfAnImageNet() {
        requireSameBits(this::stripes);
    }

    @Test
    void replayChangesNoBitOfATextNet() {
        requireSameBits(this::orders);
    }

    private static void requireSameBits(Function<Backend, Outcome> training) {
        Outcome replayed = training.apply(cuda(Precision.FLOAT32));
        Outcome issued = withoutGraphs(() -> training.apply(cuda(Precision.FLOAT32)));
        assertEquals(issued.losses, replayed.losses);
        assertArrayEquals(issued.parameter, replayed.parameter);
    }

    private static <T> T withoutGraphs(Supplier<T> body) {
        String before = System.setProperty(Device.GRAPHS_PROPERTY, "false");
        try {
            return body.get();
        } finally {
            if (before == null) {
                System.clearProperty(Device.GRAPHS_PROPERTY);
            } else {
                System.setProperty(Device.GRAPHS_PROPERTY, before);
            }
        }
    }

    @Test
    void gradientsOfAnImageNetAreThoseOfTheReference() {
        LayerSpec net =
                sequential(
                        conv2d(6, 3).padding(1).withoutBias(),
                        batchNorm(),
                        gelu(),
                        averagePool2d(2),
                        conv2d(8, 3).groups(2).stride(2),
                        tanh(),
                        maxPool2d(2),
                        dropout(0.2),
                        dense(3));
        float[] pixels = noise(5 * 144, 3);
        requireSameGradients(
                net,
                MadeUpData.IMAGE,
                model -> model.forward(Tensor.of(model.backend(), MadeUpData.IMAGE.prepend(5), pixels)));
    }

    @Test
    void gradientsOfATextNetAreThoseOfTheReference() {
        LayerSpec net =
                sequential(
                        embedding(MadeUpData.WORDS, 6),
                        lstm(5).bidirectional().everyState(),
                        layerNorm(),
                        gru(7).everyState(),
                        meanAndMaxOverTime(),
                        dense(3));
        int[] words = new Random(4).ints(4 * 9, 0, MadeUpData.WORDS).toArray();
        requireSameGradients(
                net,
                Shape.of(9),
                model ->
                        model.forward(Sequences.of(Tensor.ofInts(model.backend(), Shape.of(4, 9), words), 9, 2, 7, 5))
                                .values());
    }

    private static float[] noise(int count, long seed) {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void requireSameGradients(LayerSpec net, Shape input, Function<Model, Tensor> forward) {
        try (Backend reference = ReferenceBackend.create();
                Backend cuda = cuda(Precision.FLOAT32)) {
            Gradients expected = gradients(Model.build(net, input, reference, SEED), forward);
            Gradients actual = gradients(Model.build(net, input, cuda, SEED), forward);
            for (int i = 0; i < expected.all().size(); i++) {
                String path = expected.parameters().get(i).path();
                double error = distance(expected.all().get(i).toFloats(), actual.all().get(i).toFloats());
                assertTrue(error <= GRADIENT, "the gradient of " + path + " is off by " + error + " of its length");
            }
        }
    }

    /// The gradients of the output's sum, weighted so that no two elements get the same from above.
    private static Gradients gradients(Model model, Function<Model, Tensor> forward) {
        return Autograd.differentiate(
                model.parameters(),
                () -> {
                    Tensor y = Mode.train(RandomSource.of(SEED), () -> forward.apply(model));
                    float[] weights = noise(y.shape().size(), 6);
                    return y.multiply(Tensor.of(model.backend(), y.shape(), weights)).sum();
                });
    }

    private static double distance(float[] expected, float[] actual) {
        double length = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            length += (double) expected[i] * expected[i];
            difference += Math.pow(expected[i] - (double) actual[i], 2);
        }
        return Math.sqrt(difference / length);
    }
}
