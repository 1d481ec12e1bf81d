package lamella.app.captioning;

import lamella.app.common.Arguments;
import lamella.app.common.Option;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.tensor.Parameter;

import java.util.List;
import java.util.Locale;

/// Shows what a net consists of.
final class SummaryVerb implements Verb {
    private static final Option<Integer> VOCABULARY =
            Option.integer("--vocabulary", "the number of words that the net knows", 4).or(1466);

    @Override
    public String name() {
        return "summary";
    }

    @Override
    public String description() {
        return "Shows the layers of a net, their shapes, parameters and cost.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(Data.DATASET, Net.KIND, Net.EMBEDDING, Net.HIDDEN, Net.TIED, VOCABULARY, Data.SIZE);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        int side = arguments.get(Data.DATASET).side(arguments);
        Captioner captioner =
                Captioner.build(
                        Net.of(arguments), Shape.of(3, side, side), arguments.get(VOCABULARY), MetaBackend.create(), 0);
        terminal.out().println(captioner.encoder().summary());
        terminal.out().println();
        terminal.out().println(String.format(Locale.ROOT, "%-28s  %-14s %12s", "decoder", "shape", "parameters"));
        for (Parameter parameter : captioner.decoder().parameters()) {
            terminal.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "%-28s  %-14s %,12d",
                                    parameter.path(),
                                    parameter.shape(),
                                    parameter.shape().size()));
        }
        terminal.out().println(String.format(Locale.ROOT, "total: %,d parameters", captioner.size()));
    }
}
