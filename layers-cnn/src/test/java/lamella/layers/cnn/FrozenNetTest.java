package lamella.layers.cnn;

import static lamella.layers.cnn.CnnLayers.averagePool2d;
import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv1d;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.convTranspose2d;
import static lamella.layers.cnn.CnnLayers.dropout2d;
import static lamella.layers.cnn.CnnLayers.globalAveragePool2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.layers.cnn.CnnLayers.pRelu;
import static lamella.layers.cnn.Run.model;
import static lamella.layers.cnn.Run.set;
import static lamella.layers.cnn.Run.tensor;
import static lamella.nn.Layers.concatenate;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.elu;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Frozen nets with batch normalisation.
class FrozenNetTest {
    /// Largest difference of the outputs, as a fraction of the largest output; what [lamella.nn.Frozen] promises.
    private static final double TOLERANCE = 1e-5;

    /// Gives parameters and statistics values as after training: no two channels alike, variances from 0.1 to 3.
    private static void train(Model model) {
        var random = RandomSource.of(5);
        for (Parameter parameter : model.state()) {
            String name = parameter.path().substring(parameter.path().lastIndexOf('.') + 1);
            var values = random.split(parameter.path());
            switch (name) {
                case "scale" -> parameter.assign(values.uniform(model.backend(), parameter.shape(), 0.5f, 1.5f));
                case "shift", "runningMean" ->
                        parameter.assign(values.uniform(model.backend(), parameter.shape(), -0.5f, 0.5f));
                case "runningVariance" -> parameter.assign(values.uniform(model.backend(), parameter.shape(), 0.1f, 3));
                default -> {}
            }
        }
    }

    private static void assertSame(Model model) {
        train(model);
        Tensor x = RandomSource.of(7).uniform(model.backend(), model.input().prepend(3), -1, 1);
        float[] expected = model.forward(x).toFloats();
        float[] actual = model.freeze().forward(x).toFloats();
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0);
        assertArrayEquals(expected, actual, (float) (TOLERANCE * largest));
    }

    private static long parts(Model model) {
        return model.freeze().toString().lines().count();
    }

    @Test
    void foldsStatisticsIntoTheConvolution() {
        Model model = model(sequential(conv2d(2, 1), batchNorm().epsilon(1), relu()), 1, 1, 2);
        set(model, "conv2d1.weight", 10, 20);
        set(model, "conv2d1.bias", 1, 2);
        set(model, "batchNorm1.scale", 4, 8);
        set(model, "batchNorm1.shift", 0.5f, 100);
        set(model, "batchNorm1.runningMean", 3, 2);
        set(model, "batchNorm1.runningVariance", 3, 15);

        Tensor y = model.freeze().forward(tensor(Shape.of(1, 1, 1, 2), 1, -5));

        // (10·x + 1 − 3) / √(3 + 1) · 4 + 0.5 and (20·x + 2 − 2) / √(15 + 1) · 8 + 100, at least 0
        assertArrayEquals(new float[] {16.5f, 0, 140, 0}, y.toFloats());
        assertEquals(1, parts(model));
    }

    @Test
    void foldsIntoEveryKindOfConvolution() {
        for (LayerSpec convolution :
                List.of(
                        conv2d(6, 3).padding(1).groups(2),
                        conv2d(6, 3).stride(2).withoutBias(),
                        conv2d(4, 3).groups(4),
                        convTranspose2d(6, 3).stride(2),
                        convTranspose2d(6, 3).groups(2),
                        convTranspose2d(6, 2).groups(2).withoutBias())) {
            Model model = model(sequential(convolution, batchNorm(), elu()), 4, 7, 6);
            assertEquals(1, parts(model), convolution.toString());
            assertSame(model);
        }
        for (LayerSpec convolution : List.of(conv1d(6, 3).groups(2), conv1d(6, 3).stride(2).withoutBias())) {
            Model model = model(sequential(convolution, batchNorm(), elu()), 4, 7);
            assertEquals(1, parts(model), convolution.toString());
            assertSame(model);
            assertSame(model(residual(sequential(conv1d(4, 3).padding(1), batchNorm())), 4, 7));
        }
        Model dense = model(sequential(dense(5).withoutBias(), batchNorm(), relu()), 4);
        assertEquals(1, parts(dense));
        assertSame(dense);
    }

    @Test
    void leavesWhatCannotBeFolded() {
        LayerSpec net =
                sequential(
                        batchNorm(), // before the weight
                        conv2d(4, 3),
                        dropout2d(0.5),
                        relu(),
                        batchNorm(), // behind a function
                        conv2d(4, 3),
                        maxPool2d(2),
                        batchNorm(), // behind a maximum
                        conv2d(4, 1),
                        pRelu());
        Model model = model(net, 2, 8, 8);
        assertEquals(
                """
                net.batchNorm1 = batchNorm()
                net.conv2d1 = conv2d(4, 3) + net.relu1 = relu()
                net.batchNorm2 = batchNorm()
                net.conv2d2 = conv2d(4, 3)
                net.maxPool2d1 = maxPool2d(2)
                net.batchNorm3 = batchNorm()
                net.conv2d3 = conv2d(4, 1)
                net.pRelu1 = pRelu()\
                """,
                model.freeze().toString());
        assertSame(model);
    }

    private static LayerSpec block(int channels, int stride, boolean reshapes) {
        LayerSpec body =
                sequential(
                        conv2d(channels, 3).stride(stride).padding(1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(channels, 3).padding(1).withoutBias(),
                        batchNorm());
        LayerSpec shortcut = sequential(conv2d(channels, 1).stride(stride).withoutBias(), batchNorm());
        return sequential(reshapes ? residual(body, shortcut) : residual(body), relu());
    }

    private static final LayerSpec RESIDUAL_NET =
            sequential(
                    conv2d(8, 5).stride(2).padding(2).withoutBias(),
                    batchNorm(),
                    relu(),
                    maxPool2d(3).stride(2).padding(1),
                    block(8, 1, false),
                    block(16, 2, true),
                    block(16, 1, false),
                    globalAveragePool2d(),
                    dense(10));

    @Test
    void foldsAResidualNetToItsConvolutions() {
        Model model = model(RESIDUAL_NET, 3, 32, 32);
        assertEquals(7, parts(model));
        assertSame(model);
    }

    @Test
    void isTheSameOnTheCpu() {
        LayerSpec paths =
                concatenate(
                        sequential(conv2d(3, 1), batchNorm(), relu()),
                        sequential(conv2d(3, 3).padding(1), batchNorm(), relu(), averagePool2d(3).stride(1).padding(1)),
                        batchNorm());
        for (int threads = 1; threads <= 2; threads++) {
            try (Backend cpu = Backends.installed().open("cpu", BackendOptions.defaults().threads(threads))) {
                assertSame(Model.build(RESIDUAL_NET, Shape.of(3, 64, 64), cpu, 1));
                assertSame(Model.build(CnnModels.lenet5(), Shape.of(1, 28, 28), cpu, 1));
                assertSame(Model.build(paths, Shape.of(3, 9, 7), cpu, 1));
            }
        }
    }
}
