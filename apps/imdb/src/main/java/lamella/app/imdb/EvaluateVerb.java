package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.backend.Backend;
import lamella.train.Evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Tests a model.
final class EvaluateVerb implements Verb {
    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String description() {
        return "Tests a model on the test part; the training part is read to tell which reviews are in both.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(TrainedModel.MODEL, ReviewData.DATA, ReviewData.SAMPLE, CommonOptions.QUIET);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Path file = arguments.get(TrainedModel.MODEL);
        ReviewData data = ReviewData.of(arguments);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            TrainedModel trained = TrainedModel.open(file, plugins.layers(), backend);
            TestPart test = TestPart.of(data, data.train(), trained.encoding());
            Evaluation evaluation = test.evaluate(trained.model());
            if (!arguments.get(CommonOptions.QUIET)) {
                terminal.out().println(evaluation.confusion());
                terminal.out().println(String.format(Locale.ROOT, "test loss %.4f", evaluation.loss()));
            }
            terminal.out().println(test.result(evaluation));
        }
    }
}
