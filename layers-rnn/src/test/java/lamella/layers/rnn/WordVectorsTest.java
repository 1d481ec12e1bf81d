package lamella.layers.rnn;

import static lamella.layers.rnn.RnnLayers.embedding;
import static lamella.layers.rnn.Run.model;
import static lamella.layers.rnn.Run.rejects;
import static lamella.layers.rnn.Run.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.nn.Model;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class WordVectorsTest {
    private static final Map<String, Integer> IDS = Map.of("good", 0, "bad", 1, "new york", 2);

    private final Parameter table = Parameter.of("net.weight", tensor(Shape.of(3, 2), 9, 9, 9, 9, 9, 9), true);

    private int load(String text) {
        return WordVectors.load(new StringReader(text), "v.txt", IDS, table);
    }

    private void rejectsText(String message, String text) {
        var e = assertThrows(UncheckedIOException.class, () -> load(text));
        assertEquals("word vectors: v.txt " + message, e.getMessage());
        assertArrayEquals(new float[] {9, 9, 9, 9, 9, 9}, table.value().toFloats());
    }

    @Test
    void readsTheWordsOfTheVocabulary() {
        int found = load("the 0.5 0.25\nbad -1 2e-1\n\ngood 3 4 \n");

        assertEquals(2, found);
        assertArrayEquals(new float[] {3, 4, -1, 0.2f, 9, 9}, table.value().toFloats());
    }

    @Test
    void skipsTheHeaderOfWord2vec() {
        assertEquals(1, load("2 2\nthe 0.5 0.25\ngood 3 4\n"));
        assertArrayEquals(new float[] {3, 4, 9, 9, 9, 9}, table.value().toFloats());
    }

    @Test
    void aWordMayHoldSpaces() {
        assertEquals(1, load("new york 1 2\n. . . 3 4\n"));
        assertArrayEquals(new float[] {9, 9, 9, 9, 1, 2}, table.value().toFloats());
    }

    @Test
    void aWordMayBeANumber() {
        var one = Parameter.of("net.weight", tensor(Shape.of(1, 1), 9), true);

        assertEquals(1, WordVectors.load(new StringReader("3 5\n7 6\n"), "v.txt", Map.of("7", 0), one));
        assertArrayEquals(new float[] {6}, one.value().toFloats());
    }

    @Test
    void countsAWordThatComesTwiceOnce() {
        assertEquals(1, load("bad 1 2\nbad 3 4\n"));
        assertArrayEquals(new float[] {9, 9, 3, 4, 9, 9}, table.value().toFloats());
    }

    @Test
    void nothingFoundIsNoError() {
        assertEquals(0, load("the 1 2\n"));
        assertEquals(0, load(""));
    }

    @Test
    void readsFilesIntoAModelInsideAMemoryScope(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("vectors.txt");
        Files.writeString(file, "größe 1 2\n");
        Model model = model(embedding(2, 2).frozen(), 1);

        Memory.scope(() -> assertEquals(1, WordVectors.load(file, Map.of("größe", 1), model.state().getFirst())));

        assertArrayEquals(new float[] {1, 2}, model.forward(Run.ids(Shape.of(1, 1), 1)).toFloats());
    }

    @Test
    void saysWhichLineIsWrong() {
        rejectsText("line 2: expected a word and 2 numbers, got 1", "the 1 2\ngood 1\n");
        rejectsText("line 1: expected a word and 2 numbers, got 3", "good 1 2 3\n");
        rejectsText("line 1: expected a word and 2 numbers, got 0", "good\n");
        rejectsText("line 3: 'x' of 'good' is no finite number", "the 1 2\nbad 1 2\ngood 1 x\n");
        rejectsText("line 1: 'NaN' of 'good' is no finite number", "good NaN 1\n");
        rejectsText("line 1: the vectors have 300 numbers, the table takes 2", "400000 300\nthe 1 2\n");
    }

    @Test
    void saysWhichFileCannotBeRead(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.txt");
        var e = assertThrows(UncheckedIOException.class, () -> WordVectors.load(missing, IDS, table));
        assertEquals(
                "word vectors: %s cannot be read: java.nio.file.NoSuchFileException: %s".formatted(missing, missing),
                e.getMessage());

        Path latin = folder.resolve("latin.txt");
        Files.write(latin, "gr\u00f6\u00dfe 1 2\n".getBytes(StandardCharsets.ISO_8859_1));
        e = assertThrows(UncheckedIOException.class, () -> WordVectors.load(latin, IDS, table));
        assertEquals(
                "word vectors: %s cannot be read: java.nio.charset.MalformedInputException: Input length = 1"
                        .formatted(latin),
                e.getMessage());
    }

    @Test
    void rejectsTablesThatDoNotFit() {
        rejects(
                "word vectors: id 3 of 'far' is outside net.weight [3, 2]",
                () -> WordVectors.load(new StringReader(""), "v.txt", Map.of("far", 3), table));
        rejects(
                """
                word vectors: the table must have rank 2, got 1
                  table    [3]                (vocabulary, dimensions)  net.bias\
                """,
                () ->
                        WordVectors.load(
                                new StringReader(""),
                                "v.txt",
                                IDS,
                                Parameter.of("net.bias", tensor(Shape.of(3), 1, 2, 3), true)));
    }
}
