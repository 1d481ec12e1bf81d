package lamella.app.imdb.tour;

import lamella.app.imdb.tour.FiveWords.Result;
import lamella.app.imdb.tour.Sentence.Fault;
import lamella.app.imdb.tour.VanishingGradient.Curve;
import lamella.backend.Backend;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Three experiments that show what recurrent nets are for: each says what it does, then its figures.
public final class Tour {
    private static final int PASSES = 150;
    private static final int SENTENCES = 1000;
    private static final int RIGHT_SHOWN = 3;
    private static final int YEARS = 24;
    private static final int TEST_YEARS = 8;
    private static final int EPOCHS = 20;
    private static final int[] DISTANCES = {1, 10, 50, 99};

    private final Backend backend;
    private final long seed;

    /// Makes a tour.
    ///
    /// @param seed of all random numbers: same seed, same figures
    public Tour(Backend backend, long seed) {
        this.backend = backend;
        this.seed = seed;
    }

    /// Lets nets learn a language of five words, with and without memory, and lists how they speak.
    public String fiveWords() {
        var words = new FiveWords(backend, seed, PASSES, SENTENCES);
        List<Result> results = List.of(words.oneWord(), words.rnn(), words.lstm());
        var text = new StringBuilder();
        text.append(
                """
                1. Five words
                A net reads sentences such as "Harry met Sally .", of two different names, and then says 1,000 of its own.
                "RNN, one word" has its memory emptied before each word.

                                 nats a word   least   right  same name  too short  too long  other  met themselves
                """);
        for (Result r : results) {
            var faults = r.faults();
            text.append(
                    line(
                            "%-16s %11.4f  %.4f  %6d  %9d  %9d  %8d  %5d  %13.1f%%",
                            r.net(),
                            r.loss(),
                            r.least(),
                            faults.get(Fault.NONE),
                            faults.get(Fault.SAME_NAME),
                            faults.get(Fault.TOO_SHORT),
                            faults.get(Fault.TOO_LONG),
                            faults.get(Fault.OTHER),
                            100 * r.selfMeetings()));
        }
        text.append('\n');
        for (Result r : results) {
            text.append(line("%-16s %s", r.net(), some(r.said())));
        }
        return text.toString();
    }

    /// A few sentences: the first three that are right, and the first with each fault.
    private static String some(List<Sentence> said) {
        return Stream.of(Fault.values())
                .flatMap(f -> said.stream().filter(s -> s.fault() == f).limit(f == Fault.NONE ? RIGHT_SHOWN : 1))
                .map(Sentence::toString)
                .collect(Collectors.joining(" "));
    }

    /// Measures what different cells leave of the gradient over time, and lists it.
    ///
    /// @param svg takes the same as a drawing
    public String vanishingGradient(Consumer<String> svg) {
        List<Curve> curves = new VanishingGradient(backend, seed).measure();
        svg.accept(new GradientChart(curves).toSvg());
        var text = new StringBuilder();
        text.append(
                """
                2. The vanishing gradient
                The norm of the gradient of the loss after step 100 with respect to the hidden state some steps before.

                """);
        text.append(String.format(Locale.ROOT, "%-21s", "steps before"));
        for (int distance : DISTANCES) {
            text.append(String.format(Locale.ROOT, "%9s", distance));
        }
        text.append("     a step\n");
        for (Curve curve : curves) {
            text.append(String.format(Locale.ROOT, "%-21s", curve.name()));
            for (int distance : DISTANCES) {
                text.append(String.format(Locale.ROOT, "%9.1e", curve.norms()[distance]));
            }
            text.append(line("     x %.2f", curve.factor()));
        }
        return text.toString();
    }

    /// Lets a net forecast invented weather, and lists how well, beside forecasts that need no net.
    public String weather() {
        Weather.Result result = new Weather(backend, seed, YEARS, TEST_YEARS, EPOCHS).forecast();
        var text = new StringBuilder();
        text.append(
                """
                3. Tomorrow's weather
                The root of the mean squared error of a forecast for the next day, in 8 years after the 24 of learning.

                                     mean of season  as today     GRU  best possible
                """);
        for (int v = 0; v < Climate.VARIABLES.size(); v++) {
            Climate.Variable variable = Climate.VARIABLES.get(v);
            text.append(
                    line(
                            "%-19s  %14.2f  %8.2f  %6.2f  %13.2f",
                            variable.name() + ", " + variable.unit(),
                            result.climatology()[v],
                            result.persistence()[v],
                            result.net()[v],
                            result.best()[v]));
        }
        return text.toString();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
