package lamella.app.captioning;

import lamella.app.common.Arguments;
import lamella.app.common.Option;

/// The options that choose a net.
final class Net {
    static final Option<Design.Kind> KIND =
            Option.choice(
                            "--net",
                            "NET",
                            "attend looks at regions of the picture before each word, tell sees it once",
                            Design.Kind::named)
                    .or(Design.Kind.ATTEND);
    static final Option<Integer> EMBEDDING =
            Option.integer("--embedding", "the length of a word's vector (default: depends on the data set)", 1);
    static final Option<Integer> HIDDEN =
            Option.integer("--hidden", "units of the LSTM (default: depends on the data set)", 1);
    static final Option<Float> DROPOUT =
            Option.choice(
                    "--dropout",
                    "X",
                    "the rate at which numbers are dropped around the LSTM (default: depends on the data set)",
                    Net::rate);
    static final Option<Boolean> TIED =
            Option.toggle("--tied", "judge words by the vectors that they are told with (default: true)");

    private Net() {}

    private static float rate(String text) {
        float rate;
        try {
            rate = Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--dropout must be a number, got '" + text + "'", e);
        }
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("--dropout must be in [0, 1), got " + text);
        }
        return rate;
    }

    /// Returns the net that was asked for, with the sizes that do well on a data set.
    static Design of(Arguments arguments) {
        boolean emoji = !arguments.get(Data.DATASET).photos();
        int size = emoji ? 128 : 192;
        return new Design(
                arguments.get(KIND),
                Design.encoder(1, 48, 96, 192),
                arguments.find(EMBEDDING).orElse(size),
                arguments.find(HIDDEN).orElse(emoji ? 256 : 384),
                emoji ? 96 : 128,
                arguments.find(DROPOUT).orElse(emoji ? 0.15f : 0.3f),
                arguments.find(TIED).orElse(true));
    }
}
