package lamella.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The course of a training, epoch by epoch.
///
/// @param rows one for each completed epoch, in order
public record History(List<Row> rows) {
    private static final String HEADER =
            "epoch,trainLoss,trainAccuracy,validationLoss,validationAccuracy,learningRate,"
                    + "examplesPerSecond,seconds\n";

    /// One epoch.
    ///
    /// @param epoch its number, from 1
    /// @param train loss (without penalty) and accuracy while it ran: in training mode, with
    ///   parameters that changed meanwhile
    /// @param validation loss and accuracy after it, in inference mode, if there is a validation
    /// @param learningRate the step size of its last step
    /// @param speed how fast it ran; not known for the epochs before a training was resumed, since
    ///   a checkpoint holds no times
    public record Row(
            int epoch, Metrics train, Optional<Metrics> validation, float learningRate, Optional<Speed> speed) {
        private String toCsv() {
            return String.join(
                    ",",
                    Integer.toString(epoch),
                    Double.toString(train.loss()),
                    text(train.accuracy()),
                    text(validation.map(v -> OptionalDouble.of(v.loss()))),
                    text(validation.map(Metrics::accuracy)),
                    Float.toString(learningRate),
                    text(speed.map(s -> OptionalDouble.of(s.examplesPerSecond()))),
                    text(speed.map(s -> OptionalDouble.of(s.seconds()))));
        }

        private static String text(Optional<OptionalDouble> number) {
            return text(number.orElse(OptionalDouble.empty()));
        }

        private static String text(OptionalDouble number) {
            return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
        }
    }

    /// Copies the list.
    public History {
        rows = List.copyOf(rows);
    }

    /// Returns a history of no epochs.
    public static History empty() {
        return new History(List.of());
    }

    /// Returns this history with one epoch more.
    public History with(Row row) {
        var longer = new ArrayList<>(rows);
        longer.add(row);
        return new History(longer);
    }

    /// Returns the rows as comma-separated values under a line of names; what is not known is
    /// empty.
    public String toCsv() {
        var text = new StringBuilder(HEADER);
        rows.forEach(row -> text.append(row.toCsv()).append('\n'));
        return text.toString();
    }

    /// Writes the rows as comma-separated values.
    ///
    /// @throws UncheckedIOException if the file cannot be written
    public void write(Path file) {
        try {
            Files.writeString(file, toCsv());
        } catch (IOException e) {
            throw new UncheckedIOException("history: " + file + " cannot be written: " + e, e);
        }
    }
}
