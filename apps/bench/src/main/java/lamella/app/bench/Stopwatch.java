package lamella.app.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// Times a step over and over and prints one line for each figure.
///
/// After a warm-up come windows of a fixed length, each of which gives one value. A window in which
/// other processes used the machine is taken again, until there are enough clean ones or the time is
/// up. System properties set all this: see [#fromProperties].
///
/// @param threads of the backend; printed
/// @param warmUp seconds
/// @param window seconds
/// @param windows how many clean ones are wanted
/// @param budget seconds after which no further window is taken
/// @param waits whether to wait for a quiet machine before each window
/// @param start when the process was started, in milliseconds since 1970
record Stopwatch(
        PrintStream out,
        int threads,
        double warmUp,
        double window,
        int windows,
        double budget,
        boolean waits,
        long start) {
    private static final double NANOS = 1e-9;
    private static final int LONGEST_WAIT = 40;
    private static final int WAIT_MILLIS = 100;

    /// Reads `threads` (2), `warm` (2), `win` (0.7), `windows` (7), `budget` (45), `prio` (false: wait
    /// for a quiet machine) and `t0` (the start of the JVM).
    static Stopwatch fromProperties() {
        return new Stopwatch(
                System.out,
                Integer.getInteger("threads", 2),
                number("warm", 2),
                number("win", 0.7),
                Integer.getInteger("windows", 7),
                number("budget", 45),
                !Boolean.getBoolean("prio"),
                Long.getLong("t0", ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    private static double number(String property, double otherwise) {
        return Double.parseDouble(System.getProperty(property, Double.toString(otherwise)));
    }

    /// Times training: the first step since the start of the process, the throughput, and a loss before
    /// and after, so that one sees whether it learns.
    ///
    /// @param units examples of a step
    void training(String workload, String metric, int units, Runnable step, DoubleSupplier loss) {
        step.run();
        value(workload, "start_to_first_step_ms", System.currentTimeMillis() - start);
        double before = loss.getAsDouble();
        throughput(workload, metric, units, step);
        print(workload, "loss_check", String.format(Locale.ROOT, "first=%.4f last=%.4f", before, loss.getAsDouble()));
    }

    /// Times a step in units a second.
    void throughput(String workload, String metric, int units, Runnable step) {
        long warm = System.nanoTime() + (long) (warmUp / NANOS);
        while (System.nanoTime() < warm) {
            step.run();
        }
        var measured = new Windows();
        long end = System.nanoTime() + (long) (budget / NANOS);
        while (measured.clean() < windows && (measured.count() < windows || System.nanoTime() < end)) {
            awaitQuiet(end);
            measured.add(window(units, step));
        }
        print(workload, metric, measured.report(threads));
    }

    private Windows.Window window(int units, Runnable step) {
        step.run();
        ProcessorUse before = ProcessorUse.now();
        long begin = System.nanoTime();
        long now = begin;
        long steps = 0;
        while ((now - begin) * NANOS < window) {
            step.run();
            now = System.nanoTime();
            steps++;
        }
        double seconds = (now - begin) * NANOS;
        return new Windows.Window(units * steps / seconds, steps, seconds, ProcessorUse.now().since(before));
    }

    private void awaitQuiet(long end) {
        for (int i = 0; waits && i < LONGEST_WAIT && System.nanoTime() < end; i++) {
            ProcessorUse before = ProcessorUse.now();
            long begin = System.nanoTime();
            try {
                Thread.sleep(WAIT_MILLIS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
            double seconds = (System.nanoTime() - begin) * NANOS;
            if (ProcessorUse.now().since(before).others() / seconds <= Windows.QUIET) {
                return;
            }
        }
    }

    /// Prints a single figure.
    void value(String workload, String metric, double value) {
        print(workload, metric, String.format(Locale.ROOT, "value=%.4f threads=%d", value, threads));
    }

    private void print(String workload, String metric, String figures) {
        out.println("peer=lamella workload=" + workload + " metric=" + metric + " " + figures);
    }
}
