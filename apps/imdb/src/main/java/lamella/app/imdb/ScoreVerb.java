package lamella.app.imdb;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Operands;
import lamella.app.common.Option;
import lamella.app.common.Plugins;
import lamella.app.common.Terminal;
import lamella.app.common.Utf8Lines;
import lamella.app.common.Verb;
import lamella.backend.Backend;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Judges reviews.
///
/// All reviews are looked at before the first is judged: where one has no word that the net knows there is
/// one message and no output.
///
/// @param in the standard input; asked for if no reviews are on the command line
record ScoreVerb(Supplier<InputStream> in) implements Verb {
    private static final Option<Integer> WORDS =
            Option.integer("--words", "how many words to tell that moved the verdict most", 0).or(5);
    private static final int SHOWN = 60;

    /// A review on its way.
    ///
    /// @param name what it is called in messages: `review 2`
    /// @param text as it was written
    private record Given(String name, String text) {}

    @Override
    public String name() {
        return "score";
    }

    @Override
    public String description() {
        return "Judges each review: the verdict, the probability that it is positive, and the words that moved it"
                + " most, with the difference that each makes: the probability less that without the word.";
    }

    @Override
    public List<Option<?>> options() {
        return CommonOptions.computing(TrainedModel.MODEL, WORDS);
    }

    @Override
    public Optional<Operands> operands() {
        return Optional.of(
                Operands.optional("TEXT", "a review (default: the standard input, one review in each line)"));
    }

    @Override
    public void run(Arguments arguments, Terminal terminal) {
        List<Given> reviews = reviews(arguments.operands());
        Plugins plugins = Plugins.load();
        plugins.notes().forEach(terminal.err()::println);
        try (Backend backend = CommonOptions.open(plugins.backends(), arguments)) {
            TrainedModel trained = TrainedModel.open(arguments.get(TrainedModel.MODEL), plugins.layers(), backend);
            Encoding encoding = trained.encoding();
            List<List<String>> seen = reviews.stream().map(given -> seen(given, encoding)).toList();
            var judge = new Judge(trained);
            for (int i = 0; i < reviews.size(); i++) {
                print(reviews.get(i).text(), judge.judge(seen.get(i), arguments.get(WORDS)), terminal.out());
            }
        }
    }

    private List<Given> reviews(List<String> operands) {
        boolean written = !operands.isEmpty();
        List<String> texts = written ? operands : Utf8Lines.of("standard input", in.get());
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("standard input: holds no reviews");
        }
        var reviews = new ArrayList<Given>();
        for (String text : texts) {
            String place = written ? "review " : "standard input: line ";
            reviews.add(new Given(place + (reviews.size() + 1), text));
        }
        return reviews;
    }

    /// Returns the words that the net sees.
    ///
    /// @throws IllegalArgumentException if it knows none of them
    private static List<String> seen(Given review, Encoding encoding) {
        if (review.text().isBlank()) {
            throw new IllegalArgumentException(review.name() + ": the review is empty");
        }
        List<String> seen = encoding.seen(review.text());
        if (seen.stream().noneMatch(encoding.vocabulary()::contains)) {
            throw new IllegalArgumentException(
                    "%s: the model knows none of its words (%,d of them; vocabulary %,d)"
                            .formatted(review.name(), seen.size(), encoding.vocabulary().size()));
        }
        return seen;
    }

    private static void print(String text, Judge.Verdict verdict, PrintStream to) {
        to.println(String.format(Locale.ROOT, "%s %.4f  %s", verdict.label(), verdict.positive(), shown(text)));
        if (!verdict.words().isEmpty()) {
            String words =
                    verdict.words().stream()
                            .map(m -> String.format(Locale.ROOT, "%s %+.4f", m.word(), m.difference()))
                            .collect(Collectors.joining(", "));
            to.println("                 " + words);
        }
    }

    /// The beginning of a text on one line, without characters that a terminal might obey.
    private static String shown(String text) {
        String start = text.strip().replaceAll("[\\s\\p{Cntrl}\\p{Cf}]+", " ");
        return start.codePointCount(0, start.length()) > SHOWN
                ? start.substring(0, start.offsetByCodePoints(0, SHOWN)) + "..."
                : start;
    }
}
