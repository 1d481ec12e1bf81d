package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.ReportFiles;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.LayerCatalog;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Trains a net.
final class TrainVerb implements Verb {
    static final Option<Path> OUT = CommonOptions.out("imdb.safetensors");
    static final Option<Path> REPORT = ReportFiles.option("curves, confusion matrix and misread reviews");

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String description() {
        return "Trains a net and tests it. The model is that of the epoch with the best accuracy on reviews of the"
                + " training part that were held out; the test part is looked at once, at the end.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(
                Net.OPTION,
                ReviewData.DATA,
                ReviewData.SAMPLE,
                Plan.MAX_LENGTH,
                Plan.VOCABULARY,
                Plan.EPOCHS,
                Plan.BATCH_SIZE,
                Plan.LEARNING_RATE,
                Plan.VALIDATION,
                OUT,
                CommonOptions.RESUME,
                CommonOptions.SEED,
                REPORT,
                CommonOptions.QUIET);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Path out = arguments.get(OUT);
        ModelFile.requireWritable(out);
        Optional<ReportFiles> report = arguments.find(REPORT).map(ReportFiles::of);
        report.ifPresent(files -> files.requireWritable(out));
        ReviewData data = ReviewData.of(arguments);
        Plan plan = Plan.of(arguments);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        LayerCatalog layers = plugins.layers();
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            TrainingReviews reviews = TrainingReviews.read(data, plan);
            var model = plan.model(reviews.encoding(), layers, backend);
            new TrainingRun(plan, model, layers, data, reviews, out, report, arguments.get(CommonOptions.QUIET))
                    .run(terminal);
        }
    }
}
