package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.Option;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.Model;

import java.util.List;

/// Shows what a net consists of.
final class SummaryVerb implements Verb {
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
        return List.of(Net.OPTION, Plan.VOCABULARY, Plan.MAX_LENGTH);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Net net = Net.of(arguments.get(Net.OPTION));
        int words = arguments.find(Plan.VOCABULARY).orElse(net.vocabulary());
        int maxLength = arguments.find(Plan.MAX_LENGTH).orElse(net.maxLength());
        Model model = Model.build(net.layers().apply(words), Shape.of(maxLength), MetaBackend.create(), 0);
        terminal.out().println(model.summary());
    }
}
