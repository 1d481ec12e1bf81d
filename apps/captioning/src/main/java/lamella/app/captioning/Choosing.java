package lamella.app.captioning;

import lamella.app.common.Arguments;
import lamella.app.common.CommonOptions;
import lamella.app.common.Option;

import java.util.List;

/// The options that say how words are chosen.
final class Choosing {
    static final Option<Integer> BEAM =
            Option.integer(
                            "--beam",
                            "how many beginnings of a caption are tried at a time; 1: the likeliest word each time",
                            1)
                    .or(3);
    static final Option<Float> NORMALIZATION =
            Option.choice(
                            "--length-normalization",
                            "X",
                            "captions are compared by ln p / length^X; above 0 longer ones have a chance",
                            Choosing::power)
                    .or(0.7f);
    static final Option<Float> TEMPERATURE =
            Option.positive("--temperature", "draw the words at random; below 1 the likely ones become likelier");
    static final Option<Integer> TOP =
            Option.integer("--top", "with --temperature: how many of the likeliest words are drawn from", 1).or(20);

    private Choosing() {}

    static List<Option<?>> drawing() {
        return List.of(TEMPERATURE, TOP, CommonOptions.SEED);
    }

    private static float power(String text) {
        float power;
        try {
            power = Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--length-normalization must be a number, got '" + text + "'", e);
        }
        if (!(power >= 0 && power <= 10)) {
            throw new IllegalArgumentException("--length-normalization must be in [0, 10], got " + text);
        }
        return power;
    }

    /// Returns the search that was asked for.
    static Search search(Arguments arguments) {
        return new Search(arguments.get(BEAM), arguments.get(NORMALIZATION));
    }

    /// Returns the search, or the drawing, that was asked for.
    ///
    /// @throws IllegalArgumentException if both were
    static Saying saying(Arguments arguments) {
        if (!arguments.has(TEMPERATURE)) {
            return search(arguments);
        }
        for (Option<?> option : List.of(BEAM, NORMALIZATION)) {
            if (arguments.has(option)) {
                throw new IllegalArgumentException(option.name() + " and --temperature exclude each other");
            }
        }
        return new Sampling(arguments.get(TEMPERATURE), arguments.get(TOP), arguments.get(CommonOptions.SEED));
    }
}
