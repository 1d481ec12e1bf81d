package lamella.backend.cpu;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.flatten;
import static lamella.nn.Layers.relu;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.BackendOptions;
import lamella.data.ImageDataset;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.nn.Penalty;
import lamella.optim.Clip;
import lamella.optim.Optimizer;
import lamella.tensor.Autograd;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;
import lamella.train.Metrics;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The promise that a warm training step takes no storage.
class TrainingAllocationTest {
    private static ImageDataset images(int count) {
        Shape shape = Shape.of(1, 6, 6);
        byte[] pixels = new byte[count * shape.size()];
        int[] labels = new int[count];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 31 + i / 7);
        }
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
        }
        return ImageDataset.of(shape, pixels, labels, 3);
    }

    @Test
    void takesNoStorageAfterTheFirstEpoch() {
        try (Backend backend = new CpuBackendProvider().open(BackendOptions.defaults().threads(2))) {
            Model model =
                    Model.build(
                            sequential(flatten(), dense(33), relu(), dropout(0.2f), dense(3)),
                            Shape.of(1, 6, 6),
                            backend,
                            1);
            var allocations = new ArrayList<Long>();
            var live = new ArrayList<Long>();
            // 100 images: the last batch of an epoch is a partial one, of other sizes.
            Trainer.of(model, Loss.crossEntropy(), adam(1e-3))
                    .batchSize(16)
                    .clip(Clip.byNorm(1))
                    .penalty(Penalty.l2(1e-4f))
                    .validation(images(50))
                    .fit(
                            images(100),
                            6,
                            (event, _) -> {
                                if (event instanceof TrainingEvent.EpochEnded) {
                                    allocations.add(backend.memory().allocations());
                                    live.add(backend.memory().live());
                                }
                            });
            assertEquals(List.of(allocations.getFirst()), allocations.stream().distinct().toList());
            assertEquals(List.of(live.getFirst()), live.stream().distinct().toList());
            Metrics.of(model, Loss.crossEntropy(), images(50), 16);
            assertEquals(allocations.getLast(), backend.memory().allocations());
        }
    }

    /// A small net with an LSTM: embedding, last state, one logit.
    @Test
    void takesNoStorageAfterTheFirstBatchesOfSequences() {
        try (Backend backend = new CpuBackendProvider().open(BackendOptions.defaults().threads(2))) {
            var random = RandomSource.of(1);
            Parameter table = weight(backend, random, "table", 50, 24);
            Parameter input = weight(backend, random, "input", 4 * 40, 24);
            Parameter hidden = weight(backend, random, "hidden", 4 * 40, 40);
            Parameter bias = weight(backend, random, "bias", 4 * 40);
            Parameter dense = weight(backend, random, "dense", 1, 40);
            var parameters = List.of(table, input, hidden, bias, dense);
            var optimizer = Optimizer.of(adam(1e-3), parameters);
            var allocations = new ArrayList<Long>();
            for (int step = 0; step < 40; step++) {
                // Batches of two shapes, with and without padding.
                int count = step % 2 == 0 ? 20 : 13;
                int shortest = step % 4 < 2 ? 0 : 9;
                int[] lengths = new int[count];
                Arrays.setAll(lengths, n -> Math.max(shortest, n % 10));
                int[] ids = new int[count * 9];
                Arrays.setAll(ids, i -> i * 31 % 51 - 1);
                Memory.scope(
                        () -> {
                            var words = Tensor.ofInts(backend, Shape.of(count, 9), ids);
                            var state = Tensor.zeros(backend, Shape.of(count, 40));
                            var initial = new Recurrence.State(state, Optional.of(state));
                            var weights =
                                    new Recurrence.Weights(
                                            input.value(), hidden.value(), bias.value(), Optional.empty());
                            var gradients =
                                    Autograd.differentiate(
                                            parameters,
                                            () -> {
                                                Tensor x = table.value().gather(words);
                                                var result = Recurrence.LSTM.run(x, lengths, false, initial, weights);
                                                Tensor logits = result.last().hidden().linear(dense.value());
                                                return logits.square().mean();
                                            });
                            optimizer.step(gradients, 1e-3f);
                        });
                allocations.add(backend.memory().allocations());
            }
            assertEquals(List.of(allocations.get(3)), allocations.stream().skip(3).distinct().toList());
        }
    }

    private static Parameter weight(Backend backend, RandomSource random, String path, int... dims) {
        return Parameter.of(path, random.uniform(backend, Shape.of(dims), -0.2f, 0.2f), true);
    }

    /// On plain loops, for the Vector API makes objects of vectors until the JIT compiler has seen them often enough.
    @Test
    void takesLittleFromTheHeapBesideStorage() {
        try (Backend backend = new CpuBackend(BackendOptions.defaults().threads(1), false, "a test")) {
            Model model =
                    Model.build(
                            sequential(flatten(), dense(512), relu(), dropout(0.2f), dense(3)),
                            Shape.of(1, 6, 6),
                            backend,
                            1);
            var taken = new ArrayList<Long>();
            Trainer.of(model, Loss.crossEntropy(), adam(1e-3))
                    .batchSize(256)
                    .fit(images(512), 20, (_, _) -> taken.add(bytesTaken()));
            long perStep = (taken.getLast() - taken.get(taken.size() / 2)) / 20;
            long storage = backend.memory().peak() - backend.memory().live();
            assertTrue(storage > 2_000_000, () -> "a step holds " + storage + " bytes");
            assertTrue(perStep < 100_000, () -> "a step takes " + perStep + " bytes from the heap");
        }
    }

    private static long bytesTaken() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
