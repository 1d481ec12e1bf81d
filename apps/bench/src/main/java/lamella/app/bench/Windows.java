package lamella.app.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The values of the windows of one measurement, and the line that reports them.
///
/// A window is clean if other processes used little of the machine meanwhile. Once there are a few
/// clean ones, only they count.
final class Windows {
    /// Processors that others may use in a clean window.
    static final double QUIET = 0.15;

    /// Clean windows that suffice to leave out the others.
    private static final int FEW = 3;

    private final List<Window> all = new ArrayList<>();

    /// One window.
    ///
    /// @param value what it measured
    /// @param steps how many steps it held
    /// @param seconds how long it took
    /// @param use what was used of the processors meanwhile
    record Window(double value, long steps, double seconds, ProcessorUse use) {
        boolean clean() {
            return use.others() / seconds <= QUIET;
        }
    }

    void add(Window window) {
        all.add(window);
    }

    int count() {
        return all.size();
    }

    int clean() {
        return (int) all.stream().filter(Window::clean).count();
    }

    /// Returns the values that count, in ascending order.
    double[] values() {
        boolean selected = clean() >= FEW;
        return all.stream().filter(w -> !selected || w.clean()).mapToDouble(Window::value).sorted().toArray();
    }

    /// Returns the value at a place between the smallest (0) and the largest (1).
    static double quantile(double[] sorted, double place) {
        double at = place * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// Returns the report, without what names the measurement.
    String report(int threads) {
        double[] values = values();
        double own = all.stream().mapToDouble(w -> w.use().own() / w.seconds()).average().orElse(0);
        double others = all.stream().mapToDouble(w -> w.use().others() / w.seconds()).average().orElse(0);
        return String.format(
                Locale.ROOT,
                "median=%.3f min=%.3f max=%.3f threads=%d windows=%d clean=%d/%d steps=%d cpu=%.2f other_cpu=%.2f",
                quantile(values, 0.5),
                values[0],
                values[values.length - 1],
                threads,
                values.length,
                clean(),
                all.size(),
                all.stream().mapToLong(Window::steps).sum(),
                own,
                others);
    }

    @Override
    public String toString() {
        return Arrays.toString(values());
    }
}
