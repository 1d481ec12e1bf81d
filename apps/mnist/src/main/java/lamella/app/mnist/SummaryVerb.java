package lamella.app.mnist;

import lamella.app.common.Arguments;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
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
        return List.of(Net.OPTION);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        Net net = Net.of(arguments.get(Net.OPTION), plugins.layers());
        Model model = Model.build(net.spec(), MnistData.IMAGE, MetaBackend.create(), 0);
        terminal.out().println(model.summary());
    }
}
