package lamella.tck.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.train.History;
import lamella.train.Metrics;
import lamella.train.Speed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;

class HistoryTest {
    private static final History TWO =
            History.empty()
                    .with(
                            new History.Row(
                                    1,
                                    new Metrics(0.5, OptionalDouble.of(0.75)),
                                    Optional.of(new Metrics(0.625, OptionalDouble.of(0.7))),
                                    0.1f,
                                    Optional.of(new Speed(1000, 4))))
                    .with(
                            new History.Row(
                                    2,
                                    new Metrics(0.25, OptionalDouble.empty()),
                                    Optional.empty(),
                                    0.05f,
                                    Optional.empty()));

    private static final String CSV =
            """
            epoch,trainLoss,trainAccuracy,validationLoss,validationAccuracy,learningRate,\
            examplesPerSecond,seconds
            1,0.5,0.75,0.625,0.7,0.1,250.0,4.0
            2,0.25,,,,0.05,,
            """;

    @Test
    void writesCommaSeparatedValues(@TempDir Path folder) throws IOException {
        assertEquals(CSV, TWO.toCsv());
        Path file = folder.resolve("history.csv");
        TWO.write(file);
        assertEquals(CSV, Files.readString(file));
    }

    @Test
    void saysWhyItCannotBeWritten(@TempDir Path folder) {
        Path file = folder.resolve("missing").resolve("history.csv");
        var thrown = assertThrows(UncheckedIOException.class, () -> TWO.write(file));
        assertEquals(
                "history: " + file + " cannot be written: java.nio.file.NoSuchFileException: " + file,
                thrown.getMessage());
    }

    @Test
    void dividesExamplesBySeconds() {
        assertEquals(128, new Speed(256, 2).examplesPerSecond(), 1e-12);
    }
}
