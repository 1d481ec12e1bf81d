package lamella.app.bench;

import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.RnnLayers.lstm;
import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.optim.Optimizer;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.Random;

/// Training a classifier of texts: embedding 20,000 x 128, LSTM 128, its last state, one logit, binary
/// cross-entropy, Adam; texts of equal length, of random words.
///
/// @param steps words of a text
/// @param batch texts of a batch
record SequenceWorkload(String name, int steps, int batch) implements Workload {
    private static final int VOCABULARY = 20_000;
    private static final int WIDTH = 128;
    private static final float LEARNING_RATE = 1e-3f;

    /// Batches that are used in turn.
    private static final int BATCHES = 8;

    private record Batch(Tensor words, Tensor labels) {}

    /// What a step works with.
    private static final class Training {
        private final Backend backend;
        private final Model model;
        private final Optimizer optimizer;
        private final Loss loss = Loss.binaryCrossEntropy();
        private final RandomSource random = RandomSource.of(2);
        private final Batch[] batches = new Batch[BATCHES];
        private int turn;

        Training(Backend backend, int steps, int batch) {
            this.backend = backend;
            var net = sequential(embedding(VOCABULARY, WIDTH), lstm(WIDTH), dense(1));
            model = Model.build(net, Shape.of(steps), backend, 1);
            optimizer = Optimizer.of(adam(LEARNING_RATE), model.parameters());
            for (int i = 0; i < BATCHES; i++) {
                int[] words = integers(batch * steps, VOCABULARY, i);
                int[] labels = integers(batch, 2, i);
                batches[i] =
                        new Batch(
                                Tensor.ofInts(backend, Shape.of(batch, steps), words),
                                Tensor.ofInts(backend, Shape.of(batch, 1), labels).toFloat());
            }
        }

        private static int[] integers(int count, int bound, long seed) {
            var random = new Random(seed);
            int[] values = new int[count];
            for (int i = 0; i < count; i++) {
                values[i] = random.nextInt(bound);
            }
            return values;
        }

        private Tensor loss(Batch batch) {
            return loss.of(model.forward(Sequences.of(batch.words())).values(), batch.labels());
        }

        void step() {
            Batch batch = batches[turn];
            turn = (turn + 1) % BATCHES;
            Memory.scope(
                    () -> {
                        Gradients gradients =
                                Autograd.differentiate(model.parameters(), () -> Mode.train(random, () -> loss(batch)));
                        optimizer.step(gradients, LEARNING_RATE);
                    });
            backend.synchronize();
        }

        double firstLoss() {
            float[] value = new float[1];
            Memory.scope(() -> value[0] = loss(batches[0]).item());
            return value[0];
        }
    }

    @Override
    public void run(Backend backend, Stopwatch stopwatch) {
        var training = new Training(backend, steps, batch);
        String metric = "train_seq_per_s_T" + steps + "_b" + batch;
        stopwatch.training(name, metric, batch, training::step, training::firstLoss);
    }
}
