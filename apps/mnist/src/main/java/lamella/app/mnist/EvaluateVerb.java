package lamella.app.mnist;

import lamella.app.common.Arguments;
import lamella.app.common.Background;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.backend.Backend;
import lamella.io.ModelFile;
import lamella.nn.Model;
import lamella.train.Evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Tests a model.
final class EvaluateVerb implements Verb {
    static final int BATCH_SIZE = 250;
    static final Option<Path> MODEL = Option.path("--model", "FILE", "the model, as train wrote it").mustBeGiven();

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String description() {
        return "Tests a model on the test images.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(MODEL, TrainVerb.DATA, CommonOptions.QUIET);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        var data = new MnistData(arguments.find(TrainVerb.DATA));
        var images = Background.start("data", data::test);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        Path file = arguments.get(MODEL);
        ModelFile saved = ModelFile.open(file);
        Net.requireTakesImages(saved, file);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            Model model = saved.model(plugins.layers(), backend);
            Net.requireReadsDigits(model, file.toString());
            Evaluation evaluation =
                    Evaluation.of(model, Recipe.loss(), images.get(), BATCH_SIZE).named(MnistData.LABELS);
            if (!arguments.get(CommonOptions.QUIET)) {
                terminal.out().println(evaluation.confusion());
                terminal.out().println(String.format(Locale.ROOT, "test loss %.4f", evaluation.loss()));
            }
            terminal.out().println(result(evaluation));
        }
    }

    /// Returns the last line of train and evaluate: `test accuracy 0.9907 (9907/10000)`.
    static String result(Evaluation evaluation) {
        return String.format(
                Locale.ROOT,
                "test accuracy %.4f (%d/%d)",
                evaluation.accuracy(),
                evaluation.confusion().correct(),
                evaluation.confusion().total());
    }
}
