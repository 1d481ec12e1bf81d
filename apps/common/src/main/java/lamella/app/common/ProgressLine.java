package lamella.app.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The state of a training as one line that fits a terminal:
/// `epoch 3/12 ━━━━━━━━━━━━────  61%  loss 0.0612  accuracy 0.9815  48,210 images/s  0:41 left`.
///
/// @param epoch the epoch that runs, from 1
/// @param epochs epochs in all
/// @param done how much of the epoch is over, a fraction in [0, 1]
/// @param figures loss and metrics so far, as texts
/// @param rate the speed, as a text
/// @param left the time that the rest of all epochs will take
record ProgressLine(int epoch, int epochs, double done, List<String> figures, String rate, Duration left) {
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 5;

    /// Returns the line; where it would be too long, the bar shrinks, then parts go from the right.
    ///
    /// @param width the most characters
    /// @param full a character of the bar for what is over
    /// @param empty a character of the bar for what is left
    String render(int width, char full, char empty) {
        String head = epochOf(epoch, epochs);
        var parts = new ArrayList<String>();
        parts.add(String.format(Locale.ROOT, "%3d%%", (int) (100 * done)));
        parts.addAll(figures);
        parts.add(rate);
        parts.add(clock(left) + " left");
        while (parts.size() > 1 && head.length() + 1 + joined(parts).length() > width) {
            parts.removeLast();
        }
        String tail = joined(parts);
        int room = Math.min(LONGEST_BAR, width - head.length() - tail.length() - 2);
        String bar = room < SHORTEST_BAR ? "" : bar(room, full, empty) + " ";
        String line = head + " " + bar + tail;
        return line.substring(0, Math.min(width, line.length()));
    }

    private static String joined(List<String> parts) {
        return String.join("  ", parts);
    }

    private String bar(int room, char full, char empty) {
        int filled = (int) Math.round(Math.clamp(done, 0.0, 1.0) * room);
        return String.valueOf(full).repeat(filled) + String.valueOf(empty).repeat(room - filled);
    }

    /// Returns `epoch  3/12`, as wide for every epoch.
    static String epochOf(int epoch, int epochs) {
        int digits = String.valueOf(epochs).length();
        return ("epoch %" + digits + "d/%d").formatted(epoch, epochs);
    }

    /// Returns minutes and seconds, and hours if there are any.
    static String clock(Duration time) {
        long seconds = Math.round(time.toMillis() / 1000.0);
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
