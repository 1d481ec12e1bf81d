package lamella.app.mnist;

import lamella.app.common.App;
import lamella.app.common.BackendsVerb;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;

import java.util.List;

/// The program `mnist`.
public final class Main {
    private Main() {}

    static App app() {
        return new App(
                "mnist",
                "Learns to read handwritten digits, and reads them.",
                App.versionOf(Main.class),
                List.of(
                        new TrainVerb(),
                        new EvaluateVerb(),
                        new ClassifyVerb(),
                        new SummaryVerb(),
                        new BackendsVerb(Plugins::load)));
    }

    /// Runs the program and ends the process with its exit status.
    public static void main(String[] arguments) {
        System.exit(app().run(Terminal.system(), System.getenv(), arguments));
    }
}
