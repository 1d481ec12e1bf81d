package lamella.backend.cpu;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Model;
import lamella.nn.Predictor;
import lamella.nn.Scope;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

/// The promise that a predictor takes no storage, and next to nothing from the heap: what is left are the small objects
/// by which convolutions and products describe their work.
class InferenceAllocationTest {
    /// Bytes of a call of LeNet-5: with vectors and 2 threads 2,031 were measured; plain loops are held to twice that.
    private static final long FEW = 4096;

    /// A convolution, a rectifier and maxima, as a net of LeNet's kind has them.
    private record Filters(int filters, int kernel, int padding) implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            Shape shape = Shape.of(filters, input.dim(0), kernel, kernel);
            Parameter weight = scope.parameter("weight", shape, Initializer.heUniform());
            Parameter bias = scope.parameter("bias", Shape.of(filters), Initializer.zeros());
            var options = Conv2dOptions.defaults().padding(padding);
            var pool = Pool2dOptions.of(2);
            return x -> x.conv2d(weight.value(), bias.value(), options).relu().maxPool2d(pool);
        }
    }

    @Test
    void takesNoStorageAndLittleFromTheHeap() {
        try (Backend backend = new CpuBackend(BackendOptions.defaults().threads(1), false, "a test")) {
            LayerSpec net =
                    sequential(
                            new Filters(6, 5, 2),
                            new Filters(16, 5, 0),
                            flatten(),
                            dense(120),
                            relu(),
                            dense(84),
                            relu(),
                            dense(10));
            Predictor one = Model.build(net, Shape.of(1, 28, 28), backend, 1).freeze().predictor(1);
            float[] image = new float[784];
            float[] logits = new float[10];
            one.predict(image, logits);
            long allocations = backend.memory().allocations();
            long least = Long.MAX_VALUE;
            // until the JIT compiler has removed what it can
            for (int round = 0; round < 100 && least > FEW; round++) {
                long before = bytesTaken();
                for (int i = 0; i < 200; i++) {
                    one.predict(image, logits);
                }
                least = Math.min(least, (bytesTaken() - before) / 200);
            }
            assertEquals(allocations, backend.memory().allocations());
            long taken = least;
            assertTrue(taken <= FEW, () -> "an answer takes " + taken + " bytes from the heap");
        }
    }

    private static long bytesTaken() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
