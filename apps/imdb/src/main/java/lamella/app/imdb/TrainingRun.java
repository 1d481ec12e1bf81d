package lamella.app.imdb;

import lamella.app.common.BestEpoch;
import lamella.app.common.CheckpointedTraining;
import lamella.app.common.ReportFiles;
import lamella.app.common.Terminal;
import lamella.app.common.TrainingProgress;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.train.Callback;
import lamella.train.EarlyStopping;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Report;
import lamella.train.Trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A training, from its head to its last line.
///
/// @param plan what is trained and how
/// @param model the model
/// @param layers the kinds of layers that the model file is written with
/// @param data where the reviews are from
/// @param reviews the reviews
/// @param out the model's file
/// @param report where a report goes, if one is wanted
/// @param quiet whether the last line alone is printed
record TrainingRun(
        Plan plan,
        Model model,
        LayerCatalog layers,
        ReviewData data,
        TrainingReviews reviews,
        Path out,
        Optional<ReportFiles> report,
        boolean quiet) {

    void run(Terminal terminal) {
        Trainer trainer = plan.recipe().trainer(model, reviews.train().size(), reviews.held());
        Optional<EarlyStopping> stopping = plan.recipe().stopping();
        var best = BestEpoch.of(model, stopping);
        plan.checkpoint()
                .ifPresent(
                        from -> {
                            from.file().restore(trainer.optimizer().state());
                            best.resume(from);
                            trainer.resume(from.state());
                        });
        Runnable saver = () -> best.use(() -> save(trainer, best.newest()));
        var training = new CheckpointedTraining(trainer, plan.checkpoint(), out, saver);
        if (!quiet) {
            training.printHead(settings(), terminal.out());
        }
        long start = System.nanoTime();
        var progress = TrainingProgress.on(terminal, "reviews", "validation");
        var callbacks = new ArrayList<Callback>();
        stopping.ifPresent(callbacks::add);
        callbacks.add(best);
        History history =
                training.run(
                        reviews.train(), plan.epochs(), progress, quiet, terminal, callbacks.toArray(Callback[]::new));
        double seconds = (System.nanoTime() - start) / 1e9;
        best.use(
                () -> {
                    Evaluation evaluation = reviews.test().evaluate(model);
                    String result = reviews.test().result(evaluation);
                    report.ifPresent(files -> write(files, history, evaluation, result));
                    if (!quiet) {
                        String of = stopping.map(s -> " of epoch " + s.bestEpoch()).orElse("");
                        terminal.out().println(String.format(Locale.ROOT, "%s%s written in %.1f s", out, of, seconds));
                    }
                    terminal.out().println(result);
                });
    }

    private void save(Trainer trainer, List<Parameter> newest) {
        var metadata = new LinkedHashMap<>(plan.toMetadata());
        metadata.put(Plan.REVIEWS_KEY, reviews.fingerprint());
        metadata.putAll(reviews.encoding().toMetadata());
        metadata.putAll(trainer.state().toMetadata());
        var more = new ArrayList<>(trainer.optimizer().state());
        more.addAll(newest);
        ModelFile.save(out, model, layers, more, metadata);
    }

    private Map<String, String> settings() {
        Backend backend = model.backend();
        Recipe recipe = plan.recipe();
        Encoding encoding = reviews.encoding();
        var settings = new LinkedHashMap<String, String>();
        settings.put("net", "%s, %,d parameters".formatted(plan.net().name(), model.summary().parameters()));
        settings.put("backend", backend.name() + ", " + backend.device());
        settings.put("threads", Integer.toString(backend.threads()));
        settings.put("seed", Long.toString(recipe.seed()));
        settings.put(
                "data",
                "%s, %,d training, %,d validation and %,d test reviews"
                        .formatted(
                                data, reviews.train().size(), reviews.held().size(), reviews.test().reviews().size()));
        settings.put(
                "words",
                "vocabulary %,d, the %s %,d of a review"
                        .formatted(encoding.vocabulary().size(), encoding.kept(), encoding.maxLength()));
        settings.put(
                "training",
                "%d %s, batch size %d, adam, learning rate %s"
                        .formatted(
                                plan.epochs(),
                                plan.epochs() == 1 ? "epoch" : "epochs",
                                recipe.batchSize(),
                                recipe.learningRate()));
        return settings;
    }

    private void write(ReportFiles files, History history, Evaluation evaluation, String result) {
        List<Report.Passage> misread = Report.Passage.of(i -> reviews.test().reviews().get(i).text(), evaluation);
        var page =
                Report.titled(plan.net().name() + " on " + data)
                        .settings(settings())
                        .settings(Map.of("result", result))
                        .history(history)
                        .confusion(evaluation.confusion())
                        .passages(misread);
        files.page().write(page.toHtml());
        files.history().write(history.toCsv());
    }
}
