package lamella.app.captioning;

import lamella.app.captioning.data.CaptionData;
import lamella.app.captioning.data.Part;
import lamella.app.common.BestEpoch;
import lamella.app.common.CheckpointedTraining;
import lamella.app.common.ReportFiles;
import lamella.app.common.Terminal;
import lamella.app.common.TrainingProgress;
import lamella.backend.Backend;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.train.Callback;
import lamella.train.EarlyStopping;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Report;
import lamella.train.Trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/// A training, from its head to its last line.
///
/// @param plan what is trained and how
/// @param data where the pictures are from
/// @param split the pictures to test with
/// @param fingerprint differs for other training examples
/// @param encoding makes numbers of words
/// @param captioner the net
/// @param train what is learnt
/// @param held what the best epoch is chosen by
/// @param layers the kinds of layers that the model file is written with
/// @param out the model's file
/// @param report where a report goes, if one is wanted
record TrainingRun(
        Plan plan,
        CaptionData data,
        String split,
        String fingerprint,
        Encoding encoding,
        Captioner captioner,
        CaptionDataset train,
        Part held,
        LayerCatalog layers,
        Path out,
        Optional<ReportFiles> report) {
    private static final int VALIDATION_BATCH = 128;

    /// Reads the pictures to learn from and builds the net.
    static TrainingRun of(
            Plan plan,
            CaptionData data,
            String split,
            LayerCatalog layers,
            Backend backend,
            Path out,
            Optional<ReportFiles> report) {
        Part part = data.train();
        Part held = data.validation();
        Encoding encoding = plan.encoding(part);
        String fingerprint = Plan.fingerprint(part);
        plan.requireSame(fingerprint, data.name());
        Captioner captioner = plan.captioner(encoding, part.picture().with(0, 3), layers, backend);
        var train = CaptionDataset.of(part, encoding, plan.recipe().pixels(part.picture()));
        return new TrainingRun(plan, data, split, fingerprint, encoding, captioner, train, held, layers, out, report);
    }

    void run(Terminal terminal, boolean quiet) {
        Recipe recipe = plan.recipe();
        boolean measured = held.size() > 0;
        Optional<Supplier<Metrics>> validation = measured ? Optional.of(this::measure) : Optional.empty();
        Trainer trainer = recipe.trainer(captioner, encoding, train.size(), validation);
        Optional<EarlyStopping> stopping = measured ? Optional.of(recipe.stopping()) : Optional.empty();
        var best = BestEpoch.of(captioner.state(), stopping);
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
        var progress = TrainingProgress.on(terminal, "pictures", "validation", recipe.measure().toString());
        var callbacks = new ArrayList<Callback>();
        stopping.ifPresent(callbacks::add);
        callbacks.add(best);
        History history =
                training.run(train, recipe.epochs(), progress, quiet, terminal, callbacks.toArray(Callback[]::new));
        double seconds = (System.nanoTime() - start) / 1e9;
        best.use(
                () -> {
                    Part test = data.test(split);
                    List<Said> said = describer().describe(test.picture(), test.examples(), report.isPresent());
                    Scores scores = Scores.of(test, said, encoding);
                    String result = test.name() + " " + scores;
                    report.ifPresent(files -> write(files, history, test, said, result));
                    if (!quiet) {
                        String of = stopping.map(s -> " of epoch " + s.bestEpoch()).orElse("");
                        terminal.out().println(String.format(Locale.ROOT, "%s%s written in %.1f s", out, of, seconds));
                    }
                    terminal.out().println(result);
                });
    }

    private Describer describer() {
        return new Describer(captioner, encoding, Search.greedy());
    }

    /// The loss on what was held out, and how good the captions are, as the measure says.
    private Metrics measure() {
        var examples = CaptionDataset.of(held, encoding, Pixels.plain(held.picture()));
        double sum = 0;
        try (Batches batches = Batching.of(VALIDATION_BATCH).shuffle(false).epoch(examples, 0, 0)) {
            while (batches.hasNext()) {
                var batch = batches.next();
                double[] loss = new double[1];
                Memory.scope(() -> loss[0] = captioner.loss(batch, encoding, Captioner.Taught.PLAIN).item());
                sum += loss[0] * batch.size();
            }
        }
        double measured = plan.recipe().measure().of(describer().scores(held));
        return new Metrics(sum / examples.size(), OptionalDouble.of(measured));
    }

    private void save(Trainer trainer, List<Parameter> newest) {
        var metadata = new LinkedHashMap<>(plan.toMetadata(layers));
        metadata.put(Plan.EXAMPLES, fingerprint);
        metadata.putAll(encoding.toMetadata());
        metadata.putAll(TrainedModel.toMetadata(captioner.encoder().input()));
        metadata.putAll(trainer.state().toMetadata());
        var state = new ArrayList<>(captioner.state());
        state.addAll(trainer.optimizer().state());
        state.addAll(newest);
        ModelFile.save(out, state, metadata);
    }

    private Map<String, String> settings() {
        Backend backend = captioner.backend();
        Recipe recipe = plan.recipe();
        var settings = new LinkedHashMap<String, String>();
        settings.put("net", "%s, %,d parameters".formatted(captioner.design().kind(), captioner.size()));
        settings.put("backend", backend.name() + ", " + backend.device());
        settings.put("threads", Integer.toString(backend.threads()));
        settings.put("seed", Long.toString(recipe.seed()));
        settings.put(
                "data",
                "%s, %,d training pictures with %,d captions, %,d validation pictures"
                        .formatted(data.name(), train.size(), train.captions(), held.size()));
        settings.put(
                "words",
                "vocabulary %,d, at most %d in a caption".formatted(encoding.vocabulary().size(), encoding.longest()));
        settings.put(
                "training",
                "%d %s, batch size %d, adamW, learning rate %s%s"
                        .formatted(
                                recipe.epochs(),
                                recipe.epochs() == 1 ? "epoch" : "epochs",
                                recipe.batchSize(),
                                recipe.learningRate(),
                                recipe.augment() ? ", pictures distorted" : ""));
        return settings;
    }

    private void write(ReportFiles files, History history, Part test, List<Said> said, String result) {
        var page =
                Report.titled(captioner.design().kind() + " on " + data.name())
                        .settings(settings())
                        .settings(Map.of("accuracy", "the measure: " + plan.recipe().measure()))
                        .settings(Map.of("result", result))
                        .history(history)
                        .captions(Shown.of(captioner, encoding, test, said));
        files.page().write(page.toHtml());
        files.history().write(history.toCsv());
    }
}
