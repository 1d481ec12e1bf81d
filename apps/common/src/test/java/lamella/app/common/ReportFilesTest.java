package lamella.app.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.file.Path;

class ReportFilesTest {
    @TempDir Path work;

    @Test
    void theFiguresStandBesideThePage() {
        assertEquals(work.resolve("run.csv"), ReportFiles.of(work.resolve("run.html")).history().path());
        assertEquals(work.resolve("run.csv"), ReportFiles.of(work.resolve("run.HTM")).history().path());
        assertEquals(work.resolve("run.csv"), ReportFiles.of(work.resolve("run")).history().path());
    }

    @Test
    void isNotTheModelsFile() {
        Path model = work.resolve("m");
        ReportFiles.of(work.resolve("p.html")).requireWritable(model);
        var same = ReportFiles.of(work.resolve("x/../m"));
        assertEquals(
                "--report and --out are one file, " + model,
                assertThrows(IllegalArgumentException.class, () -> same.requireWritable(model)).getMessage());
    }

    @Test
    void saysThatItCannotBeWritten() {
        Path page = work.resolve("none/p.html");
        var files = ReportFiles.of(page);
        assertEquals(
                page + ": folder " + page.getParent() + " does not exist",
                assertThrows(UncheckedIOException.class, () -> files.requireWritable(work.resolve("m"))).getMessage());
    }

    @Test
    void theOptionSaysWhatThePageShows() {
        assertEquals(
                "write a page with curves, and the curves as FILE.csv", ReportFiles.option("curves").description());
    }
}
