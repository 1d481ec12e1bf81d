package lamella.app.mnist;

import lamella.app.common.Interruption;
import lamella.app.common.Terminal;
import lamella.app.common.TrainingProgress;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.train.Callback;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Report;
import lamella.train.Trainer;
import lamella.train.TrainingEvent;
import lamella.train.TrainingException;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A training under way: it writes a checkpoint after every epoch, and one when it is interrupted.
///
/// @param plan what is trained and how
/// @param model the model
/// @param layers the kinds of layers that the model file is written with
/// @param data where the images are from
/// @param images the images
/// @param out the model's file
/// @param report where a report goes, if one is wanted
/// @param quiet whether the last line alone is printed
record TrainingRun(
        Plan plan,
        Model model,
        LayerCatalog layers,
        MnistData data,
        TrainingImages images,
        Path out,
        Optional<TrainVerb.ReportFiles> report,
        boolean quiet) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String IMAGES_KEY = "mnist.images";

    void run(Terminal terminal) {
        plan.checkpoint().ifPresent(this::requireSameImages);
        Trainer trainer = plan.trainer(model, images);
        if (!quiet) {
            printHead(terminal.out(), trainer);
        }
        long start = System.nanoTime();
        History history = train(trainer, terminal);
        double seconds = (System.nanoTime() - start) / 1e9;
        Evaluation evaluation =
                Evaluation.of(model, Recipe.loss(), images.test(), EvaluateVerb.BATCH_SIZE).named(MnistData.LABELS);
        String result = EvaluateVerb.result(evaluation);
        report.ifPresent(files -> write(files, history, evaluation, result));
        if (!quiet) {
            terminal.out().println(String.format(Locale.ROOT, "%s written in %.1f s", out, seconds));
        }
        terminal.out().println(result);
    }

    private void requireSameImages(Plan.Checkpoint from) {
        String trained = from.file().metadata().get(IMAGES_KEY);
        if (!images.fingerprint().equals(trained)) {
            throw new IllegalArgumentException(
                    "%s was trained on other images (%s) than those of %s (%s)"
                            .formatted(from.path(), trained, data, images.fingerprint()));
        }
    }

    private History train(Trainer trainer, Terminal terminal) {
        var progress = TrainingProgress.on(terminal, "images", "test");
        try (var interruption = Interruption.watch(PATIENCE)) {
            Callback stopper =
                    (_, control) -> {
                        if (interruption.requested()) {
                            control.stop("interrupted");
                        }
                    };
            Callback saver =
                    (event, _) -> {
                        if (event instanceof TrainingEvent.EpochEnded) {
                            save(trainer);
                        }
                    };
            Callback display = quiet ? (_, _) -> {} : progress;
            int before = trainer.state().epochs();
            History history = trainer.fit(plan.recipe().images(images.train()), plan.epochs(), display, saver, stopper);
            if (interruption.requested()) {
                progress.leave();
                terminal.err().println(keep(trainer, before));
                throw new Interruption.Interrupted();
            }
            if (history.rows().size() == before) {
                save(trainer);
            }
            return history;
        } catch (TrainingException e) {
            throw new IllegalStateException(e.getMessage() + "; " + kept(trainer), e);
        } finally {
            progress.leave();
        }
    }

    private void save(Trainer trainer) {
        var metadata = new LinkedHashMap<>(plan.toMetadata());
        metadata.put(IMAGES_KEY, images.fingerprint());
        metadata.putAll(trainer.state().toMetadata());
        ModelFile.save(out, model, layers, trainer.optimizer().state(), metadata);
    }

    /// Saves what an interrupted training has reached. An older file stays as long as no epoch was
    /// completed: it may be the result of a longer training.
    private String keep(Trainer trainer, int before) {
        boolean own =
                trainer.state().epochs() > before
                        || plan.checkpoint().filter(from -> from.path().equals(out)).isPresent();
        if (!own && Files.exists(out)) {
            return "interrupted in the first epoch; " + out + " is as it was";
        }
        save(trainer);
        return "interrupted at step %d; %s holds it, go on with --resume %s"
                .formatted(trainer.state().steps(), out, out);
    }

    private String kept(Trainer trainer) {
        int epochs = trainer.state().epochs();
        int before = plan.checkpoint().map(from -> from.state().epochs()).orElse(0);
        return epochs > before
                ? out + " holds epoch " + epochs
                : "no epoch was completed, so " + out + " is not written";
    }

    private void printHead(PrintStream to, Trainer trainer) {
        settings().forEach((name, value) -> to.printf("%-10s %s%n", name, value));
        plan.checkpoint()
                .ifPresent(
                        from ->
                                to.printf(
                                        "%-10s %s, after epoch %d, step %d%n",
                                        "resuming", from.path(), trainer.state().epochs(), trainer.state().steps()));
    }

    private Map<String, String> settings() {
        Backend backend = model.backend();
        Recipe recipe = plan.recipe();
        var settings = new LinkedHashMap<String, String>();
        settings.put("net", "%s, %,d parameters".formatted(plan.net(), model.summary().parameters()));
        settings.put("backend", backend.name() + ", " + backend.device());
        settings.put("threads", Integer.toString(backend.threads()));
        settings.put("seed", Long.toString(recipe.seed()));
        settings.put(
                "data",
                "%s, %,d training and %,d test images".formatted(data, images.train().size(), images.test().size()));
        settings.put(
                "training",
                "%d %s, batch size %d, %s, learning rate %s%s"
                        .formatted(
                                plan.epochs(),
                                plan.epochs() == 1 ? "epoch" : "epochs",
                                recipe.batchSize(),
                                recipe.optimizer(),
                                recipe.learningRate(),
                                recipe.augment() ? ", augmented" : ""));
        return settings;
    }

    private void write(TrainVerb.ReportFiles files, History history, Evaluation evaluation, String result) {
        var page =
                Report.titled(plan.net() + " on " + data)
                        .settings(settings())
                        .settings(Map.of("result", result))
                        .history(history)
                        .measuredOn("test")
                        .confusion(evaluation.confusion())
                        .pictures(Report.Picture.of(images.test(), evaluation));
        files.page().write(page.toHtml());
        files.history().write(history.toCsv());
    }
}
