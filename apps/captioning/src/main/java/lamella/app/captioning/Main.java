package lamella.app.captioning;

import lamella.app.common.App;
import lamella.app.common.BackendsVerb;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;

import java.util.List;

/// The program `caption`.
public final class Main {
    private Main() {}

    static App app() {
        return new App(
                "caption",
                "Learns to say in words what is in a picture.",
                App.versionOf(Main.class),
                List.of(
                        new TrainVerb(),
                        new EvaluateVerb(),
                        new DescribeVerb(),
                        new SummaryVerb(),
                        new BackendsVerb(Plugins::load)));
    }

    /// Runs the program and ends the process with its exit status.
    public static void main(String[] arguments) {
        System.exit(app().run(Terminal.system(), System.getenv(), arguments));
    }
}
