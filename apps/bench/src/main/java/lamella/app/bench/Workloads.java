package lamella.app.bench;

import lamella.backend.Backend;
import lamella.backend.Backends;

import java.util.List;

/// Runs workloads from the command line: `Workloads --backend cuda W3 W3b`, or all of them. Each prints
/// its figures, then what memory it took.
public final class Workloads {
    private static final double MEBI = 1 << 20;

    private Workloads() {}

    /// Runs the workloads that are named; [Order] says what else can be written.
    public static void main(String[] arguments) {
        var protocol = Protocol.fromProperties();
        var stopwatch = Stopwatch.of(protocol);
        try {
            Order order = Order.of(List.of(arguments), protocol.threads());
            for (Workload workload : order.workloads()) {
                try (Backend backend = Backends.installed().open(order.backend(), order.options())) {
                    run(workload, backend, stopwatch.awaiting(backend::synchronize));
                }
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Workload workload, Backend backend, Stopwatch stopwatch) {
        stopwatch.text(workload.name(), "backend", backend.name() + ", " + backend.device());
        workload.run(backend, stopwatch);
        var memory = backend.memory();
        stopwatch.value(workload.name(), "peak_memory_mb", memory.peak() / MEBI);
        stopwatch.value(workload.name(), "reserved_memory_mb", (memory.live() + memory.pooled()) / MEBI);
        stopwatch.value(workload.name(), "peak_rss_mb", ProcessorUse.peakMemory());
    }
}
