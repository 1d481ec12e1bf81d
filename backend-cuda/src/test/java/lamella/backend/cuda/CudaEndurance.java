package lamella.backend.cuda;

import static lamella.layers.cnn.CnnLayers.batchNorm;
import static lamella.layers.cnn.CnnLayers.conv2d;
import static lamella.layers.cnn.CnnLayers.maxPool2d;
import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.driver.JCudaDriver;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.backend.MemoryUse;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.optim.Optimizer;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.Arrays;
import java.util.function.IntFunction;

/// What a long training holds after its first steps it holds at its end: in the backend's books, and as
/// the driver counts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CudaEndurance {
    /// Steps after which all is there that will be there.
    private static final int WARM = 10;

    private static final int BATCH = 8;
    private static final float LEARNING_RATE = 1e-3f;

    /// Skips the tests where there is no device.
    abstract void requireDevice();

    /// Returns how many steps a training has.
    abstract int steps();

    @BeforeAll
    final void findDevice() {
        requireDevice();
    }

    private static Backend open() {
        return new CudaBackendProvider().open(BackendOptions.defaults());
    }

    /// What is held at a moment when the device has nothing to do.
    ///
    /// @param live bytes in use
    /// @param allocations how often the pool had nothing that fits
    /// @param free bytes of the device that nobody holds
    private record Held(long live, long allocations, long free) {
        static Held by(Backend backend) {
            backend.synchronize();
            MemoryUse memory = backend.memory();
            return new Held(memory.live(), memory.allocations(), freeMemory());
        }
    }

    /// The context must be current, as it is after any call of a backend.
    private static long freeMemory() {
        long[] free = new long[1];
        assertEquals(0, JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    /// @param loss of a batch, by the number of the step
    private void train(Backend backend, Model model, IntFunction<Tensor> loss) {
        var optimizer = Optimizer.of(adam(LEARNING_RATE), model.parameters());
        var random = RandomSource.of(3);
        Held warm = null;
        for (int step = 1; step <= steps(); step++) {
            int number = step;
            Memory.scope(
                    () -> {
                        var gradients =
                                Autograd.differentiate(
                                        model.parameters(), () -> Mode.train(random, () -> loss.apply(number)));
                        optimizer.step(gradients, LEARNING_RATE);
                    });
            if (step == WARM) {
                warm = Held.by(backend);
            }
        }
        assertEquals(warm, Held.by(backend), "after step " + WARM + " and after step " + steps());
    }

    @Test
    void anImageNetHoldsNoMoreInTheEnd() {
        LayerSpec net =
                sequential(
                        conv2d(8, 3).padding(1), batchNorm(), relu(), maxPool2d(2), flatten(), dropout(0.3), dense(4));
        try (Backend backend = open()) {
            Model model = Model.build(net, MadeUpData.IMAGE, backend, 1);
            float[] pixels = new float[BATCH * MadeUpData.IMAGE.size()];
            train(
                    backend,
                    model,
                    step -> {
                        Arrays.fill(pixels, step % 7);
                        Tensor x = Tensor.of(backend, MadeUpData.IMAGE.prepend(BATCH), pixels);
                        return Loss.crossEntropy().of(model.forward(x), labels(backend, 4));
                    });
        }
    }

    /// Texts whose longest has 5, 6 or 7 words, in turn.
    @Test
    void aTextNetHoldsNoMoreInTheEnd() {
        try (Backend backend = open()) {
            Model model =
                    Model.build(sequential(embedding(MadeUpData.WORDS, 6), lstm(8), dense(2)), Shape.of(7), backend, 1);
            train(
                    backend,
                    model,
                    step -> {
                        int words = 5 + step % 3;
                        int[] ids = new int[BATCH * words];
                        Arrays.setAll(ids, i -> (i * step) % MadeUpData.WORDS);
                        int[] lengths = new int[BATCH];
                        Arrays.setAll(lengths, i -> 1 + (i + step) % words);
                        Tensor x = Tensor.ofInts(backend, Shape.of(BATCH, words), ids);
                        Tensor logits = model.forward(Sequences.of(x, lengths)).values();
                        return Loss.crossEntropy().of(logits, labels(backend, 2));
                    });
        }
    }

    private static Tensor labels(Backend backend, int classes) {
        int[] labels = new int[BATCH];
        Arrays.setAll(labels, i -> i % classes);
        return Tensor.ofInts(backend, Shape.of(BATCH), labels);
    }

    @Test
    void aClosedBackendGivesEverythingBack() {
        try (Backend observer = open()) {
            useOnce();
            useOnce();
            Held before = Held.by(observer);
            for (int i = 0; i < 10; i++) {
                useOnce();
            }
            assertEquals(before, Held.by(observer));
        }
    }

    private static void useOnce() {
        try (Backend backend = open()) {
            Model model = Model.build(sequential(conv2d(4, 3), flatten(), dense(2)), MadeUpData.IMAGE, backend, 1);
            Memory.scope(() -> model.forward(Tensor.zeros(backend, MadeUpData.IMAGE.prepend(BATCH))).toFloats());
        }
    }
}
