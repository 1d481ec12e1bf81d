package lamella.app.common;

/// What a verb takes besides options: `IMAGE...`.
///
/// @param label what stands for one of them in the help: `IMAGE`
/// @param description what they are, for the help
/// @param required whether there must be at least one
public record Operands(String label, String description, boolean required) {
    /// Returns operands of which there must be at least one.
    public static Operands required(String label, String description) {
        return new Operands(label, description, true);
    }

    /// Returns operands that may be left out.
    public static Operands optional(String label, String description) {
        return new Operands(label, description, false);
    }
}
