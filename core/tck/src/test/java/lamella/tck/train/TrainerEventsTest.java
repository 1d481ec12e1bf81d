package lamella.tck.train;

import static lamella.optim.Optimizers.adam;
import static lamella.optim.Optimizers.sgd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.Backend;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.train.Callback;
import lamella.train.History;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

class TrainerEventsTest {
    private final Backend backend = ReferenceBackend.create();

    @AfterEach
    void close() {
        backend.close();
    }

    private Trainer trainer(Model model) {
        return Trainer.of(model, Loss.crossEntropy(), adam(0.05)).batchSize(4);
    }

    @Test
    void tellsItsCallbacksWhatHappens() {
        var events = new ArrayList<String>();
        Callback note =
                (event, _) ->
                        events.add(
                                switch (event) {
                                    case TrainingEvent.Started s ->
                                            "started %d/%d %d %d %d"
                                                    .formatted(
                                                            s.epoch(),
                                                            s.epochs(),
                                                            s.stepsPerEpoch(),
                                                            s.examples(),
                                                            s.history().rows().size());
                                    case TrainingEvent.StepEnded s ->
                                            "step %d: %d/%d %d/%d %d"
                                                    .formatted(
                                                            s.step(),
                                                            s.progress().epoch(),
                                                            s.progress().epochs(),
                                                            s.progress().step(),
                                                            s.progress().stepsPerEpoch(),
                                                            s.progress().speed().examples());
                                    case TrainingEvent.EpochEnded e ->
                                            "epoch %d/%d %s"
                                                    .formatted(e.epoch(), e.epochs(), e.row().validation().isPresent());
                                    case TrainingEvent.Ended e ->
                                            "ended %d %s".formatted(e.history().rows().size(), e.stopped());
                                });
        Trainer trainer =
                Trainer.of(Toys.net(backend, 2), Loss.crossEntropy(), sgd(0.1)).batchSize(3).validation(Toys.xor());
        trainer.fit(Toys.xor(), 1, note);
        trainer.fit(Toys.xor(), 2, note);
        assertEquals(
                List.of(
                        "started 1/1 2 4 0",
                        "step 1: 1/1 1/2 3",
                        "step 2: 1/1 2/2 4",
                        "epoch 1/1 true",
                        "ended 1 Optional.empty",
                        "started 2/2 2 4 1",
                        "step 3: 2/2 1/2 3",
                        "step 4: 2/2 2/2 4",
                        "epoch 2/2 true",
                        "ended 2 Optional.empty"),
                events);
    }

    @Test
    void givesTheRunningMeanOfAnEpoch() {
        var losses = new ArrayList<Double>();
        var means = new ArrayList<Double>();
        Callback note =
                (event, _) -> {
                    if (event instanceof TrainingEvent.StepEnded step) {
                        losses.add(step.loss());
                        means.add(step.mean().loss());
                    }
                };
        trainer(Toys.net(backend, 2)).batchSize(1).fit(Toys.xor(), 1, note);
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            sum += losses.get(i);
            assertEquals(sum / (i + 1), means.get(i), 1e-12);
        }
    }

    @Test
    void stopsAfterTheCurrentStepWhenAskedTo() {
        var ended = new ArrayList<TrainingEvent.Ended>();
        Callback stopAtThree =
                (event, control) -> {
                    if (event instanceof TrainingEvent.StepEnded step && step.step() == 3) {
                        control.stop("seen enough");
                    }
                    if (event instanceof TrainingEvent.Ended end) {
                        ended.add(end);
                    }
                };
        Trainer trainer = trainer(Toys.net(backend, 2)).batchSize(2);
        History history = trainer.fit(Toys.xor(), 5, stopAtThree);
        assertEquals(1, history.rows().size());
        assertEquals(3, trainer.state().steps());
        assertEquals(Optional.of("seen enough"), ended.getFirst().stopped());
        assertEquals(5, trainer.fit(Toys.xor(), 5).rows().size());
        assertEquals(10, trainer.state().steps());
    }

    @Test
    void stopsWhenAnotherThreadAsks() throws InterruptedException {
        Trainer trainer = trainer(Toys.net(backend, 2));
        var started = new CountDownLatch(1);
        Thread other =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        started.await();
                                    } catch (InterruptedException _) {
                                        return;
                                    }
                                    trainer.control().stop("interrupted");
                                });
        History history = trainer.fit(Toys.xor(), Integer.MAX_VALUE, (_, _) -> started.countDown());
        other.join();
        assertTrue(history.rows().size() < Integer.MAX_VALUE);
    }

    @Test
    void takesNoStepIfStoppedBefore() {
        Trainer trainer = trainer(Toys.net(backend, 2));
        trainer.control().stop("too early");
        assertEquals(0, trainer.fit(Toys.xor(), 3).rows().size());
        assertEquals(0, trainer.state().steps());
        assertEquals(3, trainer.fit(Toys.xor(), 3).rows().size());
    }

    @Test
    void tellsTheTimeLeftInAnEpochFromTheStepsOfThisRun() {
        var progresses = new ArrayList<TrainingEvent.Progress>();
        Trainer trainer = trainer(Toys.net(backend, 2)).batchSize(1);
        for (int stop = 1; stop <= 2; stop++) {
            long last = stop;
            trainer.fit(
                    Toys.xor(),
                    1,
                    (event, control) -> {
                        if (event instanceof TrainingEvent.StepEnded step) {
                            progresses.add(step.progress());
                            if (step.step() == last) {
                                control.stop("enough");
                            }
                        }
                    });
        }
        assertEquals(2, progresses.size());
        // One step of one example took this long each time; 3, then 2 are left.
        TrainingEvent.Progress first = progresses.get(0);
        assertEquals(3 * first.speed().seconds(), first.secondsLeft(), 1e-12);
        TrainingEvent.Progress second = progresses.get(1);
        assertEquals(1, second.speed().examples());
        assertEquals(2 * second.speed().seconds(), second.secondsLeft(), 1e-12);
    }

    @Test
    void forgetsARequestToStopWhenACallbackFails() {
        Trainer trainer = trainer(Toys.net(backend, 2));
        assertThrows(
                IllegalStateException.class,
                () ->
                        trainer.fit(
                                Toys.xor(),
                                1,
                                (_, control) -> {
                                    control.stop("broken");
                                    throw new IllegalStateException("callback");
                                }));
        assertEquals(2, trainer.fit(Toys.xor(), 2).rows().size());
    }
}
