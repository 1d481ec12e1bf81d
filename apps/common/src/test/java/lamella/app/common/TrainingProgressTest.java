package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Speed;
import lamella.train.TrainingEvent;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class TrainingProgressTest {
    private static final History.Row ROW =
            new History.Row(
                    1,
                    new Metrics(0.25, OptionalDouble.of(0.9)),
                    Optional.of(new Metrics(0.125, OptionalDouble.of(0.95))),
                    1e-3f,
                    Optional.of(new Speed(60_000, 12.5)));
    private static final String EPOCH =
            "epoch 1/2  loss 0.2500  accuracy 0.9000  test loss 0.1250  test accuracy 0.9500"
                    + "  4,800 images/s  12.5 s\n";

    private final Output output = new Output();

    private static TrainingEvent started(History history) {
        return new TrainingEvent.Started(1, 2, 100, 60_000, history);
    }

    private static TrainingEvent step() {
        return new TrainingEvent.StepEnded(
                new TrainingEvent.Progress(1, 2, 25, 100, new Speed(15_000, 3), 9),
                25,
                0.5,
                new Metrics(0.75, OptionalDouble.of(0.8)),
                1e-3f);
    }

    private static TrainingEvent epoch() {
        return new TrainingEvent.EpochEnded(1, 2, ROW);
    }

    private static TrainingEvent end(History history) {
        return new TrainingEvent.Ended(history, Optional.empty());
    }

    private void show(Terminal terminal, TrainingEvent... events) {
        var progress = TrainingProgress.on(terminal, "images", "test");
        for (TrainingEvent event : events) {
            progress.on(event, null);
        }
    }

    @Test
    void withoutATerminalThereIsOneLineForEachEpoch() {
        show(output.terminal(), started(History.empty()), step(), step(), epoch(), end(history()));
        assertEquals(EPOCH, output.out());
    }

    private static History history() {
        return new History(List.of(ROW));
    }

    @Test
    void onATerminalTheStepsRewriteOneLineUntilTheEpochsReplacesIt() {
        // 105,000 examples are left of two epochs, at 5,000 a second: 21 s
        show(output.live(140), started(History.empty()), step(), step(), epoch(), end(history()));
        assertEquals(
                "\r\u001b[?7lepoch 1/2 ━━━━━━━━──────────────────────  25%  loss 0.7500"
                        + "  accuracy 0.8000  5,000 images/s  0:21 left\u001b[K\u001b[?7h"
                        + "\r\u001b[K"
                        + EPOCH,
                output.out());
    }

    @Test
    void theCursorIsBelowTheLineWhenTheTrainingEndsInAnEpoch() {
        show(output.live(60), started(History.empty()), step(), end(History.empty()));
        assertTrue(output.out().endsWith("\u001b[?7h\n"), output::out);
    }

    @Test
    void aResumedTrainingShowsItsEpochsBefore() {
        show(output.terminal(), started(history()), end(history()));
        assertEquals(EPOCH, output.out());
    }

    @Test
    void whatIsNotMeasuredIsNotShown() {
        var row =
                new History.Row(
                        2, new Metrics(0.25, OptionalDouble.empty()), Optional.empty(), 1e-3f, Optional.empty());
        show(output.terminal(), new TrainingEvent.EpochEnded(2, 10, row));
        assertEquals("epoch  2/10  loss 0.2500\n", output.out());
    }
}
