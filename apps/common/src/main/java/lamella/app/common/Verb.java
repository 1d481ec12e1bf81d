package lamella.app.common;

import java.util.List;
import java.util.Optional;

/// One thing that a program can do: `mnist train`.
///
/// It throws where it cannot: an [IllegalArgumentException], [IllegalStateException] or
/// [java.io.UncheckedIOException] is told to the user as its one message; anything else is a bug.
public interface Verb {
    /// Returns the word that calls it.
    String name();

    /// Returns what it does, a sentence for the help.
    String description();

    /// Returns the options that it takes.
    List<Option<?>> options();

    /// Returns what it takes besides options.
    default Optional<Operands> operands() {
        return Optional.empty();
    }

    /// Does it.
    void run(Arguments arguments, Terminal terminal);
}
