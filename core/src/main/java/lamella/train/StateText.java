package lamella.train;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// A training state as text. Numbers are written such that they are read back with the same bits.
final class StateText {
    private StateText() {}

    static String tally(Tally tally) {
        return String.format(
                Locale.ROOT,
                "%d,%d,%s,%d,%d",
                tally.batches(),
                tally.examples(),
                Double.toString(tally.lossSum()),
                tally.correct(),
                tally.labels());
    }

    static Tally toTally(String name, Map<String, String> metadata) {
        String text = required(name, metadata);
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 5) {
                var tally =
                        new Tally(
                                Integer.parseInt(parts[0]),
                                Long.parseLong(parts[1]),
                                Double.parseDouble(parts[2]),
                                Long.parseLong(parts[3]),
                                Long.parseLong(parts[4]));
                if (tally.batches() < 0) {
                    throw wrong(name, "at least 0", text);
                }
                return tally;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw wrong(name, "5 numbers", text);
    }

    static String history(History history) {
        return history.rows().stream().map(StateText::row).collect(Collectors.joining(";"));
    }

    private static String row(History.Row row) {
        String train = metrics(row.train());
        String validation = row.validation().map(StateText::metrics).orElse(",");
        return train + "," + validation + "," + row.learningRate();
    }

    private static String metrics(Metrics metrics) {
        OptionalDouble accuracy = metrics.accuracy();
        return metrics.loss() + "," + (accuracy.isPresent() ? accuracy.getAsDouble() : "");
    }

    static History toHistory(String name, Map<String, String> metadata) {
        String text = required(name, metadata);
        History history = History.empty();
        if (text.isEmpty()) {
            return history;
        }
        for (String row : text.split(";", -1)) {
            history = history.with(toRow(name, history.rows().size() + 1, row));
        }
        return history;
    }

    private static History.Row toRow(String name, int epoch, String text) {
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 5) {
                return new History.Row(
                        epoch,
                        toMetrics(parts[0], parts[1]),
                        parts[2].isEmpty() ? Optional.empty() : Optional.of(toMetrics(parts[2], parts[3])),
                        Float.parseFloat(parts[4]),
                        Optional.empty());
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw wrong(name, "rows of 5 numbers", text);
    }

    private static Metrics toMetrics(String loss, String accuracy) {
        return new Metrics(
                Double.parseDouble(loss),
                accuracy.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(accuracy)));
    }

    static long whole(String name, Map<String, String> metadata) {
        String text = required(name, metadata);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw wrong(name, "a whole number", text);
        }
    }

    static long count(String name, Map<String, String> metadata) {
        long count = whole(name, metadata);
        if (count < 0) {
            throw wrong(name, "at least 0", metadata.get(name));
        }
        return count;
    }

    private static String required(String name, Map<String, String> metadata) {
        String text = metadata.get(name);
        if (text == null) {
            throw new IllegalArgumentException("training state: '" + name + "' is missing");
        }
        return text;
    }

    private static IllegalArgumentException wrong(String name, String expected, String text) {
        return new IllegalArgumentException(
                "training state: '%s' must be %s, got '%s'".formatted(name, expected, text));
    }
}
