package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.Run.get;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.rejects;
import static lamella.layers.cnn.Run.rejectsFields;
import static lamella.layers.cnn.Run.set;
import static lamella.layers.cnn.Run.tensor;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.data.ArrayDataset;
import lamella.data.Batching;
import lamella.data.Values;
import lamella.nn.Layers;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.tck.LayerTck;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;
import lamella.train.Trainer;
import lamella.train.TrainingException;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class BatchNormTest {
    /// Two examples of two channels of one cell: channel 0 has 1 and 5, channel 1 has −2 and 2.
    private static final Tensor X = tensor(Shape.of(2, 2), 1, -2, 5, 2);

    private static List<LayerTck.State> state(int channels) {
        Shape shape = Shape.of(channels);
        return List.of(
                LayerTck.State.parameter("scale", shape, 1, 1),
                LayerTck.State.parameter("shift", shape, 0, 0),
                LayerTck.State.buffer("runningMean", shape, 0),
                LayerTck.State.buffer("runningVariance", shape, 1));
    }

    @Nested
    class OfImagesTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(
                    batchNorm().epsilon(1e-3f).momentum(0.2f),
                    "batchNorm().epsilon(0.001).momentum(0.2)",
                    Shape.of(3, 2, 4),
                    Shape.of(3, 2, 4),
                    BatchNormTest.state(3));
        }
    }

    @Nested
    class OfVectorsTest extends LayerTck {
        @Override
        protected Facts facts() {
            return new Facts(batchNorm(), "batchNorm()", Shape.of(5), Shape.of(5), BatchNormTest.state(5));
        }
    }

    private static Tensor train(Model model, Tensor x) {
        return Mode.train(RandomSource.of(1), () -> model.forward(x));
    }

    @Test
    void hasTheUsualConstants() {
        assertEquals(new BatchNorm(1e-5f, 0.1f), batchNorm());
        assertEquals(batchNorm(), Run.read(Map.of("layer", "batchNorm")));
    }

    @Test
    void trainingNormalisesByTheBatch() {
        Model model = model(batchNorm(), 2);
        set(model, "scale", 1, 3);
        set(model, "shift", 0, 10);

        // both channels have the biased variance 4
        double one = 2 / Math.sqrt(4 + 1e-5);
        assertArrayEquals(
                new float[] {(float) -one, (float) (10 - 3 * one), (float) one, (float) (10 + 3 * one)},
                train(model, X).toFloats(),
                1e-6f);
    }

    @Test
    void trainingMovesTheRunningStatistics() {
        Model model = model(batchNorm(), 2);

        train(model, X);

        // means 3 and 0; unbiased variances 8
        assertArrayEquals(new float[] {0.3f, 0}, get(model, "runningMean").value().toFloats());
        assertArrayEquals(new float[] {1.7f, 1.7f}, get(model, "runningVariance").value().toFloats(), 1e-6f);

        train(model, X);

        assertArrayEquals(new float[] {0.57f, 0}, get(model, "runningMean").value().toFloats(), 1e-6f);
        assertArrayEquals(new float[] {2.33f, 2.33f}, get(model, "runningVariance").value().toFloats(), 1e-6f);
    }

    @Test
    void inferenceUsesTheRunningStatistics() {
        Model model = model(batchNorm().epsilon(1), 2);
        set(model, "runningMean", 1, 2);
        set(model, "runningVariance", 3, 8);
        set(model, "scale", 2, 3);
        set(model, "shift", 5, 6);

        // (x − 1) / 2 · 2 + 5 and (x − 2) / 3 · 3 + 6
        assertArrayEquals(new float[] {5, 2, 9, 6}, model.forward(X).toFloats(), 1e-6f);
    }

    @Test
    void imagesCountEachCell() {
        Model model = model(batchNorm().momentum(1), 1, 2, 2);

        train(model, tensor(Shape.of(1, 1, 2, 2), 1, 2, 3, 6));

        assertArrayEquals(new float[] {3}, get(model, "runningMean").value().toFloats());
        assertArrayEquals(new float[] {14f / 3}, get(model, "runningVariance").value().toFloats(), 1e-6f);
    }

    @Test
    void theStatisticsOutliveTheStep() {
        Model model = model(batchNorm(), 2);

        Memory.scope(() -> train(model, X));

        assertArrayEquals(new float[] {0.3f, 0}, get(model, "runningMean").value().toFloats());
    }

    @Test
    void whatMovesTheStatisticsHasNoGradient() {
        Model model = model(batchNorm(), 2);

        List<Tensor> gradients =
                Autograd.gradients(
                        List.of(X, get(model, "runningMean").value()), () -> train(model, X).multiply(X).sum());

        assertArrayEquals(new float[] {0, 0}, gradients.get(1).toFloats());
    }

    @Test
    void aStepThatATrainerGivesUpLeavesTheStatistics() {
        Model model = model(batchNorm(), 2);
        float[] inputs = {1, -2, 5, 2, 1, -2, Float.NaN, 2};
        var data =
                ArrayDataset.of(
                        new Values.Floats(Shape.of(4, 2), inputs),
                        new Values.Ints(Shape.of(4), new int[] {0, 1, 0, 1}));
        var trainer = Trainer.of(model, Loss.crossEntropy(), sgd(0.1)).batching(Batching.of(2).shuffle(false));

        assertThrows(TrainingException.class, () -> trainer.fit(data, 1));

        assertEquals(1, trainer.state().steps());
        assertArrayEquals(new float[] {0.3f, 0}, get(model, "runningMean").value().toFloats());
        assertArrayEquals(new float[] {1.7f, 1.7f}, get(model, "runningVariance").value().toFloats(), 1e-6f);
    }

    @Test
    void trainingOnShapesAloneChangesNothing() {
        Model model = model(batchNorm(), 2);

        train(model, Tensor.meta(MetaBackend.create(), DType.FLOAT32, Shape.of(9, 2)));

        assertArrayEquals(new float[] {0, 0}, get(model, "runningMean").value().toFloats());
    }

    @Test
    void oneElementHasNoVariance() {
        Model model = model(batchNorm(), 2);

        rejects(
                """
                batchNorm: training needs at least 2 elements in each channel, got 1
                  input    [1, 2]
                  at net = batchNorm()\
                """,
                () -> train(model, X.slice(0, 0, 1)));
        rejects(
                """
                batchNorm: training needs at least 2 elements in each channel, got 0
                  input    [0, 2]
                  at net = batchNorm()\
                """,
                () -> train(model, X.slice(0, 0, 0)));
    }

    @Test
    void isNamedInALargerModel() {
        Model model = model(Layers.sequential(conv2d(4, 1), batchNorm()), 3, 2, 2);

        assertEquals(
                List.of(
                        "net.conv2d1.weight [4, 3, 1, 1]",
                        "net.conv2d1.bias [4]",
                        "net.batchNorm1.scale [4]",
                        "net.batchNorm1.shift [4]",
                        "net.batchNorm1.runningMean [4]",
                        "net.batchNorm1.runningVariance [4]"),
                model.state().stream().map(Object::toString).toList());
        assertEquals(4, model.parameters().size());
    }

    @Test
    void rejectsNonsense() {
        rejects("batchNorm: epsilon must be above 0.0, got 0.0", () -> batchNorm().epsilon(0));
        rejects("batchNorm: momentum must be in [0, 1], got 1.5", () -> batchNorm().momentum(1.5f));
        rejectsFields("batchNorm: momentum must be in [0, 1], got -1.0", Map.of("layer", "batchNorm", "momentum", -1));
        rejects(
                """
                batchNorm: one example must have at least one axis, its channels
                  input    []                 (one example)
                  at net = batchNorm()\
                """,
                () -> model(batchNorm()));
    }
}
