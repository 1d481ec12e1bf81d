package lamella.app.bench;

import lamella.backend.BackendOptions;
import lamella.backend.Backends;

import java.util.List;
import java.util.stream.Collectors;

/// Runs workloads from the command line: `Workloads W3 W3b`, or all of them. Each prints its figures,
/// then the most memory that the process has held.
public final class Workloads {
    private Workloads() {}

    /// Runs the workloads that are named.
    public static void main(String[] arguments) {
        List<Workload> all = Workload.all();
        List<String> names = arguments.length == 0 ? all.stream().map(Workload::name).toList() : List.of(arguments);
        var stopwatch = Stopwatch.fromProperties();
        for (String name : names) {
            var found = all.stream().filter(workload -> workload.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                String known = all.stream().map(Workload::name).collect(Collectors.joining(", "));
                System.err.println("no workload named '" + name + "'; there are " + known);
                System.exit(2);
            }
            var options = BackendOptions.defaults().threads(stopwatch.threads());
            try (var backend = Backends.installed().open("cpu", options)) {
                found.get().run(backend, stopwatch);
            }
            stopwatch.value(name, "peak_rss_mb", ProcessorUse.peakMemory());
        }
    }
}
