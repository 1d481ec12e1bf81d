package lamella.layers.cnn;

import static lamella.layers.cnn.Run.REFERENCE;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.LayerCatalog;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class CnnModelsTest {
    private static Model build(LayerSpec spec) {
        return Model.build(spec, Shape.of(1, 28, 28), MetaBackend.create(), 1);
    }

    static Stream<LayerSpec> all() {
        return Stream.of(CnnModels.lenet5(), CnnModels.convnet(), CnnModels.mlp());
    }

    @Test
    void haveTheirPublishedNumbersOfParameters() {
        assertEquals(61_706, build(CnnModels.lenet5()).summary().parameters());
        assertEquals(34_826, build(CnnModels.convnet()).summary().parameters());
        assertEquals(669_706, build(CnnModels.mlp()).summary().parameters());
    }

    @Test
    void lenet5IsSummarised() {
        assertEquals(
                """
                layer                  spec                     output             parameters  multiply-adds
                input                                           [1, 28, 28]
                lenet5.conv2d1         conv2d(6, 5).padding(2)  [6, 28, 28]               156        117,600
                lenet5.tanh1           tanh()                   [6, 28, 28]                 0              0
                lenet5.averagePool2d1  averagePool2d(2)         [6, 14, 14]                 0              0
                lenet5.conv2d2         conv2d(16, 5)            [16, 10, 10]            2,416        240,000
                lenet5.tanh2           tanh()                   [16, 10, 10]                0              0
                lenet5.averagePool2d2  averagePool2d(2)         [16, 5, 5]                  0              0
                lenet5.flatten1        flatten()                [400]                       0              0
                lenet5.dense1          dense(120)               [120]                  48,120         48,000
                lenet5.tanh3           tanh()                   [120]                       0              0
                lenet5.dense2          dense(84)                [84]                   10,164         10,080
                lenet5.tanh4           tanh()                   [84]                        0              0
                lenet5.dense3          dense(10)                [10]                      850            840
                total: 61,706 parameters, 416,520 multiply-adds and 60,008 bytes of activations per example\
                """,
                build(CnnModels.lenet5())
                        .summary()
                        .toString()
                        .replace(System.lineSeparator(), "\n")
                        .replaceAll(" +\n", "\n"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void areReadFromWhatIsWritten(LayerSpec spec) {
        LayerCatalog catalog = LayerCatalog.installed();

        assertEquals(spec, catalog.read(catalog.write(spec)));
    }

    @Test
    void printAsTheCodeThatMakesThem() {
        assertEquals(
                "named(\"convnet\", sequential(conv2d(32, 3), relu(), maxPool2d(2), conv2d(64, 3),"
                        + " relu(), maxPool2d(2), flatten(), dropout(0.5), dense(10)))",
                CnnModels.convnet().toString());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyParameterGetsAGradient(LayerSpec spec) {
        Model model = Model.build(spec, Shape.of(1, 28, 28), REFERENCE, 1);
        Tensor x = RandomSource.of(2).normal(REFERENCE, Shape.of(2, 1, 28, 28), 0, 1);
        Tensor labels = Tensor.ofInts(REFERENCE, Shape.of(2), 3, 9);

        Gradients gradients =
                Autograd.differentiate(
                        model.parameters(),
                        () -> Loss.crossEntropy().of(Mode.train(RandomSource.of(3), () -> model.forward(x)), labels));

        assertEquals(Math.log(10), gradients.result().item(), 0.5);
        for (Parameter parameter : model.parameters()) {
            assertTrue(gradients.of(parameter).abs().sum().item() > 0, () -> parameter.path() + " has no gradient");
        }
    }

    @Test
    void thePathsAreStable() {
        assertEquals(
                List.of(
                        "convnet.conv2d1.weight [32, 1, 3, 3]",
                        "convnet.conv2d1.bias [32]",
                        "convnet.conv2d2.weight [64, 32, 3, 3]",
                        "convnet.conv2d2.bias [64]",
                        "convnet.dense1.weight [10, 1600]",
                        "convnet.dense1.bias [10]"),
                build(CnnModels.convnet()).state().stream().map(Object::toString).toList());
    }
}
