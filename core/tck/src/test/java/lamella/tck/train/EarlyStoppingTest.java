package lamella.tck.train;

import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.backend.Backend;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Parameter;
import lamella.train.Callback;
import lamella.train.EarlyStopping;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class EarlyStoppingTest {
    private final Backend backend = ReferenceBackend.create();
    private final Model model = Toys.net(backend, 2);
    private final List<float[]> afterEpochs = new ArrayList<>();
    private Optional<String> stopped = Optional.empty();

    @AfterEach
    void close() {
        backend.close();
    }

    /// A trainer whose validation finds these losses, and accuracies of 1 minus them.
    private Trainer scripted(double... losses) {
        var left = new ArrayList<>(Arrays.stream(losses).boxed().toList());
        return Trainer.of(model, Loss.crossEntropy(), sgd(0.1))
                .validation(
                        () -> {
                            double loss = left.removeFirst();
                            afterEpochs.add(Toys.elements(model.state()));
                            return new Metrics(loss, OptionalDouble.of(1 - loss));
                        });
    }

    private int epochs(EarlyStopping stopping, double... losses) {
        Callback note =
                (event, _) -> {
                    if (event instanceof TrainingEvent.Ended ended) {
                        stopped = ended.stopped();
                    }
                };
        return scripted(losses).fit(Toys.xor(), losses.length, note, stopping).rows().size();
    }

    @Test
    void stopsWhenTheLossDoesNotFallAnyMore() {
        EarlyStopping stopping = EarlyStopping.onLoss(2);
        assertEquals(5, epochs(stopping, 0.9, 0.5, 0.25, 0.3, 0.25, 0.1));
        assertEquals(Optional.of("no better loss for 2 epochs; best 0.25 at epoch 3"), stopped);
        assertEquals(3, stopping.bestEpoch());
    }

    @Test
    void stopsWhenTheAccuracyDoesNotRiseAnyMore() {
        assertEquals(3, epochs(EarlyStopping.onAccuracy(1), 0.5, 0.25, 0.25, 0.1));
        assertEquals(Optional.of("no better accuracy for 1 epochs; best 0.75 at epoch 2"), stopped);
    }

    /// Epochs with these pairs of loss and accuracy.
    private History train(EarlyStopping stopping, double... pairs) {
        var left = new ArrayList<>(Arrays.stream(pairs).boxed().toList());
        Callback note =
                (event, _) -> {
                    if (event instanceof TrainingEvent.Ended ended) {
                        stopped = ended.stopped();
                    }
                };
        return Trainer.of(model, Loss.crossEntropy(), sgd(0.1))
                .validation(() -> new Metrics(left.removeFirst(), OptionalDouble.of(left.removeFirst())))
                .fit(Toys.xor(), pairs.length / 2, note, stopping);
    }

    @Test
    void ofTheSameAccuracyTheLowerLossIsBetter() {
        EarlyStopping stopping = EarlyStopping.onAccuracy(9);
        train(stopping, 4, 0.5, 3, 0.75, 2, 0.75, 2.5, 0.75, 1, 0.5);
        assertEquals(3, stopping.bestEpoch());
        train(stopping, 1, 0.5, 3, 0.75, 3, 0.75);
        assertEquals(2, stopping.bestEpoch());
    }

    @Test
    void goesOnWhileTheLossFallsAtTheSameAccuracy() {
        EarlyStopping stopping = EarlyStopping.onAccuracy(2);
        assertEquals(6, train(stopping, 5, 0, 4, 0, 3, 0, 2, 0, 2, 0, 3, 0, 1, 0).rows().size());
        assertEquals(Optional.of("no better accuracy for 2 epochs; best 0 at epoch 4"), stopped);
        assertEquals(3, train(EarlyStopping.onAccuracy(2).minDelta(1), 5, 0, 4.5, 0, 4, 0, 1, 0).rows().size());
    }

    /// What counts is the loss of the best epoch, not the lowest of all.
    @Test
    void comparesWithTheLossOfTheBestEpoch() {
        EarlyStopping stopping = EarlyStopping.onAccuracy(9);
        train(stopping, 1, 0.25, 5, 0.75, Double.NaN, 0.75, 4, 0.75);
        assertEquals(4, stopping.bestEpoch());
    }

    @Test
    void countsOnlyEpochsInARow() {
        assertEquals(6, epochs(EarlyStopping.onLoss(2), 0.9, 0.95, 0.8, 0.85, 0.7, 0.75));
        assertEquals(Optional.empty(), stopped);
    }

    @Test
    void takesSmallChangesForNone() {
        EarlyStopping stopping = EarlyStopping.onLoss(2).minDelta(0.1);
        assertEquals(3, epochs(stopping, 0.9, 0.85, 0.81, 0.1));
        assertEquals(Optional.of("no better loss for 2 epochs; best 0.9 at epoch 1"), stopped);
    }

    @Test
    void takesNaNForNoImprovement() {
        assertEquals(2, epochs(EarlyStopping.onLoss(2), Double.NaN, Double.NaN, 0.1));
        assertEquals(Optional.of("no better loss for 2 epochs; best Infinity at epoch 0"), stopped);
    }

    @Test
    void putsTheBestParametersBack() {
        assertEquals(4, epochs(EarlyStopping.onLoss(2).restoring(model.state()), 4, 2, 3, 3));
        assertArrayEquals(afterEpochs.get(1), Toys.elements(model.state()));
    }

    @Test
    void putsTheBestParametersBackWhenTheEpochsAreOver() {
        assertEquals(3, epochs(EarlyStopping.onLoss(9).restoring(model.state()), 2, 3, 3));
        assertArrayEquals(afterEpochs.get(0), Toys.elements(model.state()));
    }

    private static Callback stopAfter(int epoch) {
        return (event, control) -> {
            if (event instanceof TrainingEvent.EpochEnded ended && ended.epoch() == epoch) {
                control.stop("test");
            }
        };
    }

    @Test
    void keepsTheNewestParametersOfATrainingThatOthersStopped() {
        EarlyStopping stopping = EarlyStopping.onLoss(9).restoring(model.state());
        Trainer trainer = scripted(2, 3, 3, 3);
        trainer.fit(Toys.xor(), 4, stopping, stopAfter(2));
        assertArrayEquals(afterEpochs.get(1), Toys.elements(model.state()));
        trainer.fit(Toys.xor(), 4, stopping);
        assertEquals(4, afterEpochs.size());
        assertArrayEquals(afterEpochs.get(0), Toys.elements(model.state()));
    }

    @Test
    void putsTheBestParametersBackWhenOthersStopTheLastEpoch() {
        EarlyStopping stopping = EarlyStopping.onLoss(9).restoring(model.state());
        scripted(2, 3).fit(Toys.xor(), 2, stopAfter(2), stopping);
        assertArrayEquals(afterEpochs.get(0), Toys.elements(model.state()));
    }

    @Test
    void leavesParametersAloneUnlessAsked() {
        assertEquals(3, epochs(EarlyStopping.onLoss(2), 2, 3, 3));
        assertArrayEquals(afterEpochs.get(2), Toys.elements(model.state()));
    }

    @Test
    void looksAtTheEpochsBeforeAResumedTraining() {
        Trainer trainer = scripted(2, 3, 3, 3, 3);
        trainer.fit(Toys.xor(), 2);
        assertEquals(3, trainer.fit(Toys.xor(), 5, EarlyStopping.onLoss(2)).rows().size());
        assertEquals(3, trainer.fit(Toys.xor(), 5, EarlyStopping.onLoss(2)).rows().size());
    }

    @Test
    void putsNothingBackThatItDoesNotHave() {
        Trainer trainer = scripted(2, 3, 3);
        trainer.fit(Toys.xor(), 2);
        trainer.fit(Toys.xor(), 5, EarlyStopping.onLoss(2).restoring(model.state()));
        assertArrayEquals(afterEpochs.get(2), Toys.elements(model.state()));
    }

    @Test
    void putsBackWhatACheckpointHeld() {
        Trainer trainer = scripted(2, 3, 3);
        EarlyStopping before = EarlyStopping.onLoss(9).restoring(model.state());
        trainer.fit(
                Toys.xor(),
                2,
                (event, control) -> {
                    // Killed: the end never comes.
                    if (!(event instanceof TrainingEvent.Ended)) {
                        before.on(event, control);
                    }
                });
        EarlyStopping after = EarlyStopping.onLoss(2).restoring(model.state());
        Toys.copy(before.state(), after.state());
        trainer.fit(Toys.xor(), 5, after);
        assertArrayEquals(afterEpochs.get(0), Toys.elements(model.state()));
    }

    @Test
    void offersItsCopiesForACheckpoint() {
        assertEquals(
                List.of(
                        "best/net.dense1.weight",
                        "best/net.dense1.bias",
                        "best/net.dense2.weight",
                        "best/net.dense2.bias",
                        "best.epoch"),
                EarlyStopping.onLoss(1).restoring(model.state()).state().stream().map(Parameter::path).toList());
        assertEquals(List.of(), EarlyStopping.onLoss(1).state());
    }

    @Test
    void watchesTheTrainingWithoutValidation() {
        EarlyStopping stopping = EarlyStopping.onLoss(1).minDelta(100);
        var history = Trainer.of(model, Loss.crossEntropy(), sgd(0.1)).fit(Toys.xor(), 5, stopping);
        assertEquals(2, history.rows().size());
    }

    @Test
    void rejectsNonsense() {
        var patience = assertThrows(IllegalArgumentException.class, () -> EarlyStopping.onLoss(0));
        assertEquals("early stopping: patience must be at least 1, got 0", patience.getMessage());
        var delta = assertThrows(IllegalArgumentException.class, () -> EarlyStopping.onLoss(1).minDelta(-0.5));
        assertEquals("early stopping: minDelta must be at least 0, got -0.5", delta.getMessage());
        var silent =
                Trainer.of(model, Loss.crossEntropy(), sgd(0.1))
                        .validation(() -> new Metrics(1, OptionalDouble.empty()));
        var accuracy =
                assertThrows(IllegalStateException.class, () -> silent.fit(Toys.xor(), 1, EarlyStopping.onAccuracy(1)));
        assertEquals("early stopping: epoch 1 has no accuracy", accuracy.getMessage());
    }
}
