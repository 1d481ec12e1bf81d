package lamella.app.bench;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Times a step over and over and prints one line for each figure.
///
/// @param out where they go
/// @param protocol how it is timed
/// @param start when the process was started, in milliseconds since 1970
/// @param clock nanoseconds since any moment
/// @param await waits for a device that is behind; called where time is taken, not after each step
record Stopwatch(PrintStream out, Protocol protocol, long start, LongSupplier clock, Runnable await) {
    private static final double NANOS = 1e-9;
    private static final double MICROS = 1e6;
    private static final double MILLIS = 1e3;
    private static final int LONGEST_WAIT = 40;
    private static final int WAIT_MILLIS = 100;

    /// Returns one that begins when the process did: `t0`, or as the system says.
    static Stopwatch of(Protocol protocol) {
        Instant process = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        long start = Long.getLong("t0", process.toEpochMilli());
        return new Stopwatch(System.out, protocol, start, System::nanoTime, () -> {});
    }

    /// Returns this stopwatch for steps of a device.
    ///
    /// @param await waits until it has done all that was asked of it
    Stopwatch awaiting(Runnable await) {
        return new Stopwatch(out, protocol, start, clock, await);
    }

    /// Times training: the first step since the start of the process, the throughput, and a loss before
    /// and after, so that one sees whether it learns.
    ///
    /// @param units examples of a step
    void training(String workload, String metric, int units, Runnable step, DoubleSupplier loss) {
        first(workload, step);
        double before = loss.getAsDouble();
        throughput(workload, metric, units, step);
        print(workload, "loss_check", String.format(Locale.ROOT, "first=%.4f last=%.4f", before, loss.getAsDouble()));
    }

    /// Takes the first step and prints when it had ended, in milliseconds since the process was started.
    void first(String workload, Runnable step) {
        step.run();
        await.run();
        value(workload, "start_to_first_step_ms", System.currentTimeMillis() - start);
    }

    /// What a window measures.
    private interface Measured {
        double of(long steps, double seconds);
    }

    /// Times a step in units a second.
    void throughput(String workload, String metric, double units, Runnable step) {
        measure(workload, metric, step, (steps, seconds) -> units * steps / seconds);
    }

    /// Times a step in milliseconds.
    void milliseconds(String workload, String metric, Runnable step) {
        measure(workload, metric, step, (steps, seconds) -> seconds * MILLIS / steps);
    }

    /// Times single calls, which return when all is done, in microseconds: a window gives their median.
    void latency(String workload, String metric, Runnable call) {
        var times = new ArrayList<Long>();
        Runnable timed =
                () -> {
                    long begin = clock.getAsLong();
                    call.run();
                    times.add(clock.getAsLong() - begin);
                };
        measure(
                workload,
                metric,
                timed,
                (steps, _) -> {
                    // those before the window are the first
                    List<Long> window = times.subList(times.size() - (int) steps, times.size());
                    double[] sorted = window.stream().mapToDouble(nanos -> nanos * NANOS * MICROS).sorted().toArray();
                    times.clear();
                    return Windows.quantile(sorted, 0.5);
                });
    }

    private void measure(String workload, String metric, Runnable step, Measured measured) {
        double each = warmUp(step);
        var taken = new Windows();
        long end = clock.getAsLong() + (long) (protocol.budget() / NANOS);
        int wanted = protocol.windows();
        while (taken.clean() < wanted && (taken.count() < wanted || clock.getAsLong() < end)) {
            awaitQuiet(end);
            Windows.Window window = window(step, Math.max(1, Math.round(protocol.window() / each)), measured);
            each = window.seconds() / window.steps();
            taken.add(window);
        }
        print(workload, metric, taken.report(protocol.threads()));
    }

    /// Returns how many seconds a step takes in the end. How many fit into a window must be known before
    /// it begins: a device is asked for steps faster than it does them.
    private double warmUp(Runnable step) {
        long begin = clock.getAsLong();
        long steps = 1;
        double each;
        do {
            each = seconds(step, steps) / steps;
            steps = Math.max(1, Math.min(2 * steps, (long) (protocol.window() / each)));
        } while ((clock.getAsLong() - begin) * NANOS < protocol.warmUp());
        return each;
    }

    private double seconds(Runnable step, long steps) {
        long begin = clock.getAsLong();
        for (long i = 0; i < steps; i++) {
            step.run();
        }
        await.run();
        return Math.max(1, clock.getAsLong() - begin) * NANOS;
    }

    private Windows.Window window(Runnable step, long steps, Measured measured) {
        seconds(step, 1);
        ProcessorUse before = ProcessorUse.now();
        double seconds = seconds(step, steps);
        return new Windows.Window(measured.of(steps, seconds), steps, seconds, ProcessorUse.now().since(before));
    }

    private void awaitQuiet(long end) {
        for (int i = 0; protocol.waits() && i < LONGEST_WAIT && clock.getAsLong() < end; i++) {
            ProcessorUse before = ProcessorUse.now();
            long begin = clock.getAsLong();
            try {
                Thread.sleep(WAIT_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            double seconds = (clock.getAsLong() - begin) * NANOS;
            if (ProcessorUse.now().since(before).others() / seconds <= Windows.QUIET) {
                return;
            }
        }
    }

    /// Prints a single figure.
    void value(String workload, String metric, double value) {
        print(workload, metric, String.format(Locale.ROOT, "value=%.4f threads=%d", value, protocol.threads()));
    }

    /// Prints what is no figure.
    void text(String workload, String metric, String text) {
        print(workload, metric, "text=\"" + text + "\"");
    }

    private void print(String workload, String metric, String figures) {
        out.println("peer=lamella workload=" + workload + " metric=" + metric + " " + figures);
    }
}
