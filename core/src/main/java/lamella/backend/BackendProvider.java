package lamella.backend;

/// The service that makes a backend known. A backend module says
/// `provides lamella.backend.BackendProvider with ...`.
public interface BackendProvider {
    /// Returns the name as a user types it: `cpu`, `cuda`.
    String name();

    /// Tells whether the backend can run here. Never throws; cheap; the answer does not change.
    Availability probe();

    /// Opens the backend.
    ///
    /// @throws IllegalStateException if it cannot run here, with the reason that `probe` gives
    Backend open(BackendOptions options);

    /// Returns the rank among available backends when the user names none; the highest wins.
    default int priority() {
        return 0;
    }
}
