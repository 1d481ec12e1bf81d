package lamella.tck.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.data.ImageDataset;
import lamella.train.ConfusionMatrix;
import lamella.train.Evaluation;
import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Png;
import lamella.train.Report;
import lamella.train.Speed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

class ReportTest {
    private static final String NASTY = "<script>alert(\"1\")</script> & 'x'";
    private static final String ESCAPED = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;";

    private static final ImageDataset IMAGES =
            ImageDataset.of(Shape.of(1, 1, 2), new byte[] {1, 2, 3, 4}, new int[] {0, 1}, 2);

    private static History.Row row(int epoch, double loss, double accuracy) {
        return new History.Row(
                epoch,
                new Metrics(loss, OptionalDouble.of(accuracy)),
                Optional.of(new Metrics(loss / 2, OptionalDouble.empty())),
                0.1f,
                Optional.of(new Speed(3000, 2)));
    }

    private static Evaluation evaluation() {
        int[] predicted = {1, 1};
        return new Evaluation(
                2,
                0.5,
                ConfusionMatrix.of(List.of(NASTY, "one"), new int[] {0, 1}, predicted),
                List.of(new Evaluation.Mistake(0, 0, 1, 0.875f)),
                predicted);
    }

    private static Report full() {
        return Report.titled(NASTY)
                .settings(Map.of("data " + NASTY, NASTY))
                .history(History.empty().with(row(1, 0.8, 0.5)).with(row(2, 0.4, 0.75)))
                .confusion(evaluation().confusion())
                .pictures(Report.Picture.of(IMAGES, evaluation()));
    }

    private static int count(String page, String part) {
        return page.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void escapesAllTexts() {
        String page = full().toHtml();
        assertFalse(page.contains("<script"));
        assertTrue(page.contains("<title>" + ESCAPED + "</title>"));
        assertTrue(page.contains("<h1>" + ESCAPED + "</h1>"));
        assertTrue(page.contains("<tr><th scope=\"row\">data " + ESCAPED + "</th><td>" + ESCAPED + "</td></tr>"));
        assertTrue(page.contains("<th scope=\"col\">" + ESCAPED + "</th>"));
        assertTrue(page.contains("alt=\"" + ESCAPED + ", taken for one\""));
        assertEquals(0, count(page, NASTY));
    }

    @Test
    void needsNothingFromOutside() {
        String page = full().toHtml();
        assertEquals(1, count(page, "src="));
        assertEquals(1, count(page, "src=\"data:image/png;base64,"));
        for (String outside : List.of("http", "url(", "@import", "<link", "<iframe", "href")) {
            assertEquals(0, count(page, outside), outside);
        }
    }

    @Test
    void drawsCurves() {
        String page = full().toHtml();
        assertEquals(2, count(page, "<svg"));
        // Loss: the axis runs from 0.2 to 0.8, so train falls from the top to a third.
        assertTrue(page.contains("<polyline class=\"curve train\" points=\"68.0,40.0 534.0,184.0 \"/>"));
        assertTrue(page.contains("<polyline class=\"curve validation\" points=\"68.0,184.0 534.0,256.0" + " \"/>"));
        // Accuracy: from 50 % at the bottom to 75 % at the top; there is no validation accuracy.
        assertTrue(page.contains("points=\"68.0,256.0 534.0,40.0 \""));
        assertEquals(3, count(page, "<polyline"));
        assertTrue(page.contains("<title>epoch 2: 75 %</title>"));
        for (String tick : List.of(">0.2<", ">0.4<", ">0.6<", ">0.8<", ">50 %<", ">75 %<")) {
            assertTrue(page.contains(tick), tick);
        }
        assertTrue(page.contains(">train 0.4</text>"));
        assertTrue(page.contains(">validation 0.2</text>"));
    }

    @Test
    void drawsASingleEpochAsDots() {
        String page = Report.titled("one").history(History.empty().with(row(1, 0.5, 1))).toHtml();
        assertEquals(3, count(page, "<circle"));
        assertTrue(page.contains("cx=\"301.0\""));
        assertFalse(page.contains("NaN"));
    }

    @Test
    void leavesOutLossesThatAreNoNumbers() {
        History history = History.empty().with(row(1, 0.5, 1)).with(row(2, Double.POSITIVE_INFINITY, 1));
        String page = Report.titled("infinite").history(history).toHtml();
        String curves = page.substring(page.indexOf("<svg"), page.lastIndexOf("</svg>"));
        assertFalse(curves.contains("Infinity"));
        assertTrue(page.contains("<td>Infinity</td>"));
    }

    @Test
    void showsTheConfusionMatrix() {
        String page = full().toHtml();
        assertTrue(page.contains("<td style=\"background: rgb(var(--wrong) / 0.50)\">1</td>"));
        assertTrue(page.contains("<td style=\"background: rgb(var(--right) / 0.45)\">1</td>"));
        assertTrue(page.contains("1 of 2 right; macro precision 25.00 %, recall 50.00 %"));
    }

    @Test
    void showsMistakesWithTheirPixels() {
        String page = full().toHtml();
        String png = Base64.getEncoder().encodeToString(Png.encode(new byte[] {1, 2}, 1, 1, 2));
        assertTrue(page.contains("src=\"data:image/png;base64," + png + "\""));
        assertTrue(page.contains("→ <span class=\"wrong\">one</span>"));
        assertTrue(page.contains("87.5 %"));
        Report.Picture picture = Report.Picture.of(IMAGES, evaluation()).getFirst();
        assertArrayEquals(Png.encode(new byte[] {1, 2}, 1, 1, 2), picture.png());
    }

    @Test
    void showsMistakesWithTheirTexts() {
        List<Report.Passage> passages = Report.Passage.of(i -> "text " + i + " " + NASTY, evaluation());
        assertEquals(List.of(new Report.Passage("text 0 " + NASTY, NASTY, "one", 0.875f)), passages);
        String page = Report.titled("texts").passages(passages).toHtml();
        assertTrue(
                page.contains(
                        "<article><h3>" + ESCAPED + " → <span class=\"wrong\">one</span> <span class=\"note\">87.5 %"));
        assertTrue(page.contains("<p>text 0 " + ESCAPED + "</p></article>"), page);
        assertFalse(page.contains("<details"));
        assertEquals(1, count(page, "<h2>Mistakes</h2>"));
    }

    @Test
    void showsTheBeginningOfALongTextAndTheRestOnDemand() {
        String text = "\ud83c\udfac&".repeat(161); // 322 characters
        var passage = new Report.Passage(text, "a", "b", 1);
        String page = Report.titled("texts").passages(List.of(passage)).toHtml();
        String escaped = "\ud83c\udfac&amp;";
        assertTrue(
                page.contains(
                        "<details><summary>"
                                + escaped.repeat(120)
                                + " ...</summary><p>"
                                + escaped.repeat(161)
                                + "</p></details>"));
        assertEquals(0, count(page, "<p>" + escaped.repeat(161) + "</p></article>"));
    }

    @Test
    void listsTheEpochs() {
        assertTrue(
                full().toHtml()
                        .contains(
                                "<tr><th scope=\"row\">2</th><td>0.4</td><td>75.00"
                                        + " %</td><td>0.2</td>"
                                        + "<td></td><td>0.1</td><td>1,500</td><td>2</td></tr>"));
    }

    @Test
    void namesWhatTheHistoryMeasures() {
        String page = full().measuredOn("test & co").toHtml();
        assertTrue(page.contains(">test &amp; co 0.2</text>"));
        assertTrue(page.contains("<span>test &amp; co loss</span>"));
        assertTrue(page.contains("<th scope=\"col\">test &amp; co loss</th>"));
        assertTrue(page.contains("<th scope=\"col\">test &amp; co accuracy</th>"));
        assertTrue(page.contains("train: while the epoch ran; test &amp; co: after it"));
        assertEquals(0, count(page, ">validation"));
        assertEquals(1, count(full().toHtml(), "<span>validation loss</span>"));
        assertEquals(1, count(full().toHtml(), "<th scope=\"col\">validation accuracy</th>"));
    }

    @Test
    void writesTheSameDigitsInEachLanguage() {
        String page = full().toHtml();
        String matrix = evaluation().confusion().toString();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("\u0661", "%d".formatted(1));
            assertEquals(page, full().toHtml());
            assertEquals(matrix, evaluation().confusion().toString());
            assertEquals("confusion: 1 labels but 2 predictions", message(new int[1], new int[2]));
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String message(int[] labels, int[] predicted) {
        return assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(List.of("a"), labels, predicted))
                .getMessage();
    }

    @Test
    void showsOnlyWhatThereIs() {
        String page = Report.titled("nothing").toHtml();
        assertEquals(0, count(page, "<section"));
        assertEquals(0, count(page, "<svg"));
        assertEquals(0, count(page, "class=\"tile\""));
    }

    @Test
    void writesAFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        full().write(file);
        assertEquals(full().toHtml(), Files.readString(file));
        Path missing = folder.resolve("missing").resolve("report.html");
        var thrown = assertThrows(UncheckedIOException.class, () -> full().write(missing));
        assertEquals(
                "report: " + missing + " cannot be written: java.nio.file.NoSuchFileException: " + missing,
                thrown.getMessage());
    }

    // Captions

    private static final Report.Caption CAPTION =
            new Report.Caption(
                    Png.encode(new byte[3 * 2 * 4], 3, 2, 4),
                    List.of("a dog " + NASTY, "a white dog"),
                    "a cat " + NASTY,
                    List.of(
                            new Report.Look("a", 1, 2, new float[] {0, 1}),
                            new Report.Look("cat " + NASTY, 2, 1, new float[] {0.5f, 7})));

    private static String base64(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }

    @Test
    void showsWhatANetSaysOfAPicture() {
        String page = Report.titled("captions").captions(List.of(CAPTION)).toHtml();
        assertFalse(page.contains("<script"));
        assertTrue(page.contains("<h3>a cat " + ESCAPED + "</h3>"));
        assertTrue(page.contains("<p class=\"note\">a dog " + ESCAPED + "</p>\n<p class=\"note\">a white dog</p>"));
        assertTrue(page.contains("role=\"img\" aria-label=\"a dog " + ESCAPED + "\""));
        assertEquals(1, count(page, "--seen: url(" + base64(CAPTION.png()) + "); --ratio: 4 / 2"));
        assertEquals(1, count(page, base64(CAPTION.png())));
    }

    @Test
    void showsWhereTheNetLooked() {
        String page = Report.titled("captions").captions(List.of(CAPTION)).toHtml();
        byte[] first = Png.encode(new byte[] {64, -1, 64, (byte) 214, 64, (byte) 150}, 3, 1, 2);
        byte[] second = Png.encode(new byte[] {(byte) 160, -1, (byte) 139, (byte) 214, 107, (byte) 150}, 3, 2, 1);
        assertTrue(page.contains("src=\"" + base64(first) + "\"></div><figcaption>a</figcaption>"));
        assertTrue(page.contains("src=\"" + base64(second) + "\"></div><figcaption>cat " + ESCAPED + "</figcaption>"));
    }

    @Test
    void aNetNeedNotTellWhereItLooked() {
        var caption = new Report.Caption(CAPTION.png(), List.of(), "a cat", List.of());
        String page = Report.titled("captions").captions(List.of(caption)).toHtml();
        assertTrue(page.contains("<h3>a cat</h3>"));
        assertFalse(page.contains("<div class=\"looks\">"));
        assertFalse(Report.titled("none").toHtml().contains("<h2>Captions</h2>"));
    }

    @Test
    void captionsAddUp() {
        Report report = Report.titled("captions").captions(List.of(CAPTION)).captions(List.of(CAPTION)).measuredOn("x");
        assertEquals(2, report.captions().size());
        assertEquals(
                2, report.settings(Map.of("a", "b")).history(History.empty()).pictures(List.of()).captions().size());
        assertEquals(2, report.passages(List.of()).confusion(evaluation().confusion()).captions().size());
    }

    @Test
    void refusesStrengthsOfOtherRegions() {
        assertEquals(
                "report: 'dog' has 3 strengths for 2 x 2 regions",
                assertThrows(IllegalArgumentException.class, () -> new Report.Look("dog", 2, 2, new float[3]))
                        .getMessage());
    }
}
