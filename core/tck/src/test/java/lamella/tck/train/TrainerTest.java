package lamella.tck.train;

import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.Batch;
import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.nn.Loss;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.nn.Penalty;
import lamella.optim.Schedule;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;
import lamella.train.Callback;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;
import lamella.train.TrainingException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;

class TrainerTest {
    private final Backend backend = ReferenceBackend.create();

    @AfterEach
    void close() {
        backend.close();
    }

    private Trainer trainer(Model model) {
        return Trainer.of(model, Loss.crossEntropy(), adam(0.05)).batchSize(4);
    }

    @Test
    void learnsExclusiveOr() {
        History history = trainer(Toys.net(backend, 8)).fit(Toys.xor(), 100);
        Metrics last = history.rows().getLast().train();
        assertTrue(last.loss() < 0.01, "loss: " + last.loss());
        assertEquals(OptionalDouble.of(1), last.accuracy());
        assertTrue(history.rows().getFirst().train().loss() > 0.5);
    }

    @Test
    void learnsSpirals() {
        Dataset spirals = Toys.spirals(100);
        Model model = Toys.net(backend, 16);
        Trainer.of(model, Loss.crossEntropy(), adam(0.05)).batchSize(20).fit(spirals, 60);
        Metrics metrics = Metrics.of(model, Loss.crossEntropy(), spirals, 33);
        assertTrue(metrics.loss() < 0.1, "loss: " + metrics.loss());
        assertTrue(metrics.accuracy().orElseThrow() > 0.97, "accuracy: " + metrics.accuracy());
    }

    @Test
    void trainsAnythingWithParametersAndALoss() {
        Model model = Toys.net(backend, 8);
        Trainer whole = trainer(model);
        Model twin = Toys.net(backend, 8);
        Trainer general =
                Trainer.of(twin.parameters(), (Batch batch) -> Toys.loss(twin, batch), adam(0.05))
                        .batchSize(4)
                        .validation(Toys.xor());
        whole.fit(Toys.xor(), 5);
        History history = general.fit(Toys.xor(), 5);
        assertArrayEquals(Toys.elements(model.state()), Toys.elements(twin.state()));
        assertEquals(OptionalDouble.empty(), history.rows().getLast().train().accuracy());
        double validated = history.rows().getLast().validation().orElseThrow().loss();
        assertEquals(Metrics.of(twin, Loss.crossEntropy(), Toys.xor(), 4).loss(), validated, 1e-9);
    }

    @Test
    void takesOneStepOfGradientDescentByHand() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Dataset one = Toys.classes(new float[] {2, -1}, 0);
        Trainer.of(model, Loss.crossEntropy(), sgd(0.5)).fit(one, 1);
        // The gradient of the logits is softmax − target = (−1/2, 1/2).
        assertArrayEquals(new float[] {0.5f, -0.25f, -0.5f, 0.25f}, Toys.elements(model.parameters()), 1e-7f);
    }

    @Test
    void weighsPartialBatchesByTheirExamples() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Dataset three = Toys.classes(new float[] {0, 0, 0, 0, 0, 0}, 0, 0, 1);
        History history = Trainer.of(model, Loss.crossEntropy(), sgd(0.5)).batchSize(2).fit(three, 1);
        // Nothing can be learnt from zeros: each example has loss ln 2, and class 0 is predicted.
        Metrics metrics = history.rows().getFirst().train();
        assertEquals(Math.log(2), metrics.loss(), 1e-6);
        assertEquals(2.0 / 3, metrics.accuracy().orElseThrow(), 1e-12);
        Metrics measured = Metrics.of(model, Loss.crossEntropy(), three, 2);
        assertEquals(Math.log(2), measured.loss(), 1e-6);
        assertEquals(2.0 / 3, measured.accuracy().orElseThrow(), 1e-12);
    }

    @Test
    void addsAPenaltyThatIsNotReported() {
        Model model = Toys.linear(backend, 1, 1, 1, 1);
        Dataset zero = Toys.classes(new float[] {0, 0}, 0);
        History history = Trainer.of(model, Loss.crossEntropy(), sgd(0.5)).penalty(Penalty.l2(0.25f)).fit(zero, 1);
        // The penalty's gradient is 2 · 0.25 · w.
        assertArrayEquals(Toys.filled(4, 0.75f), Toys.elements(model.parameters()), 1e-7f);
        assertEquals(Math.log(2), history.rows().getFirst().train().loss(), 1e-6);
    }

    @Test
    void clipsGradientsAndFollowsTheSchedule() {
        Model model = Toys.linear(backend, 1, 1, 1, 1);
        Dataset data = Toys.classes(new float[] {1, 1}, 0);
        var rates = new ArrayList<Float>();
        Callback note =
                (event, _) -> {
                    if (event instanceof TrainingEvent.StepEnded step) {
                        rates.add(step.learningRate());
                    }
                };
        History history =
                Trainer.of(model, Loss.crossEntropy(), sgd(0.5))
                        .schedule(Schedule.stepDecay(1, 0.5))
                        .clip(gradients -> gradients.map(g -> Tensor.full(backend, g.shape(), 1)))
                        .fit(data, 3, note);
        assertEquals(List.of(0.5f, 0.25f, 0.125f), rates);
        assertArrayEquals(Toys.filled(4, 0.125f), Toys.elements(model.parameters()), 1e-7f);
        assertEquals(0.125f, history.rows().getLast().learningRate());
    }

    @Test
    void trainsInTrainingModeAndValidatesOutsideIt() {
        var modes = new ArrayList<Boolean>();
        Model model = Toys.net(backend, 2);
        Trainer.of(
                        model.parameters(),
                        (Batch batch) -> {
                            modes.add(Mode.training());
                            return Toys.loss(model, batch);
                        },
                        sgd(0.1))
                .batchSize(2)
                .validation(Toys.xor())
                .fit(Toys.xor(), 1);
        assertEquals(List.of(true, true, false, false), modes);
    }

    @Test
    void endsBeforeTheStepThatWouldSpoilTheParameters() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Dataset data = Toys.classes(new float[] {1, 0, Float.NaN, 0}, 0, 0);
        Trainer trainer = Trainer.of(model, Loss.crossEntropy(), sgd(0.5)).batching(Batching.of(1).shuffle(false));
        float[] afterFirst = {0.25f, 0, -0.25f, 0};
        var thrown = assertThrows(TrainingException.class, () -> trainer.fit(data, 1));
        assertEquals("step 2: loss is NaN; last finite loss 0.6931, learningRate 0.5", thrown.getMessage());
        assertArrayEquals(afterFirst, Toys.elements(model.parameters()), 1e-7f);
        assertEquals(1, trainer.state().steps());
    }

    @Test
    void changesWhatLayersKeepWhenTheLossProvedFinite() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Parameter seen = Parameter.of("seen", Tensor.full(backend, Shape.of(1), 0), false);
        Loss counting =
                (logits, labels) -> {
                    Mode.update(() -> seen.assign(seen.value().add(1)));
                    return Loss.crossEntropy().of(logits, labels);
                };
        Dataset data = Toys.classes(new float[] {1, 0, 0, 1, Float.NaN, 0}, 0, 1, 0);
        Trainer trainer = Trainer.of(model, counting, sgd(0.5)).batching(Batching.of(1).shuffle(false));
        assertThrows(TrainingException.class, () -> trainer.fit(data, 1));
        assertEquals(2, seen.value().item());
    }

    @Test
    void changesWhatLayersKeepAtOnceWithoutATrainer() {
        Parameter seen = Parameter.of("seen", Tensor.full(backend, Shape.of(1), 0), false);
        Mode.train(
                RandomSource.of(1),
                () -> {
                    Mode.update(() -> seen.assign(seen.value().add(1)));
                    return seen.value();
                });
        assertEquals(1, seen.value().item());
        var thrown = assertThrows(IllegalStateException.class, () -> Mode.update(() -> {}));
        assertEquals("mode: there is nothing to update outside training", thrown.getMessage());
    }

    @Test
    void leavesTheParametersOfAnUpdateThatWasTooLong() {
        Model model = Toys.linear(backend, 1, 0, 0, 0);
        Loss steep = (logits, _) -> logits.sum().exp().add(logits.sum().negate().exp());
        Trainer trainer = Trainer.of(model, steep, sgd(1000));
        var thrown = assertThrows(TrainingException.class, () -> trainer.fit(Toys.classes(new float[] {1, 0}, 0), 3));
        assertEquals("step 2: loss is Infinity; last finite loss 3.086, learningRate 1000.0", thrown.getMessage());
        float step = (float) (1000 * 2 * Math.sinh(1));
        assertArrayEquals(new float[] {1 - step, 0, -step, 0}, Toys.elements(model.parameters()), 1e-2f);
    }

    @Test
    void saysWhenNoLossWasFinite() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Loss infinite = (logits, _) -> logits.sum().add(1).divide(logits.sum());
        Trainer trainer = Trainer.of(model, infinite, sgd(0.1));
        var thrown = assertThrows(TrainingException.class, () -> trainer.fit(Toys.classes(new float[] {1, 1}, 0), 1));
        assertEquals("step 1: loss is Infinity; no finite loss before, learningRate 0.1", thrown.getMessage());
    }

    @Test
    void endsWhenThePenaltyIsNotFinite() {
        Model model = Toys.linear(backend, 0, 0, 0, 0);
        Penalty bad = parameters -> parameters.getFirst().value().sum().log();
        Trainer trainer = Trainer.of(model, Loss.crossEntropy(), sgd(0.1)).penalty(bad);
        var thrown = assertThrows(TrainingException.class, () -> trainer.fit(Toys.classes(new float[] {1, 1}, 0), 1));
        assertEquals("step 1: loss is -Infinity; no finite loss before, learningRate 0.1", thrown.getMessage());
    }

    @Test
    void dependsOnTheSeed() {
        Model first = Toys.noisyNet(backend);
        Model same = Toys.noisyNet(backend);
        Model other = Toys.noisyNet(backend);
        trainer(first).seed(1).fit(Toys.xor(), 3);
        trainer(same).seed(1).fit(Toys.xor(), 3);
        trainer(other).seed(2).fit(Toys.xor(), 3);
        assertArrayEquals(Toys.elements(first.state()), Toys.elements(same.state()));
        assertFalse(Arrays.equals(Toys.elements(first.state()), Toys.elements(other.state())));
    }

    @Test
    void drawsOtherRandomNumbersInEachStep() {
        Model model = Toys.net(backend, 2);
        var keys = new HashSet<Long>();
        Trainer.of(
                        model.parameters(),
                        (Batch batch) -> {
                            keys.add(Mode.random().key());
                            return Toys.loss(model, batch);
                        },
                        sgd(0.1))
                .batchSize(1)
                .fit(Toys.xor(), 2);
        assertEquals(8, keys.size());
    }

    @Test
    void leavesLabelsThatDoNotCountOutOfTheAccuracy() {
        Model same = Toys.linear(backend, 1, 0, 0, 1);
        Dataset three = Toys.classes(new float[] {2, 0, 1, 0, 0, 3}, 0, -1, 0);
        Metrics metrics = Metrics.of(same, Loss.crossEntropy(), three, 3);
        assertEquals(OptionalDouble.of(0.5), metrics.accuracy());
    }

    @Test
    void leavesNothingBehindInMemory() {
        Model model = Toys.net(backend, 4);
        Trainer trainer = trainer(model);
        trainer.fit(Toys.xor(), 1);
        long live = backend.memory().live();
        trainer.fit(Toys.xor(), 3);
        Metrics.of(model, Loss.crossEntropy(), Toys.xor(), 2);
        assertEquals(live, backend.memory().live());
    }

    @Test
    void rejectsDataThatMakeNoBatch() {
        Trainer trainer = trainer(Toys.net(backend, 2)).batching(Batching.of(5).dropPartial(true));
        var thrown = assertThrows(IllegalArgumentException.class, () -> trainer.fit(Toys.xor(), 1));
        assertEquals("fit: 4 examples make no batch of 5", thrown.getMessage());
        var empty =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> Metrics.of(Toys.net(backend, 2), Loss.crossEntropy(), Toys.xor().subset(0, 0), 4));
        assertEquals("evaluate: the dataset is empty", empty.getMessage());
    }

    @Test
    void keepsAParameterThatTheLossDoesNotNeed() {
        Model model = Toys.net(backend, 2);
        Parameter idle = Parameter.of("idle", Tensor.full(backend, Shape.of(1), 3), true);
        var parameters = new ArrayList<>(model.parameters());
        parameters.add(idle);
        Trainer.of(parameters, (Batch batch) -> Toys.loss(model, batch), sgd(0.1)).fit(Toys.xor(), 1);
        assertEquals(3, idle.value().item());
    }
}
