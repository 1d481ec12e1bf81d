package lamella.app.common;

import lamella.train.Callback;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Speed;
import lamella.train.TrainingControl;
import lamella.train.TrainingEvent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// Shows how a training goes: a line for each epoch and, on a terminal, below it one that is written
/// over and over. Between two writes the terminal is as the user left it, so it needs no repair when
/// the process dies.
public final class TrainingProgress implements Callback {
    private static final long NANOS_BETWEEN_LINES = 100_000_000;

    /// Back to the first column, and lines longer than the terminal are cut, not wrapped.
    private static final String START_OVER = "\r\u001b[?7l";

    /// Clears what an older, longer line left, and lines wrap again.
    private static final String REST_OF_LINE = "\u001b[K\u001b[?7h";

    private final Terminal terminal;
    private final String unit;
    private final String heldOut;
    private final String measure;
    private final char full;
    private final char empty;
    private int examples;
    private long lastLine;
    private boolean lineOpen;

    private TrainingProgress(Terminal terminal, String unit, String heldOut, String measure) {
        this.terminal = terminal;
        this.unit = unit;
        this.heldOut = heldOut;
        this.measure = measure;
        boolean lines = terminal.shows("━─");
        full = lines ? '━' : '#';
        empty = lines ? '─' : '-';
    }

    /// Returns a display.
    ///
    /// @param unit what the examples are: `images`
    /// @param heldOut what the examples are called that validation measures: `test`
    public static TrainingProgress on(Terminal terminal, String unit, String heldOut) {
        return on(terminal, unit, heldOut, "accuracy");
    }

    /// Returns a display that calls [Metrics#accuracy] something else.
    ///
    /// @param measure what it is: `exact`
    public static TrainingProgress on(Terminal terminal, String unit, String heldOut, String measure) {
        return new TrainingProgress(terminal, unit, heldOut, measure);
    }

    @Override
    public void on(TrainingEvent event, TrainingControl control) {
        switch (event) {
            case TrainingEvent.Started started -> start(started);
            case TrainingEvent.StepEnded step -> show(step);
            case TrainingEvent.EpochEnded(int epoch, int epochs, History.Row row) ->
                    endLine(epochLine(epoch, epochs, row));
            case TrainingEvent.Ended _ -> leave();
        }
    }

    private void start(TrainingEvent.Started started) {
        examples = started.examples();
        int epochs = Math.max(started.epochs(), started.history().rows().size());
        for (History.Row row : started.history().rows()) {
            terminal.out().println(epochLine(row.epoch(), epochs, row));
        }
    }

    private void show(TrainingEvent.StepEnded event) {
        long now = System.nanoTime();
        boolean due = lastLine == 0 || now - lastLine >= NANOS_BETWEEN_LINES;
        if (!terminal.live() || !due) {
            return;
        }
        lastLine = now;
        TrainingEvent.Progress progress = event.progress();
        double done = (double) progress.step() / progress.stepsPerEpoch();
        double epochsLeft = progress.epochs() - progress.epoch() + 1 - done;
        double seconds = epochsLeft * examples / Math.max(1, rate(progress.speed()));
        var line =
                new ProgressLine(
                        progress.epoch(),
                        progress.epochs(),
                        done,
                        figures("", event.mean()),
                        speed(progress.speed()),
                        Duration.ofMillis((long) (1000 * seconds)));
        // the last column stays free: a full line would leave the cursor in doubt
        String text = line.render(terminal.width() - 1, full, empty);
        terminal.out().print(START_OVER + text + REST_OF_LINE);
        terminal.out().flush();
        lineOpen = true;
    }

    private String epochLine(int epoch, int epochs, History.Row row) {
        var parts = new ArrayList<String>();
        parts.add(ProgressLine.epochOf(epoch, epochs));
        parts.addAll(figures("", row.train()));
        row.validation().ifPresent(held -> parts.addAll(figures(heldOut + " ", held)));
        Optional<Speed> speed = row.speed();
        speed.ifPresent(
                s -> {
                    parts.add(speed(s));
                    parts.add(String.format(Locale.ROOT, "%.1f s", s.seconds()));
                });
        return String.join("  ", parts);
    }

    private void endLine(String text) {
        if (lineOpen) {
            terminal.out().print("\r\u001b[K");
            lineOpen = false;
        }
        terminal.out().println(text);
        terminal.out().flush();
        lastLine = 0;
    }

    /// Ends the line that is being written over, if there is one, so that other text can follow.
    public void leave() {
        if (lineOpen) {
            terminal.out().println();
            terminal.out().flush();
            lineOpen = false;
        }
    }

    private List<String> figures(String prefix, Metrics metrics) {
        var figures = new ArrayList<String>();
        figures.add(String.format(Locale.ROOT, "%sloss %.4f", prefix, metrics.loss()));
        OptionalDouble accuracy = metrics.accuracy();
        accuracy.ifPresent(a -> figures.add(String.format(Locale.ROOT, "%s%s %.4f", prefix, measure, a)));
        return figures;
    }

    private String speed(Speed speed) {
        return String.format(Locale.ROOT, "%,.0f %s/s", rate(speed), unit);
    }

    private static double rate(Speed speed) {
        return speed.examplesPerSecond();
    }
}
