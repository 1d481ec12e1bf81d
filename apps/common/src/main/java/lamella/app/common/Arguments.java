package lamella.app.common;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was written on the command line: every value was read and is of its option's type.
public final class Arguments {
    private final Map<Option<?>, Object> values;
    private final List<String> operands;
    private final Map<String, String> environment;

    private Arguments(Map<Option<?>, Object> values, List<String> operands, Map<String, String> environment) {
        this.values = values;
        this.operands = List.copyOf(operands);
        this.environment = Map.copyOf(environment);
    }

    /// Reads what was written.
    ///
    /// @param written the text of each option that was written
    /// @param operands what was written besides options
    /// @param environment the environment's variables
    /// @throws IllegalArgumentException if an option does not take its text
    public static Arguments read(
            Map<Option<?>, String> written, List<String> operands, Map<String, String> environment) {
        var values = new LinkedHashMap<Option<?>, Object>();
        written.forEach((option, text) -> values.put(option, option.reader().apply(text)));
        return new Arguments(values, operands, environment);
    }

    /// Returns the value that was written, or else the option's default; empty where both are
    /// missing.
    public <T> Optional<T> find(Option<T> option) {
        @SuppressWarnings("unchecked") // read() put in what the option's own reader made
        T value = (T) values.get(option);
        return value == null ? option.fallback() : Optional.of(value);
    }

    /// Returns the value that was written, or else the option's default.
    ///
    /// @throws IllegalArgumentException if both are missing
    public <T> T get(Option<T> option) {
        return find(option).orElseThrow(() -> new IllegalArgumentException(option.name() + " is missing"));
    }

    /// Tells whether the option was written.
    public boolean has(Option<?> option) {
        return values.containsKey(option);
    }

    /// Returns what was written besides options.
    public List<String> operands() {
        return operands;
    }

    /// Returns a variable of the environment; a blank one counts as missing.
    public Optional<String> environment(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
