package lamella.train;

/// Examples trained in some time.
///
/// @param examples how many
/// @param seconds how long it took, without validation
public record Speed(long examples, double seconds) {
    /// Returns examples per second.
    public double examplesPerSecond() {
        return examples / Math.max(seconds, 1e-9);
    }
}
