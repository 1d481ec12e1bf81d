package lamella.tck.train;

import static lamella.optim.Optimizers.adam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.backend.Backend;
import lamella.data.Dataset;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tck.ReferenceBackend;
import lamella.train.History;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;
import lamella.train.TrainingState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ResumeTest {
    private final Backend backend = ReferenceBackend.create();
    private final Dataset data = Toys.spirals(22);

    @AfterEach
    void close() {
        backend.close();
    }

    private Trainer trainer(Model model) {
        return Trainer.of(model, Loss.crossEntropy(), adam(0.05)).batchSize(4).seed(3).validation(data);
    }

    /// All that a history holds but times.
    private static List<History.Row> untimed(History history) {
        return history.rows().stream()
                .map(
                        row ->
                                new History.Row(
                                        row.epoch(),
                                        row.train(),
                                        row.validation(),
                                        row.learningRate(),
                                        Optional.empty()))
                .toList();
    }

    /// 6 steps make an epoch: 12 lies between two, 9 within one, 17 before the last step of one.
    @ParameterizedTest
    @ValueSource(ints = {1, 9, 12, 17, 18})
    void endsLikeATrainingThatNeverStopped(int stopAfter) {
        Model whole = Toys.noisyNet(backend);
        History expected = trainer(whole).fit(data, 4);

        Model first = Toys.noisyNet(backend);
        Trainer begun = trainer(first);
        begun.fit(
                data,
                4,
                (event, control) -> {
                    if (event instanceof TrainingEvent.StepEnded step && step.step() == stopAfter) {
                        control.stop("test");
                    }
                });
        assertEquals(stopAfter, begun.state().steps());

        Model second = Toys.noisyNet(backend);
        Trainer resumed = trainer(second);
        Toys.copy(first.state(), second.state());
        Toys.copy(begun.optimizer().state(), resumed.optimizer().state());
        resumed.resume(TrainingState.of(begun.state().toMetadata()));
        History history = resumed.fit(data, 4);

        assertArrayEquals(Toys.elements(whole.state()), Toys.elements(second.state()));
        assertEquals(untimed(expected), untimed(history));
    }

    @Test
    void resumesAStateTakenInACallback() {
        Model whole = Toys.noisyNet(backend);
        var states = new HashMap<Long, TrainingState>();
        Trainer trainer = trainer(whole);
        Model copy = Toys.noisyNet(backend);
        Trainer resumed = trainer(copy);
        trainer.fit(
                data,
                3,
                (event, _) -> {
                    if (event instanceof TrainingEvent.StepEnded step && step.step() == 12) {
                        states.put(step.step(), trainer.state());
                        Toys.copy(whole.state(), copy.state());
                        Toys.copy(trainer.optimizer().state(), resumed.optimizer().state());
                    }
                });
        // After the last step of an epoch, before its row was written.
        assertEquals(1, states.get(12L).epochs());
        History history = resumed.resume(states.get(12L)).fit(data, 3);
        assertArrayEquals(Toys.elements(whole.state()), Toys.elements(copy.state()));
        assertEquals(untimed(trainer.state().history()), untimed(history));
    }

    @Test
    void holdsNoTimes() {
        Trainer first = trainer(Toys.noisyNet(backend));
        Trainer second = trainer(Toys.noisyNet(backend));
        first.fit(data, 2);
        second.fit(data, 2);
        assertEquals(first.state().toMetadata(), second.state().toMetadata());
        assertEquals(2, first.state().epochs());
        assertEquals(12, first.state().steps());
        assertEquals(3, first.state().seed());
        assertFalse(first.state().history().rows().getFirst().speed().isEmpty());
        var read = TrainingState.of(first.state().toMetadata());
        assertEquals(untimed(first.state().history()), read.history().rows());
        assertEquals(first.state().toMetadata(), read.toMetadata());
    }

    @Test
    void writesPlainTexts() {
        Trainer trainer = trainer(Toys.noisyNet(backend));
        assertEquals(
                Map.of(
                        "training.seed", "3",
                        "training.steps", "0",
                        "training.history", "",
                        "training.epoch", "0,0,0.0,0,0"),
                trainer.state().toMetadata());
    }

    @Test
    void rejectsTheStateOfAnotherSeed() {
        TrainingState state = trainer(Toys.noisyNet(backend)).state();
        Trainer other = trainer(Toys.noisyNet(backend)).seed(4);
        var thrown = assertThrows(IllegalArgumentException.class, () -> other.resume(state));
        assertEquals("resume: the state is of seed 3, the trainer has seed 4", thrown.getMessage());
    }

    @Test
    void rejectsAnEpochThatIsShorter() {
        var metadata = new HashMap<>(trainer(Toys.noisyNet(backend)).state().toMetadata());
        metadata.put("training.epoch", "7,28,1.0,0,0");
        Trainer trainer = trainer(Toys.noisyNet(backend)).resume(TrainingState.of(metadata));
        var thrown = assertThrows(IllegalArgumentException.class, () -> trainer.fit(data, 1));
        assertEquals("fit: the training stands after step 7 of an epoch that has 6", thrown.getMessage());
    }

    @Test
    void rejectsDamagedStates() {
        assertRejected("training state: 'training.seed' is missing", "training.seed", null);
        assertRejected("training state: 'training.steps' must be a whole number, got '1.5'", "training.steps", "1.5");
        assertRejected("training state: 'training.steps' must be at least 0, got '-1'", "training.steps", "-1");
        assertRejected("training state: 'training.epoch' must be 5 numbers, got '1,2,3'", "training.epoch", "1,2,3");
        assertRejected(
                "training state: 'training.epoch' must be 5 numbers, got '1,2,x,4,5'", "training.epoch", "1,2,x,4,5");
        assertRejected(
                "training state: 'training.epoch' must be at least 0, got '-1,2,3,4,5'",
                "training.epoch",
                "-1,2,3,4,5");
        assertRejected(
                "training state: 'training.history' must be rows of 5 numbers, got '1,2'",
                "training.history",
                "1,0.5,2,0.5,0.1;1,2");
        assertRejected(
                "training state: 'training.history' must be rows of 5 numbers, got ',,,,'", "training.history", ",,,,");
    }

    private void assertRejected(String message, String name, String text) {
        var metadata = new HashMap<>(trainer(Toys.noisyNet(backend)).state().toMetadata());
        if (text == null) {
            metadata.remove(name);
        } else {
            metadata.put(name, text);
        }
        var thrown = assertThrows(IllegalArgumentException.class, () -> TrainingState.of(metadata));
        assertEquals(message, thrown.getMessage());
    }
}
