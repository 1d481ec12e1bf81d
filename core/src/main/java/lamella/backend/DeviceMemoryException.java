package lamella.backend;

/// Thrown where a device has no room for an array, also after its pool was emptied.
public final class DeviceMemoryException extends RuntimeException {
    private final String backend;
    private final String numbers;
    private final boolean named;

    /// Describes a failed allocation.
    ///
    /// @param backend the backend's name
    /// @param asked bytes that were asked for
    /// @param free bytes that the device has left
    /// @param pooled bytes that the backend keeps for reuse
    /// @param live bytes in use
    public DeviceMemoryException(String backend, long asked, long free, long pooled, long live) {
        this(
                backend,
                "asked for " + asked + " bytes, " + free + " free, " + pooled + " pooled, " + live + " in use",
                "",
                null);
    }

    private DeviceMemoryException(String backend, String numbers, String op, DeviceMemoryException cause) {
        super("backend '" + backend + "' is out of memory" + op + ": " + numbers, cause);
        this.backend = backend;
        this.numbers = numbers;
        this.named = !op.isEmpty();
    }

    /// Returns the same failure with the name of the operation that needed the memory; the first
    /// name stays.
    public DeviceMemoryException during(String op) {
        return named ? this : new DeviceMemoryException(backend, numbers, " in " + op, this);
    }
}
