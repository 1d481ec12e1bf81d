package lamella.app.captioning;

import lamella.app.captioning.data.CaptionData;
import lamella.app.captioning.data.Part;
import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.backend.Backend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Tests a model.
final class EvaluateVerb implements Verb {
    private static final Option<String> SPLIT =
            Option.text(
                    "--split",
                    "NAME",
                    "the pictures to test with: comp-test or comp-val of emoji, style with --unseen-style, dev or test"
                            + " of photos (default: comp-test, style, test)");

    @Override
    public String name() {
        return "evaluate";
    }

    @Override
    public String description() {
        return "Tests a model on pictures that it was not trained on.";
    }

    @Override
    public List<Option<?>> options() {
        var own = new ArrayList<Option<?>>(List.of(TrainedModel.MODEL));
        own.addAll(Data.OPTIONS);
        own.addAll(List.of(SPLIT, Choosing.BEAM, Choosing.NORMALIZATION, CommonOptions.QUIET));
        return CommonOptions.computing(own.toArray(Option<?>[]::new));
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Path file = arguments.get(TrainedModel.MODEL);
        Search search = Choosing.search(arguments);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            TrainedModel trained = TrainedModel.open(file, plugins.layers(), backend);
            CaptionData data = Data.open(arguments, trained.picture().dim(1), terminal);
            Part test = data.test(arguments.find(SPLIT).orElseGet(() -> Data.testSplit(arguments)));
            trained.requireFits(file, test, data.name());
            Scores scores = new Describer(trained.captioner(), trained.encoding(), search).scores(test);
            if (!arguments.get(CommonOptions.QUIET)) {
                terminal.out().print(scores.table());
            }
            terminal.out().println(test.name() + " " + scores);
        }
    }
}
