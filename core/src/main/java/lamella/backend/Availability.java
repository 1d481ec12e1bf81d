package lamella.backend;

/// Whether a backend can run on this machine.
public sealed interface Availability {
    /// It can.
    ///
    /// @param device what it would run on, such as `8 cores, 256-bit vectors`
    record Available(String device) implements Availability {}

    /// It cannot.
    ///
    /// @param reason why, as the end of a sentence: `libcudnn.so.9 was not found`
    record Unavailable(String reason) implements Availability {}
}
