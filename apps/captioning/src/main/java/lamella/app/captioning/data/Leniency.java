package lamella.app.captioning.data;

import lamella.app.common.Option;

import java.util.function.Consumer;

/// What becomes of a data set in which single examples are no good: a picture without a caption, say.
///
/// @param lenient whether such examples are left out; otherwise the data set is refused
/// @param notes takes a line that tells what was left out
public record Leniency(boolean lenient, Consumer<String> notes) {
    /// The option that asks for it.
    public static final Option<Boolean> LENIENT =
            Option.flag(
                    "--lenient",
                    "leave out pictures without a caption, captions without a picture and broken pictures");

    /// Returns that such data sets are refused.
    public static Leniency none() {
        return new Leniency(false, _ -> {});
    }

    /// Returns that such examples are left out.
    ///
    /// @param notes takes a line that tells which
    public static Leniency telling(Consumer<String> notes) {
        return new Leniency(true, notes);
    }
}
