package lamella.data;

/// Some examples, ready for a step.
///
/// @param inputs what the net sees, `[N, ...]`
/// @param targets what it should say: int32 labels `[N]`, or float32 values
/// @param size the number of examples, N
public record Batch(Values inputs, Values targets, int size) {
    /// Rejects parts whose first extent is not the number of examples.
    public Batch {
        requireRows("inputs", inputs, size);
        requireRows("targets", targets, size);
    }

    private static void requireRows(String name, Values values, int size) {
        if (values.shape().rank() < 1 || values.shape().dim(0) != size) {
            throw new IllegalArgumentException(
                    "batch: " + name + " are " + values.shape() + " for " + size + " examples");
        }
    }
}
