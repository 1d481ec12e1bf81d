package lamella.app.captioning;

import lamella.app.captioning.data.CaptionData;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Trains a net.
final class TrainVerb implements Verb {
    static final Option<Path> OUT = CommonOptions.out("caption.safetensors");
    static final Option<Path> REPORT = ReportFiles.option("curves and pictures with captions");

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String description() {
        return "Trains a net and tests it. The model is that of the epoch with the best captions on pictures that were"
                + " held out; the test part is looked at once, at the end.";
    }

    @Override
    public List<Option<?>> options() {
        var own = new ArrayList<Option<?>>(Data.OPTIONS);
        own.addAll(
                List.of(
                        Data.SIZE,
                        Net.KIND,
                        Net.EMBEDDING,
                        Net.HIDDEN,
                        Net.DROPOUT,
                        Net.TIED,
                        Recipe.EPOCHS,
                        Recipe.BATCH_SIZE,
                        Recipe.LEARNING_RATE,
                        Recipe.WEIGHT_DECAY,
                        Recipe.SMOOTHING,
                        Recipe.BALANCE,
                        Recipe.OWN_WORDS,
                        Recipe.AUGMENT,
                        Recipe.RAREST,
                        Recipe.MAX_LENGTH,
                        Recipe.MEASURE,
                        Recipe.PATIENCE,
                        OUT,
                        CommonOptions.RESUME,
                        CommonOptions.SEED,
                        REPORT,
                        CommonOptions.QUIET));
        return CommonOptions.computing(own.toArray(Option<?>[]::new));
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Path out = arguments.get(OUT);
        ModelFile.requireWritable(out);
        Optional<ReportFiles> report = arguments.find(REPORT).map(ReportFiles::of);
        report.ifPresent(files -> files.requireWritable(out));
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        LayerCatalog layers = plugins.layers();
        Plan plan = Plan.of(arguments, layers);
        CaptionData data = Data.open(arguments, plan.side(), terminal);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            TrainingRun.of(plan, data, Data.testSplit(arguments), layers, backend, out, report)
                    .run(terminal, arguments.get(CommonOptions.QUIET));
        }
    }
}
