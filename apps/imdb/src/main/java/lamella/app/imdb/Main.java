package lamella.app.imdb;

import lamella.app.common.App;
import lamella.app.common.BackendsVerb;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;

import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;

/// The program `imdb`.
public final class Main {
    private Main() {}

    static App app(Supplier<InputStream> in) {
        return new App(
                "imdb",
                "Learns to tell good reviews of films from bad ones.",
                App.versionOf(Main.class),
                List.of(
                        new TrainVerb(),
                        new EvaluateVerb(),
                        new ScoreVerb(in),
                        new SummaryVerb(),
                        new TourVerb(),
                        new BackendsVerb(Plugins::load)));
    }

    /// Runs the program and ends the process with its exit status.
    public static void main(String[] arguments) {
        System.exit(app(() -> System.in).run(Terminal.system(), System.getenv(), arguments));
    }
}
