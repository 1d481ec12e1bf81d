package lamella.train;

import lamella.data.ImageDataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// A training on one page of HTML that needs nothing else: no network, no script, no other file.
/// What is left out is not shown.
///
/// {@snippet :
/// Report.titled("lenet5 on MNIST")
///         .settings(Map.of("batch size", "128"))
///         .history(history)
///         .confusion(evaluation.confusion())
///         .pictures(Report.Picture.of(test, evaluation))
///         .write(Path.of("report.html"));
/// }
///
/// @param title the heading
/// @param settings names and values, in order
/// @param history the course of the training
/// @param measured what the examples are called that the history's validation measures
/// @param confusion how often each class was taken for each other one
/// @param pictures images that were classified wrongly
/// @param passages texts that were classified wrongly
/// @param captions pictures with what a net said about them
public record Report(
        String title,
        Map<String, String> settings,
        History history,
        String measured,
        Optional<ConfusionMatrix> confusion,
        List<Picture> pictures,
        List<Passage> passages,
        List<Caption> captions) {

    /// An image with a caption.
    ///
    /// @param png the image, a PNG file
    /// @param label what it is
    /// @param predicted what it was taken for
    /// @param probability how sure the net was, in [0, 1]
    public record Picture(byte[] png, String label, String predicted, float probability) {
        /// Returns the mistakes of an evaluation, with the names of its classes.
        ///
        /// @param images what was evaluated, grey or RGB
        public static List<Picture> of(ImageDataset images, Evaluation evaluation) {
            return evaluation.mistakes().stream().map(m -> of(images, evaluation, m)).toList();
        }

        private static Picture of(ImageDataset images, Evaluation evaluation, Evaluation.Mistake mistake) {
            var shape = images.image();
            List<String> names = evaluation.confusion().names();
            return new Picture(
                    Png.encode(images.pixels(mistake.index()), shape.dim(0), shape.dim(1), shape.dim(2)),
                    names.get(mistake.label()),
                    names.get(mistake.predicted()),
                    mistake.probability());
        }
    }

    /// A text that is shown with what it is and what it was taken for.
    ///
    /// @param text the text; a long one is shown in part, the rest on demand
    /// @param label what it is
    /// @param predicted what it was taken for
    /// @param probability how sure the net was, in [0, 1]
    public record Passage(String text, String label, String predicted, float probability) {
        /// Returns the mistakes of an evaluation, with the names of its classes.
        ///
        /// @param texts the text of each example that was evaluated, by its number
        public static List<Passage> of(IntFunction<String> texts, Evaluation evaluation) {
            List<String> names = evaluation.confusion().names();
            return evaluation.mistakes().stream()
                    .map(
                            mistake ->
                                    new Passage(
                                            texts.apply(mistake.index()),
                                            names.get(mistake.label()),
                                            names.get(mistake.predicted()),
                                            mistake.probability()))
                    .toList();
        }
    }

    /// A picture with what people and a net say about it.
    ///
    /// @param png the picture, a PNG file
    /// @param references what people say
    /// @param said what the net says
    /// @param looks what it looked at before each word; none if it does not tell
    public record Caption(byte[] png, List<String> references, String said, List<Look> looks) {
        /// Copies the lists.
        public Caption {
            references = List.copyOf(references);
            looks = List.copyOf(looks);
        }
    }

    /// How much a net looked at each region of a picture before it said a word.
    ///
    /// @param word the word
    /// @param rows of regions
    /// @param columns of regions
    /// @param strengths how strongly to show each region, row after row, in [0, 1]
    public record Look(String word, int rows, int columns, float[] strengths) {
        /// Rejects a number of strengths that is not that of the regions.
        public Look {
            if (rows < 1 || columns < 1 || strengths.length != (long) rows * columns) {
                throw new IllegalArgumentException(
                        "report: '%s' has %d strengths for %d x %d regions"
                                .formatted(word, strengths.length, rows, columns));
            }
        }
    }

    /// Copies settings, pictures, passages and captions.
    public Report {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        pictures = List.copyOf(pictures);
        passages = List.copyOf(passages);
        captions = List.copyOf(captions);
    }

    /// Returns a report with nothing but a title.
    public static Report titled(String title) {
        return new Report(
                title, Map.of(), History.empty(), "validation", Optional.empty(), List.of(), List.of(), List.of());
    }

    /// Returns this report with more settings.
    public Report settings(Map<String, String> more) {
        var all = new LinkedHashMap<>(settings);
        all.putAll(more);
        return new Report(title, all, history, measured, confusion, pictures, passages, captions);
    }

    /// Returns this report with a history.
    public Report history(History history) {
        return new Report(title, settings, history, measured, confusion, pictures, passages, captions);
    }

    /// Returns this report with another name for what the history's validation measures, in place of
    /// `validation`.
    public Report measuredOn(String examples) {
        return new Report(title, settings, history, examples, confusion, pictures, passages, captions);
    }

    /// Returns this report with a confusion matrix.
    public Report confusion(ConfusionMatrix confusion) {
        return new Report(title, settings, history, measured, Optional.of(confusion), pictures, passages, captions);
    }

    /// Returns this report with more pictures.
    public Report pictures(List<Picture> more) {
        var all = new ArrayList<>(pictures);
        all.addAll(more);
        return new Report(title, settings, history, measured, confusion, all, passages, captions);
    }

    /// Returns this report with more texts.
    public Report passages(List<Passage> more) {
        var all = new ArrayList<>(passages);
        all.addAll(more);
        return new Report(title, settings, history, measured, confusion, pictures, all, captions);
    }

    /// Returns this report with more captions.
    public Report captions(List<Caption> more) {
        var all = new ArrayList<>(captions);
        all.addAll(more);
        return new Report(title, settings, history, measured, confusion, pictures, passages, all);
    }

    /// Returns the page.
    public String toHtml() {
        return ReportPage.of(this);
    }

    /// Writes the page.
    ///
    /// @throws UncheckedIOException if the file cannot be written
    public void write(Path file) {
        try {
            Files.writeString(file, toHtml());
        } catch (IOException e) {
            throw new UncheckedIOException("report: " + file + " cannot be written: " + e, e);
        }
    }
}
