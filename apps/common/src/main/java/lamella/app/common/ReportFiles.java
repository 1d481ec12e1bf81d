package lamella.app.common;

import java.nio.file.Path;

/// What a report is written to: a page and its figures.
///
/// @param page the HTML
/// @param history the figures as CSV, beside the page
public record ReportFiles(OutputFile page, OutputFile history) {
    /// Returns the option for the page.
    ///
    /// @param content what the page shows: `curves, confusion matrix and misread digits`
    public static Option<Path> option(String content) {
        return Option.path("--report", "FILE.html", "write a page with " + content + ", and the curves as FILE.csv");
    }

    /// Returns the files of a page: `run.html` and `run.csv`.
    public static ReportFiles of(Path page) {
        String name = String.valueOf(page.getFileName());
        String stem = name.replaceFirst("(?i)\\.html?$", "");
        return new ReportFiles(new OutputFile(page), new OutputFile(page.resolveSibling(stem + ".csv")));
    }

    /// Checks that both can be written and are not the model's file.
    ///
    /// @throws IllegalArgumentException if the page is the model's file
    /// @throws java.io.UncheckedIOException if one cannot be written
    public void requireWritable(Path model) {
        if (page.path().toAbsolutePath().normalize().equals(model.toAbsolutePath().normalize())) {
            throw new IllegalArgumentException("--report and --out are one file, " + model);
        }
        page.requireWritable();
        history.requireWritable();
    }
}
