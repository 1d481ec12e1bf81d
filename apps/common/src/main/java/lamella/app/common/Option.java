package lamella.app.common;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// An option of a command line and the values that it takes.
///
/// {@snippet :
/// static final Option<Integer> EPOCHS =
///         Option.integer("--epochs", "passes over the training images", 1).or(12);
/// }
///
/// @param <T> the type of its value
/// @param name as it is written: `--epochs`
/// @param label what stands for the value in the help: `N`; empty for a flag
/// @param description what it does, for the help
/// @param reader makes a value from what was written, or throws an [IllegalArgumentException]
/// @param fallback the value where it was not written; empty if there is none
/// @param required whether it must be written
public record Option<T>(
        String name,
        String label,
        String description,
        Function<String, T> reader,
        Optional<T> fallback,
        boolean required) {

    private static final String TOGGLE = "true|false";

    /// Returns an option without a value: false unless it is written.
    public static Option<Boolean> flag(String name, String description) {
        return new Option<>(name, "", description, _ -> true, Optional.of(false), false);
    }

    /// Returns an option that can be written without a value, for true, or with one:
    /// `--augment=false`.
    public static Option<Boolean> toggle(String name, String description) {
        return new Option<>(name, TOGGLE, description, Boolean::valueOf, Optional.empty(), false);
    }

    /// Returns an option that takes any text.
    public static Option<String> text(String name, String label, String description) {
        return new Option<>(name, label, description, text -> text, Optional.empty(), false);
    }

    /// Returns an option that takes a file or folder.
    public static Option<Path> path(String name, String label, String description) {
        return new Option<>(name, label, description, text -> asPath(name, text), Optional.empty(), false);
    }

    /// Returns an option that takes one of a few names.
    ///
    /// @param reader makes the value, or throws an [IllegalArgumentException] that lists the names
    public static <T> Option<T> choice(String name, String label, String description, Function<String, T> reader) {
        return new Option<>(name, label, description, reader, Optional.empty(), false);
    }

    /// Returns an option that takes a whole number of 32 bits.
    ///
    /// @param least the smallest value that it takes
    public static Option<Integer> integer(String name, String description, int least) {
        return new Option<>(name, "N", description, text -> asInt(name, text, least), Optional.empty(), false);
    }

    /// Returns an option that takes a whole number of 64 bits.
    public static Option<Long> wholeNumber(String name, String description) {
        return new Option<>(name, "N", description, text -> asLong(name, text), Optional.empty(), false);
    }

    /// Returns an option that takes a finite number above 0.
    public static Option<Float> positive(String name, String description) {
        return new Option<>(name, "X", description, text -> asPositive(name, text), Optional.empty(), false);
    }

    /// Returns this option with the value where it is not written.
    public Option<T> or(T value) {
        return new Option<>(name, label, description, reader, Optional.of(value), false);
    }

    /// Returns this option, but it must be written.
    public Option<T> mustBeGiven() {
        return new Option<>(name, label, description, reader, Optional.empty(), true);
    }

    boolean isFlag() {
        return label.isEmpty();
    }

    boolean isToggle() {
        return label.equals(TOGGLE);
    }

    /// The description, with the default where there is one to tell.
    String help() {
        String shown = isFlag() ? "" : fallback.map(v -> " (default: " + v + ")").orElse("");
        return description + shown;
    }

    private static Path asPath(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " must be a path, got '" + text + "'");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(name + " must be a path, got '" + text + "': " + e.getReason(), e);
        }
    }

    private static int asInt(String name, String text, int least) {
        long value = asLong(name, text);
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + text);
        }
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " must be at most " + Integer.MAX_VALUE + ", got " + text);
        }
        return (int) value;
    }

    private static long asLong(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, got '" + text + "'", e);
        }
    }

    private static float asPositive(String name, String text) {
        float value;
        try {
            value = Float.parseFloat(text.toLowerCase(Locale.ROOT));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, got '" + text + "'", e);
        }
        if (!(value > 0) || Float.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be above 0 and finite, got " + text);
        }
        return value;
    }
}
