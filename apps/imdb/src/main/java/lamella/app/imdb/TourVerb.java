package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;
import lamella.app.common.OutputFile;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Verb;
import lamella.app.imdb.tour.Tour;
import lamella.backend.Backend;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Shows in three small experiments what recurrent nets can do.
final class TourVerb implements Verb {
    static final String DRAWING = "vanishing-gradient.svg";
    static final Option<Path> OUT =
            Option.path("--out", "DIR", "the folder for " + DRAWING + ", a drawing (default: none)");

    @Override
    public String name() {
        return "tour";
    }

    @Override
    public String description() {
        return "Shows what recurrent nets are for: five words, the vanishing gradient, tomorrow's weather.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(OUT, CommonOptions.SEED);
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        Optional<OutputFile> drawing = arguments.find(OUT).map(folder -> new OutputFile(folder.resolve(DRAWING)));
        drawing.ifPresent(OutputFile::requireWritable);
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        PrintStream out = terminal.out();
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            long seed = arguments.get(CommonOptions.SEED);
            out.println("backend    " + backend.name() + ", " + backend.device());
            out.println("threads    " + backend.threads());
            out.println("seed       " + seed);
            var tour = new Tour(backend, seed);
            out.println();
            out.println(tour.fiveWords());
            out.println(tour.vanishingGradient(svg -> drawing.ifPresent(file -> file.write(svg))));
            out.print(tour.weather());
            drawing.ifPresent(file -> out.println("\n" + file.path() + " written"));
        }
    }
}
