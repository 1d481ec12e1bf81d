package lamella.app.common;

import java.util.Map;

/// Entries of a model file's metadata, which a program wrote there as texts. Their names begin with its own:
/// `caption.hidden`.
public final class Texts {
    private Texts() {}

    /// Returns an entry.
    ///
    /// @throws IllegalArgumentException if it is missing
    public static String get(Map<String, String> metadata, String name) {
        String text = metadata.get(name);
        if (text == null) {
            String program = name.substring(0, name.indexOf('.'));
            throw new IllegalArgumentException("was not written by %s train: it has no %s".formatted(program, name));
        }
        return text;
    }

    /// Returns an entry that is a whole number.
    ///
    /// @param least the smallest that it may be
    /// @throws IllegalArgumentException if it is missing or something else
    public static int count(Map<String, String> metadata, String name, int least) {
        String text = get(metadata, name);
        try {
            int count = Integer.parseInt(text);
            if (count >= least) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s must be a whole number, got '%s'".formatted(name, text), e);
        }
        throw new IllegalArgumentException("%s must be at least %d, got %s".formatted(name, least, text));
    }

    /// Returns an entry that is a number.
    ///
    /// @throws IllegalArgumentException if it is missing or something else
    public static float number(Map<String, String> metadata, String name) {
        String text = get(metadata, name);
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s must be a number, got '%s'".formatted(name, text), e);
        }
    }

    /// Returns an entry that is true or false.
    ///
    /// @throws IllegalArgumentException if it is missing or something else
    public static boolean flag(Map<String, String> metadata, String name) {
        return switch (get(metadata, name)) {
            case "true" -> true;
            case "false" -> false;
            case String other ->
                    throw new IllegalArgumentException("%s must be true or false, got '%s'".formatted(name, other));
        };
    }
}
