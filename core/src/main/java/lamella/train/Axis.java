package lamella.train;

import java.util.ArrayList;
import java.util.List;

/// The range of a chart's axis and its marks, which lie at multiples of 1, 2 or 5 times a power of
/// ten.
///
/// @param from the least value
/// @param to the greatest
/// @param step from mark to mark
record Axis(double from, double to, double step) {
    private static final int MARKS = 6;

    /// Returns an axis that begins and ends at a mark.
    static Axis of(double least, double most) {
        double spread = most > least ? most - least : Math.max(Math.abs(most), 1) / 10;
        double step = round(spread / (MARKS - 1));
        double from = Math.floor(least / step) * step;
        double to = Math.ceil(most / step) * step;
        return new Axis(from, to > from ? to : from + step, step);
    }

    /// Returns an axis of whole numbers that begins and ends with the values.
    static Axis whole(int least, int most) {
        double step = Math.max(1, round((most - least) / 10.0));
        return new Axis(least, most, step);
    }

    private static double round(double step) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(step, Double.MIN_NORMAL))));
        double ratio = step / power;
        return power * (ratio <= 1.0001 ? 1 : ratio <= 2.0001 ? 2 : ratio <= 5.0001 ? 5 : 10);
    }

    /// Returns where a value lies, 0 at the beginning, 1 at the end.
    double position(double value) {
        return to > from ? (value - from) / (to - from) : 0.5;
    }

    /// Returns the marks within the range.
    List<Double> ticks() {
        var ticks = new ArrayList<Double>();
        long first = (long) Math.ceil(from / step - 1e-9);
        for (long i = first; i * step <= to + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
