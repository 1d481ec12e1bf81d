package lamella.backend;

import java.util.Optional;

/// How a backend is opened.
///
/// @param threads threads that compute, at least 1
/// @param device the index of the device, where there are several, from 0
/// @param trackMemory whether live storage remembers where it was allocated (slow; for finding leaks)
/// @param precision in what matrix products and convolutions are computed; empty for the backend's
///     own choice
/// @param deterministic whether the same program must give the same bits in every run; without, a
///     backend may measure which algorithm is fastest and choose one that adds in any order
/// @param brief whether there is so little to compute that a quick start matters more than speed
public record BackendOptions(
        int threads,
        int device,
        boolean trackMemory,
        Optional<Precision> precision,
        boolean deterministic,
        boolean brief) {
    /// Rejects fewer than 1 thread and negative devices.
    public BackendOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("backend: threads must be at least 1, got " + threads);
        }
        if (device < 0) {
            throw new IllegalArgumentException("backend: device must be at least 0, got " + device);
        }
    }

    /// Returns one thread per processor, device 0, no tracking, the backend's own precision,
    /// deterministic, not brief.
    public static BackendOptions defaults() {
        return new BackendOptions(Runtime.getRuntime().availableProcessors(), 0, false, Optional.empty(), true, false);
    }

    /// Returns these options with another number of threads.
    public BackendOptions threads(int threads) {
        return new BackendOptions(threads, device, trackMemory, precision, deterministic, brief);
    }

    /// Returns these options with another device.
    public BackendOptions device(int device) {
        return new BackendOptions(threads, device, trackMemory, precision, deterministic, brief);
    }

    /// Returns these options with or without tracking of allocation sites.
    public BackendOptions trackMemory(boolean trackMemory) {
        return new BackendOptions(threads, device, trackMemory, precision, deterministic, brief);
    }

    /// Returns these options with this precision.
    public BackendOptions precision(Precision precision) {
        return new BackendOptions(threads, device, trackMemory, Optional.of(precision), deterministic, brief);
    }

    /// Returns these options with or without the promise of the same bits in every run.
    public BackendOptions deterministic(boolean deterministic) {
        return new BackendOptions(threads, device, trackMemory, precision, deterministic, brief);
    }

    /// Returns these options for much or for little to compute.
    public BackendOptions brief(boolean brief) {
        return new BackendOptions(threads, device, trackMemory, precision, deterministic, brief);
    }
}
