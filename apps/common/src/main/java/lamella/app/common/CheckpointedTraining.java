package lamella.app.common;

import lamella.data.Dataset;
import lamella.train.Callback;
import lamella.train.History;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;
import lamella.train.TrainingException;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A training under way: it writes a checkpoint after every epoch, and one when it is interrupted.
///
/// @param trainer what trains; it stands where the checkpoint does, if there is one
/// @param from where the training goes on from, if not anew
/// @param out the model's file
/// @param saver writes that file
public record CheckpointedTraining(Trainer trainer, Optional<Checkpoint> from, Path out, Runnable saver) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Prints what a run is, a line for each setting, and where it goes on from.
    public void printHead(Map<String, String> settings, PrintStream to) {
        settings.forEach((name, value) -> to.printf("%-10s %s%n", name, value));
        from.ifPresent(
                checkpoint ->
                        to.printf(
                                "%-10s %s, after epoch %d, step %d%n",
                                "resuming", checkpoint.path(), trainer.state().epochs(), trainer.state().steps()));
    }

    /// Trains until an epoch is completed.
    ///
    /// @param epochs the number of the last epoch
    /// @param progress what shows how it goes
    /// @param quiet whether it shows nothing
    /// @param before callbacks that are told of an epoch before the file is written
    /// @throws Interruption.Interrupted after Ctrl-C; then the file holds what was reached
    /// @throws IllegalStateException if the loss is no number any more, with what the file holds
    public History run(
            Dataset train,
            int epochs,
            TrainingProgress progress,
            boolean quiet,
            Terminal terminal,
            Callback... before) {
        try (var interruption = Interruption.watch(PATIENCE)) {
            var callbacks = new ArrayList<Callback>();
            callbacks.add(quiet ? (_, _) -> {} : progress);
            callbacks.addAll(List.of(before));
            callbacks.add(
                    (event, _) -> {
                        if (event instanceof TrainingEvent.EpochEnded) {
                            saver.run();
                        }
                    });
            callbacks.add(
                    (_, control) -> {
                        if (interruption.requested()) {
                            control.stop("interrupted");
                        }
                    });
            int done = trainer.state().epochs();
            History history = trainer.fit(train, epochs, callbacks.toArray(Callback[]::new));
            if (interruption.requested()) {
                progress.leave();
                terminal.err().println(keep(done));
                throw new Interruption.Interrupted();
            }
            if (history.rows().size() == done) {
                saver.run();
            }
            return history;
        } catch (TrainingException e) {
            throw new IllegalStateException(e.getMessage() + "; " + kept(), e);
        } finally {
            progress.leave();
        }
    }

    /// Saves what an interrupted training has reached. An older file stays as long as no epoch was
    /// completed: it may be the result of a longer training.
    private String keep(int done) {
        boolean own =
                trainer.state().epochs() > done || from.filter(checkpoint -> checkpoint.path().equals(out)).isPresent();
        if (!own && Files.exists(out)) {
            return "interrupted in the first epoch; " + out + " is as it was";
        }
        saver.run();
        return "interrupted at step %d; %s holds it, go on with --resume %s"
                .formatted(trainer.state().steps(), out, out);
    }

    private String kept() {
        int epochs = trainer.state().epochs();
        int done = from.map(checkpoint -> checkpoint.state().epochs()).orElse(0);
        return epochs > done ? out + " holds epoch " + epochs : "no epoch was completed, so " + out + " is not written";
    }
}
