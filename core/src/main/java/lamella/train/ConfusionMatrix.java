package lamella.train;

import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// How often each class was taken for each other one, and the figures that follow.
///
/// A quotient with a divisor of 0 is 0, so a class that was never predicted has precision 0.
public final class ConfusionMatrix {
    private final long[][] counts;
    private final List<String> names;

    private ConfusionMatrix(long[][] counts, List<String> names) {
        this.counts = counts;
        this.names = names;
    }

    /// Counts pairs of label and prediction; pairs with the label −1 do not count.
    ///
    /// @param names the classes
    /// @throws IllegalArgumentException if there are not as many labels as predictions, or one is
    ///   no class
    public static ConfusionMatrix of(List<String> names, int[] labels, int[] predicted) {
        if (labels.length != predicted.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "confusion: %d labels but %d predictions", labels.length, predicted.length));
        }
        var counts = new long[names.size()][names.size()];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                requireClass("label", labels[i], i, names.size());
                requireClass("prediction", predicted[i], i, names.size());
                counts[labels[i]][predicted[i]]++;
            } else if (labels[i] != -1) {
                requireClass("label", labels[i], i, names.size());
            }
        }
        return new ConfusionMatrix(counts, List.copyOf(names));
    }

    private static void requireClass(String what, int value, int index, int classes) {
        if (value < 0 || value >= classes) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "confusion: %s %d at index %d is outside [0, %d)",
                            what,
                            value,
                            index,
                            classes));
        }
    }

    /// Returns this with other names of the classes.
    ///
    /// @throws IllegalArgumentException if there are not as many names as classes
    public ConfusionMatrix named(List<String> names) {
        if (names.size() != classes()) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "confusion: %d names for %d classes", names.size(), classes()));
        }
        return new ConfusionMatrix(counts, List.copyOf(names));
    }

    /// Returns the number of classes.
    public int classes() {
        return counts.length;
    }

    /// Returns the names of the classes.
    public List<String> names() {
        return names;
    }

    /// Returns how many examples of one class were taken for another.
    public long count(int label, int predicted) {
        return counts[label][predicted];
    }

    /// Returns how many examples a class has.
    public long support(int label) {
        return IntStream.range(0, classes()).mapToLong(p -> counts[label][p]).sum();
    }

    /// Returns how often a class was predicted.
    public long predictions(int predicted) {
        return IntStream.range(0, classes()).mapToLong(l -> counts[l][predicted]).sum();
    }

    /// Returns the number of examples.
    public long total() {
        return IntStream.range(0, classes()).mapToLong(this::support).sum();
    }

    /// Returns the number of examples whose class was predicted.
    public long correct() {
        return IntStream.range(0, classes()).mapToLong(c -> counts[c][c]).sum();
    }

    /// Returns the fraction in [0, 1] of examples whose class was predicted.
    public double accuracy() {
        return ratio(correct(), total());
    }

    /// Returns the fraction of a class's predictions that were right.
    public double precision(int label) {
        return ratio(counts[label][label], predictions(label));
    }

    /// Returns the fraction of a class's examples that were found.
    public double recall(int label) {
        return ratio(counts[label][label], support(label));
    }

    /// Returns the harmonic mean of a class's precision and recall.
    public double f1(int label) {
        return ratio(2 * counts[label][label], support(label) + predictions(label));
    }

    /// Returns the mean precision of the classes, each with the same weight.
    public double macroPrecision() {
        return mean(this::precision);
    }

    /// Returns the mean recall of the classes, each with the same weight.
    public double macroRecall() {
        return mean(this::recall);
    }

    /// Returns the mean F1 of the classes, each with the same weight.
    public double macroF1() {
        return mean(this::f1);
    }

    private double mean(IntToDoubleFunction figure) {
        return IntStream.range(0, classes()).mapToDouble(figure).average().orElse(0);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /// Returns a table: a row for each label, a column for each prediction, and the row's recall.
    @Override
    public String toString() {
        int label = Math.max("label".length(), longest(names));
        int cell = Math.max(Long.toString(total()).length(), longest(names)) + 2;
        var text = new StringBuilder(("%-" + label + "s").formatted("label"));
        names.forEach(name -> text.append(("%" + cell + "s").formatted(name)));
        text.append("   recall\n");
        for (int l = 0; l < classes(); l++) {
            text.append(("%-" + label + "s").formatted(names.get(l)));
            for (int p = 0; p < classes(); p++) {
                text.append(String.format(Locale.ROOT, "%" + cell + "d", counts[l][p]));
            }
            text.append(String.format(Locale.ROOT, "   %6.4f%n", recall(l)));
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        "accuracy %.4f, macro precision %.4f, recall %.4f, F1 %.4f",
                        accuracy(),
                        macroPrecision(),
                        macroRecall(),
                        macroF1()));
        return text.toString().replace("\r\n", "\n");
    }

    private static int longest(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }
}
