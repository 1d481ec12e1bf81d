package lamella.app.common;

/// What a verb takes besides options, at least one: `IMAGE...`.
///
/// @param label what stands for one of them in the help: `IMAGE`
/// @param description what they are, for the help
public record Operands(String label, String description) {}
