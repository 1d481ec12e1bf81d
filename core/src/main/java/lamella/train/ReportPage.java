package lamella.train;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/// The parts of a report's page.
final class ReportPage {
    private static final int LONGEST_PASSAGE = 320;
    private static final int SHOWN_OF_PASSAGE = 240;

    /// Where a PNG file has its width and its height.
    private static final int PNG_WIDTH = 16;

    private static final int PNG_HEIGHT = 20;

    /// Red, green and blue of a region that was not looked at, and of one that was.
    private static final int DARK = 64;

    private static final int[] LIT = {255, 214, 150};

    private final StringBuilder page = new StringBuilder();

    private ReportPage() {}

    static String of(Report report) {
        var page = new ReportPage();
        String title = Html.escape(report.title());
        page.add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.add("<title>" + title + "</title>\n");
        page.add("<style>\n" + ReportStyle.CSS + "</style>\n</head>\n<body>\n<main>\n");
        page.add("<h1>" + title + "</h1>\n");
        page.tiles(report);
        page.curves(report.history(), report.measured());
        page.settings(report.settings());
        report.confusion().ifPresent(page::confusion);
        page.table(report.history(), report.measured());
        page.pictures(report.pictures());
        page.passages(report.passages());
        page.captions(report.captions());
        page.add("</main>\n</body>\n</html>\n");
        return page.page.toString();
    }

    private void add(String html) {
        page.append(html);
    }

    private void tiles(Report report) {
        var tiles = new ArrayList<String>();
        report.confusion()
                .ifPresent(
                        confusion -> {
                            tiles.add(tile("test accuracy", Figures.percent(confusion.accuracy())));
                            tiles.add(tile("macro F1", Figures.percent(confusion.macroF1())));
                        });
        if (!report.history().rows().isEmpty()) {
            History.Row last = report.history().rows().getLast();
            last.validation().ifPresent(v -> tiles.add(tile(report.measured() + " loss", Figures.brief(v.loss()))));
            tiles.add(tile("train loss", Figures.brief(last.train().loss())));
            tiles.add(tile("epochs", Integer.toString(last.epoch())));
            last.speed().ifPresent(speed -> tiles.add(tile("examples/s", grouped(speed.examplesPerSecond()))));
        }
        if (!tiles.isEmpty()) {
            add("<div class=\"tiles\">\n" + String.join("", tiles) + "</div>\n");
        }
    }

    private static String tile(String name, String figure) {
        return "<div class=\"tile\"><b>%s</b><span>%s</span></div>\n".formatted(Html.escape(figure), Html.escape(name));
    }

    private void curves(History history, String measured) {
        var loss = chart(history, measured, "Loss", m -> OptionalDouble.of(m.loss()), Figures::brief);
        var accuracy = chart(history, measured, "Accuracy", Metrics::accuracy, ReportPage::percent);
        String drawn = loss.toSvg() + accuracy.toSvg();
        if (!drawn.isEmpty()) {
            add("<section>\n<div class=\"charts\">\n" + drawn + "</div>\n");
            add("<p class=\"note\">train: while the epoch ran; " + Html.escape(measured) + ": after it</p>\n");
            add("</section>\n");
        }
    }

    private static Chart chart(
            History history,
            String measured,
            String title,
            Function<Metrics, OptionalDouble> value,
            DoubleFunction<String> figure) {
        var train = new ArrayList<Chart.Point>();
        var validation = new ArrayList<Chart.Point>();
        for (History.Row row : history.rows()) {
            point(row.epoch(), value.apply(row.train())).ifPresent(train::add);
            row.validation().flatMap(v -> point(row.epoch(), value.apply(v))).ifPresent(validation::add);
        }
        return new Chart(
                title,
                List.of(new Chart.Curve("train", "train", train), new Chart.Curve(measured, "validation", validation)),
                figure);
    }

    private static Optional<Chart.Point> point(int epoch, OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? Optional.of(new Chart.Point(epoch, value.getAsDouble()))
                : Optional.empty();
    }

    private static String percent(double fraction) {
        return Figures.brief(100 * fraction) + " %";
    }

    private void settings(Map<String, String> settings) {
        if (settings.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Settings</h2>\n<table class=\"settings\">\n");
        settings.forEach(
                (name, value) ->
                        add(
                                "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n"
                                        .formatted(Html.escape(name), Html.escape(value))));
        add("</table>\n</section>\n");
    }

    private void confusion(ConfusionMatrix matrix) {
        add("<section>\n<h2>Confusion matrix</h2>\n<div class=\"scroll\">\n");
        add("<table class=\"confusion\">\n<thead><tr><th>label \\ predicted</th>");
        matrix.names().forEach(name -> add("<th scope=\"col\">" + Html.escape(name) + "</th>"));
        add("<th class=\"figure\">precision</th><th class=\"figure\">recall</th>");
        add("<th class=\"figure\">F1</th></tr></thead>\n<tbody>\n");
        long mostWrong = mostWrong(matrix);
        for (int label = 0; label < matrix.classes(); label++) {
            add("<tr><th scope=\"row\">" + Html.escape(matrix.names().get(label)) + "</th>");
            for (int predicted = 0; predicted < matrix.classes(); predicted++) {
                add(cell(matrix, label, predicted, mostWrong));
            }
            add(figure(matrix.precision(label)));
            add(figure(matrix.recall(label)));
            add(figure(matrix.f1(label)) + "</tr>\n");
        }
        add("</tbody>\n</table>\n</div>\n");
        add(
                "<p class=\"note\">%s of %s right; macro precision %s, recall %s, F1 %s</p>\n"
                        .formatted(
                                grouped(matrix.correct()),
                                grouped(matrix.total()),
                                Figures.percent(matrix.macroPrecision()),
                                Figures.percent(matrix.macroRecall()),
                                Figures.percent(matrix.macroF1())));
        add("</section>\n");
    }

    private static long mostWrong(ConfusionMatrix matrix) {
        long most = 1;
        for (int label = 0; label < matrix.classes(); label++) {
            for (int predicted = 0; predicted < matrix.classes(); predicted++) {
                if (label != predicted) {
                    most = Math.max(most, matrix.count(label, predicted));
                }
            }
        }
        return most;
    }

    /// The diagonal is as strong as the class's recall; elsewhere the root of the share of the most
    /// frequent confusion, so that rare ones can be seen too.
    private static String cell(ConfusionMatrix matrix, int label, int predicted, long mostWrong) {
        long count = matrix.count(label, predicted);
        if (count == 0) {
            return "<td></td>";
        }
        boolean right = label == predicted;
        double strength = right ? matrix.recall(label) : Math.sqrt((double) count / mostWrong);
        return String.format(
                Locale.ROOT,
                "<td style=\"background: rgb(var(--%s) / %.2f)\">%s</td>",
                right ? "right" : "wrong",
                (right ? 0.45 : 0.5) * strength,
                grouped(count));
    }

    private static String figure(double fraction) {
        return "<td class=\"figure\">" + Figures.percent(fraction) + "</td>";
    }

    private void pictures(List<Report.Picture> pictures) {
        if (pictures.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Mistakes</h2>\n<div class=\"pictures\">\n");
        for (Report.Picture picture : pictures) {
            String label = Html.escape(picture.label());
            String predicted = Html.escape(picture.predicted());
            add("<figure><img alt=\"%s, taken for %s\" src=\"%s\">".formatted(label, predicted, data(picture.png())));
            add("<figcaption>" + label + " → <span class=\"wrong\">" + predicted + "</span><br>");
            add(
                    "<span class=\"note\">%s</span></figcaption></figure>\n"
                            .formatted(String.format(Locale.ROOT, "%.1f %%", 100 * picture.probability())));
        }
        add("</div>\n");
        add("<p class=\"note\">label → prediction, and the probability given to it</p>\n");
        add("</section>\n");
    }

    private void passages(List<Report.Passage> passages) {
        if (passages.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Mistakes</h2>\n");
        for (Report.Passage passage : passages) {
            add(
                    "<article><h3>%s → <span class=\"wrong\">%s</span> <span class=\"note\">%s</span></h3>\n"
                            .formatted(
                                    Html.escape(passage.label()),
                                    Html.escape(passage.predicted()),
                                    String.format(Locale.ROOT, "%.1f %%", 100 * passage.probability())));
            add(shown(passage.text()) + "</article>\n");
        }
        add("<p class=\"note\">label → prediction, and the probability given to it</p>\n");
        add("</section>\n");
    }

    /// A long text opens when it is asked for.
    private static String shown(String text) {
        int length = text.codePointCount(0, text.length());
        if (length <= LONGEST_PASSAGE) {
            return "<p>" + Html.escape(text) + "</p>";
        }
        String start = text.substring(0, text.offsetByCodePoints(0, SHOWN_OF_PASSAGE));
        return "<details><summary>%s ...</summary><p>%s</p></details>".formatted(Html.escape(start), Html.escape(text));
    }

    /// A picture is in the page once, as the background of all that show it.
    private void captions(List<Report.Caption> captions) {
        if (captions.isEmpty()) {
            return;
        }
        add("<section>\n<h2>Captions</h2>\n");
        for (Report.Caption caption : captions) {
            ByteBuffer png = ByteBuffer.wrap(caption.png());
            add(
                    "<article class=\"caption\" style=\"--seen: url(%s); --ratio: %d / %d\">\n"
                            .formatted(data(caption.png()), png.getInt(PNG_WIDTH), png.getInt(PNG_HEIGHT)));
            String first = caption.references().isEmpty() ? "" : caption.references().getFirst();
            add("<div class=\"seen\" role=\"img\" aria-label=\"%s\"></div>\n<div>\n".formatted(Html.escape(first)));
            add("<h3>" + Html.escape(caption.said()) + "</h3>\n");
            caption.references().forEach(text -> add("<p class=\"note\">" + Html.escape(text) + "</p>\n"));
            if (!caption.looks().isEmpty()) {
                add("<div class=\"looks\">\n");
                caption.looks().forEach(this::look);
                add("</div>\n");
            }
            add("</div>\n</article>\n");
        }
        add("<p class=\"note\">what the net says, what people say, and where the net looked before each word</p>\n");
        add("</section>\n");
    }

    /// The strengths multiply the picture's light: what the net did not look at is dark.
    private void look(Report.Look look) {
        int regions = look.strengths().length;
        byte[] light = new byte[3 * regions];
        for (int channel = 0; channel < 3; channel++) {
            for (int i = 0; i < regions; i++) {
                float strength = Math.clamp(look.strengths()[i], 0f, 1f);
                light[channel * regions + i] = (byte) Math.round(DARK + strength * (LIT[channel] - DARK));
            }
        }
        add(
                "<figure><div class=\"seen\"><img alt=\"\" src=\"%s\"></div><figcaption>%s</figcaption></figure>\n"
                        .formatted(data(Png.encode(light, 3, look.rows(), look.columns())), Html.escape(look.word())));
    }

    private static String data(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    private void table(History history, String measured) {
        if (history.rows().isEmpty()) {
            return;
        }
        add(
                "<section>\n"
                        + "<h2>Epochs</h2>\n"
                        + "<div class=\"scroll\">\n"
                        + "<table class=\"rows\">\n"
                        + "<thead><tr>");
        for (String name :
                List.of(
                        "epoch",
                        "train loss",
                        "train accuracy",
                        measured + " loss",
                        measured + " accuracy",
                        "learning rate",
                        "examples/s",
                        "seconds")) {
            add("<th scope=\"col\">" + Html.escape(name) + "</th>");
        }
        add("</tr></thead>\n<tbody>\n");
        history.rows().forEach(this::row);
        add("</tbody>\n</table>\n</div>\n</section>\n");
    }

    private void row(History.Row row) {
        add("<tr><th scope=\"row\">" + row.epoch() + "</th>");
        add(column(Figures.brief(row.train().loss())));
        add(column(accuracy(row.train())));
        add(column(row.validation().map(v -> Figures.brief(v.loss())).orElse("")));
        add(column(row.validation().map(ReportPage::accuracy).orElse("")));
        add(column(Figures.brief(row.learningRate())));
        add(column(row.speed().map(s -> grouped(s.examplesPerSecond())).orElse("")));
        add(column(row.speed().map(s -> Figures.brief(s.seconds())).orElse("")) + "</tr>\n");
    }

    private static String column(String text) {
        return "<td>" + Html.escape(text) + "</td>";
    }

    private static String accuracy(Metrics metrics) {
        OptionalDouble accuracy = metrics.accuracy();
        return accuracy.isPresent() ? Figures.percent(accuracy.getAsDouble()) : "";
    }

    private static String grouped(double number) {
        return String.format(Locale.ROOT, "%,d", Math.round(number));
    }
}
