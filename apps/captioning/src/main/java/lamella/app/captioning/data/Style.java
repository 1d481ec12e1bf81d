package lamella.app.captioning.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// A style in which emoji are drawn.
public enum Style {
    /// Noto Emoji.
    GOOGLE,
    /// Twemoji.
    TWITTER,
    /// Fluent Emoji, flat.
    FLUENT,
    /// Noto Emoji, first version.
    NOTO1,
    /// EmojiOne 2.3.
    EMOJIONE;

    /// Returns the style of this name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Style named(String name) {
        return Arrays.stream(values())
                .filter(style -> style.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no style named '%s'; known: [%s]".formatted(name, names(", "))));
    }

    /// Returns all names.
    ///
    /// @param between what is put between two of them
    public static String names(String between) {
        return Arrays.stream(values()).map(Style::toString).collect(Collectors.joining(between));
    }

    /// Returns the name as it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
