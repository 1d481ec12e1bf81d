package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class TourVerbTest {
    @TempDir Path work;

    private static String[] figures(Run run, String line) {
        String row = run.out().lines().filter(l -> l.startsWith(line)).findFirst().orElseThrow();
        return row.substring(line.length()).strip().split("\\s+");
    }

    @Test
    void runsAllThreeExperimentsAndDraws() throws IOException {
        Run run = Run.of("tour", "--out", work, "--threads", 2).ok();
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.getFirst().startsWith("backend    cpu, "), run::out);
        assertEquals(List.of("threads    2", "seed       1"), lines.subList(1, 3));
        for (String title : List.of("1. Five words", "2. The vanishing gradient", "3. Tomorrow's weather")) {
            assertEquals(1, lines.stream().filter(title::equals).count(), title);
        }
        // loss, least, then how many of 1,000 sentences are right
        assertEquals(1000 / 6.0, Integer.parseInt(figures(run, "RNN, one word  ")[2]), 50, run::out);
        assertTrue(Integer.parseInt(figures(run, "LSTM  ")[2]) >= 990, run::out);
        assertTrue(Double.parseDouble(figures(run, "RNN, uniform weights")[3]) < 1e-28, run::out);
        // of the season, as today, the net's, the best possible
        String[] temperature = figures(run, "temperature, °C");
        assertTrue(Double.parseDouble(temperature[2]) < Double.parseDouble(temperature[1]), run::out);
        Path drawing = work.resolve("vanishing-gradient.svg");
        assertEquals(drawing + " written", run.lastLine());
        assertTrue(Files.readString(drawing).startsWith("<svg "));
    }

    @Test
    void rejectsAFolderThatDoesNotExistBeforeAnyWork() {
        Path missing = work.resolve("missing");
        Run.of("tour", "--out", missing)
                .failed(missing.resolve("vanishing-gradient.svg") + ": folder " + missing + " does not exist");
    }
}
