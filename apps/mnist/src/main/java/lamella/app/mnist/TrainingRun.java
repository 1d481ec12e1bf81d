package lamella.app.mnist;

import lamella.app.common.Checkpoint;
import lamella.app.common.CheckpointedTraining;
import lamella.app.common.ReportFiles;
import lamella.app.common.Terminal;
import lamella.app.common.TrainingProgress;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Report;
import lamella.train.Trainer;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A training, from its head to its last line.
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
        Optional<ReportFiles> report,
        boolean quiet) {
    private static final String IMAGES_KEY = "mnist.images";

    void run(Terminal terminal) {
        plan.checkpoint().ifPresent(this::requireSameImages);
        Trainer trainer = plan.trainer(model, images);
        var training = new CheckpointedTraining(trainer, plan.checkpoint(), out, () -> save(trainer));
        if (!quiet) {
            training.printHead(settings(), terminal.out());
        }
        long start = System.nanoTime();
        var progress = TrainingProgress.on(terminal, "images", "test");
        History history = training.run(plan.recipe().images(images.train()), plan.epochs(), progress, quiet, terminal);
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

    private void requireSameImages(Checkpoint from) {
        String trained = from.file().metadata().get(IMAGES_KEY);
        if (!images.fingerprint().equals(trained)) {
            throw new IllegalArgumentException(
                    "%s was trained on other images (%s) than those of %s (%s)"
                            .formatted(from.path(), trained, data, images.fingerprint()));
        }
    }

    private void save(Trainer trainer) {
        var metadata = new LinkedHashMap<>(plan.toMetadata());
        metadata.put(IMAGES_KEY, images.fingerprint());
        metadata.putAll(trainer.state().toMetadata());
        ModelFile.save(out, model, layers, trainer.optimizer().state(), metadata);
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

    private void write(ReportFiles files, History history, Evaluation evaluation, String result) {
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
