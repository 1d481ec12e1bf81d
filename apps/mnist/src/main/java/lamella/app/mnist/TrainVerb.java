package lamella.app.mnist;

import lamella.app.common.Arguments;
import lamella.app.common.Background;
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
    static final Option<Path> OUT = CommonOptions.out("mnist.safetensors");
    static final Option<Path> REPORT = ReportFiles.option("curves, confusion matrix and misread digits");
    static final Option<Path> DATA =
            Option.path(
                    "--data",
                    "DIR",
                    "a folder with the four IDX files, such as train-images-idx3-ubyte or"
                            + " train-images-idx3-ubyte.gz (default: MNIST, which is inside the"
                            + " program)");

    @Override
    public String name() {
        return "train";
    }

    @Override
    public String description() {
        return "Trains a net and tests it.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(
                Net.OPTION,
                Plan.EPOCHS,
                Plan.BATCH_SIZE,
                Plan.LEARNING_RATE,
                Plan.OPTIMIZER,
                Plan.AUGMENT,
                DATA,
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
        var data = new MnistData(arguments.find(DATA));
        var images = Background.start("data", () -> TrainingImages.read(data));
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        LayerCatalog layers = plugins.layers();
        Plan plan = Plan.of(arguments, layers);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            var model = plan.model(layers, backend);
            new TrainingRun(plan, model, layers, data, images.get(), out, report, arguments.get(CommonOptions.QUIET))
                    .run(terminal);
        }
    }
}
