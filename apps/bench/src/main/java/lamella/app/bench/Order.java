package lamella.app.bench;

import lamella.backend.BackendOptions;
import lamella.backend.Precision;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/// What is to be timed, on what.
///
/// @param workloads in this order
/// @param backend the backend's name
/// @param options how it is opened
record Order(List<Workload> workloads, String backend, BackendOptions options) {
    /// Reads a command line: `--backend NAME` (cpu), `--precision NAME` (the backend's own), `--batch N`
    /// (each workload's own), `--nondeterministic`, then names of workloads (all there are).
    ///
    /// @throws IllegalArgumentException if it says something else
    static Order of(List<String> arguments, int threads) {
        String backend = "cpu";
        BackendOptions options = BackendOptions.defaults().threads(threads);
        int batch = 0;
        var workloads = new ArrayList<Workload>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            switch (word) {
                case "--backend" -> backend = value(word, rest);
                case "--precision" -> options = options.precision(Precision.named(value(word, rest)));
                case "--batch" -> batch = batch(value(word, rest));
                case "--nondeterministic" -> options = options.deterministic(false);
                default -> workloads.add(named(word));
            }
        }
        List<Workload> chosen = workloads.isEmpty() ? Workload.all() : workloads;
        int size = batch;
        return new Order(
                size == 0 ? chosen : chosen.stream().map(workload -> workload.batch(size)).toList(), backend, options);
    }

    private static String value(String option, Iterator<String> rest) {
        try {
            return rest.next();
        } catch (NoSuchElementException _) {
            throw new IllegalArgumentException(option + " needs a value");
        }
    }

    private static int batch(String value) {
        if (!value.matches("[1-9]\\d{0,6}")) {
            throw new IllegalArgumentException("--batch must be a whole number of at least 1, got '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    private static Workload named(String name) {
        String known = Workload.all().stream().map(Workload::name).collect(Collectors.joining(", "));
        return Workload.all().stream()
                .filter(workload -> workload.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no workload named '" + name + "'; there are " + known));
    }
}
