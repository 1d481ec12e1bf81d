package lamella.app.bench;

import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.globalAveragePool2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.residual;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.Backends;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class MustLiveTest {
    @Test
    void countsAChainByHand() {
        // examples 64 bytes, convolution's and rectifier's output 128 each, means 8, weights 8
        LayerSpec net = sequential(conv2d(2, 1).withoutBias(), relu(), globalAveragePool2d());
        // most at the beginning of the way back: examples, rectifier's output, gradients of it and of the means
        assertEquals(8 + 64 + 128 + 128 + 8, MustLive.bytes(net, Shape.of(1, 4, 4), 1, 0));
        assertEquals(3 * 8 + 2 * (64 + 128 + 128 + 8), MustLive.bytes(net, Shape.of(1, 4, 4), 2, 2));
    }

    @Test
    void countsTheGradientOfTwoWaysOnce() {
        // all outputs are of 64 bytes, as the examples are; weights 4 each
        LayerSpec net = sequential(conv2d(1, 1).withoutBias(), residual(conv2d(1, 1).withoutBias()), relu());
        // at the inner convolution: examples, its input, the gradients of sum and input, and of its weight
        long inner = 2 * 64 + 2 * 64 + 4;
        // one of them is there for the shortcut already, to which the other is added
        assertEquals(2 * 4 + inner, MustLive.bytes(net, Shape.of(1, 4, 4), 1, 0));
    }

    @Test
    void rejectsALayerThatItDoesNotKnow() {
        var thrown =
                assertThrows(IllegalArgumentException.class, () -> MustLive.bytes(flatten(), Shape.of(1, 4, 4), 1, 0));
        assertEquals("must live: there is no count for flatten()", thrown.getMessage());
    }

    /// Activations at batch 8: of 53 convolutions and batch norms the inputs, of 49 rectifiers the outputs.
    @Test
    void resnet50NeedsAboutAGigabyteAtBatch8() {
        long parameters = 4L * 25_557_032;
        long bytes = MustLive.bytes(Nets.resnet50(), Shape.of(3, 224, 224), 8, 1);
        long activations = bytes - 2 * parameters;
        assertTrue(activations > 680L << 20 && activations < 700L << 20, () -> activations + " bytes");
    }

    private static LayerSpec block(int inner, int stride) {
        var body =
                sequential(
                        conv2d(inner, 1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(inner, 3).stride(stride).padding(1).withoutBias(),
                        batchNorm(),
                        relu(),
                        conv2d(4 * inner, 1).withoutBias(),
                        batchNorm());
        var shortcut = sequential(conv2d(4 * inner, 1).stride(stride).withoutBias(), batchNorm());
        return sequential(
                residual(body, shortcut), relu(), residual(sequential(conv2d(4 * inner, 1), batchNorm())), relu());
    }

    /// The same kind of net as ResNet-50, which is too much for a test.
    @Test
    void aStepTakesAtMostAFifthMoreThanMustLive() {
        LayerSpec net =
                sequential(
                        conv2d(16, 3).padding(1).withoutBias(),
                        batchNorm(),
                        relu(),
                        maxPool2d(3).stride(2).padding(1),
                        block(16, 1),
                        block(32, 2),
                        globalAveragePool2d(),
                        dense(10));
        Shape input = Shape.of(3, 64, 64);
        var task = new Task(net, input, Task.images(input, 10), Loss.crossEntropy(), sgd(0.01).momentum(0.9));
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (Backend backend = Backends.installed().open("cpu", BackendOptions.defaults().threads(2))) {
            var protocol = new Protocol(2, 0, 0.01, 1, 0, false);
            new MemoryWorkload("memory", task, 8)
                    .run(backend, new Stopwatch(out, protocol, 0, System::nanoTime, backend::synchronize));
        }
        String line = bytes.toString(StandardCharsets.UTF_8).lines().toList().getLast();
        double ratio = Double.parseDouble(line.replaceAll(".*metric=peak_to_must_live value=(\\S+) .*", "$1"));
        assertTrue(ratio <= 1.2, line);
        assertTrue(ratio >= 0.98, line);
    }
}
