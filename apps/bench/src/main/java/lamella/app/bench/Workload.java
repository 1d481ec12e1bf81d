package lamella.app.bench;

import lamella.backend.Backend;

import java.util.List;

/// A net or a kernel of a fixed size, timed from end to end; the same is timed with other frameworks.
interface Workload {
    /// Returns what it is called on the command line: `W3`.
    String name();

    /// Builds what it needs on the backend and times it.
    void run(Backend backend, Stopwatch stopwatch);

    /// Returns all there are.
    static List<Workload> all() {
        return List.of(new SequenceWorkload("W3", 80, 32), new SequenceWorkload("W3b", 200, 64));
    }
}
