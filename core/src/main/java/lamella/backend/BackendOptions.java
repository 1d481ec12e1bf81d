package lamella.backend;

/// How a backend is opened.
///
/// @param threads threads that compute, at least 1
/// @param device the index of the device, where there are several, from 0
/// @param trackMemory whether live storage remembers where it was allocated (slow; for finding leaks)
public record BackendOptions(int threads, int device, boolean trackMemory) {
    /// Rejects fewer than 1 thread and negative devices.
    public BackendOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("backend: threads must be at least 1, got " + threads);
        }
        if (device < 0) {
            throw new IllegalArgumentException("backend: device must be at least 0, got " + device);
        }
    }

    /// Returns one thread per processor, device 0, no tracking.
    public static BackendOptions defaults() {
        return new BackendOptions(Runtime.getRuntime().availableProcessors(), 0, false);
    }

    /// Returns these options with another number of threads.
    public BackendOptions threads(int threads) {
        return new BackendOptions(threads, device, trackMemory);
    }

    /// Returns these options with or without tracking of allocation sites.
    public BackendOptions trackMemory(boolean trackMemory) {
        return new BackendOptions(threads, device, trackMemory);
    }
}
