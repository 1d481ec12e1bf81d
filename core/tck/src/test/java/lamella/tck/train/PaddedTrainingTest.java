package lamella.tck.train;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.sequential;
import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.data.ArrayDataset;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tck.ReferenceBackend;
import lamella.tensor.RandomSource;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Trainer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Training and measuring on sequences of different lengths, as long as the longest.
class PaddedTrainingTest {
    private static final int COUNT = 50;
    private static final int STEPS = 6;

    private final Backend backend = ReferenceBackend.create();

    @AfterEach
    void close() {
        backend.close();
    }

    /// Adds up the steps of each sequence.
    private record Total() implements LayerSpec {
        @Override
        public Layer build(Scope scope, Shape input) {
            SequenceLayer layer = x -> Sequences.of(x.masked().sum(1));
            return layer;
        }
    }

    private Model net() {
        return Model.build(sequential(dense(2).withoutBias(), new Total()), Shape.of(STEPS, 1), backend, 3);
    }

    /// Numbers in [−1, 1), of which some count; the label says whether these are positive together.
    private static Dataset sums(float padding) {
        var random = RandomSource.of(11);
        float[] values = new float[COUNT * STEPS];
        int[] lengths = new int[COUNT];
        int[] labels = new int[COUNT];
        for (int n = 0; n < COUNT; n++) {
            lengths[n] = 1 + n % STEPS;
            double sum = 0;
            for (int step = 0; step < STEPS; step++) {
                float value = (float) (2 * random.nextDouble() - 1);
                values[n * STEPS + step] = step < lengths[n] ? value : padding;
                sum += step < lengths[n] ? value : 0;
            }
            labels[n] = sum > 0 ? 1 : 0;
        }
        return ArrayDataset.of(
                new Values.Padded(new Values.Floats(Shape.of(COUNT, STEPS, 1), values), lengths),
                new Values.Ints(Shape.of(COUNT), labels));
    }

    private History train(Model model, Dataset dataset) {
        // 50 examples make a last batch of 2, in arrays for 8
        return Trainer.of(model, Loss.crossEntropy(), adam(0.1)).batchSize(8).fit(dataset, 20);
    }

    @Test
    void learnsWhateverLiesInThePadding() {
        Model model = net();
        Model twin = net();

        History history = train(model, sums(Float.NaN));
        train(twin, sums(1000));

        double loss = history.rows().getLast().train().loss();
        assertTrue(loss < 0.2, "loss: " + loss);
        assertArrayEquals(Toys.elements(model.state()), Toys.elements(twin.state()));
    }

    @Test
    void measuresWhateverLiesInThePadding() {
        Model model = net();
        train(model, sums(0));

        Evaluation result = Evaluation.of(model, Loss.crossEntropy(), sums(Float.NaN), 7);
        Metrics metrics = Metrics.of(model, Loss.crossEntropy(), sums(Float.NEGATIVE_INFINITY), 9);

        assertTrue(result.accuracy() > 0.9, "accuracy: " + result.accuracy());
        assertEquals(result.loss(), metrics.loss(), 1e-6);
        assertEquals(result.accuracy(), metrics.accuracy().orElseThrow());
    }

    @Test
    void aLengthBeyondTheStepsIsAnError() {
        Dataset wrong =
                ArrayDataset.of(
                        new Values.Padded(new Values.Floats(Shape.of(1, STEPS, 1), new float[STEPS]), new int[] {7}),
                        new Values.Ints(Shape.of(1), new int[1]));

        assertEquals(
                """
                sequences: length 7 of sequence 0 is outside [0, 6]
                  values   [1, 6, 1]          (N, T, ...)\
                """,
                assertThrows(ShapeException.class, () -> Evaluation.of(net(), Loss.crossEntropy(), wrong, 1))
                        .getMessage());
    }
}
