package lamella.layers.rnn;

import lamella.array.ShapeException;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// Vectors of words learnt elsewhere, in the text format of GloVe and word2vec: on each line a word and its numbers,
/// with spaces between. A first line with the number of words and that of dimensions, as word2vec writes it, is skipped.
///
/// {@snippet :
/// Model model = Model.build(sequential(embedding(20_000, 100).frozen(), gru(64), dense(1)), input, backend, seed);
/// int found = WordVectors.load(Path.of("vectors.100d.txt"), ids, model.state().getFirst());
/// }
///
/// ## Source
/// Pennington et al., "GloVe: global vectors for word representation", EMNLP 2014; Mikolov et al., "Efficient estimation
/// of word representations in vector space", ICLR workshop 2013.
public final class WordVectors {
    private final String name;
    private final int dimensions;
    private int line;

    private WordVectors(String name, int dimensions) {
        this.name = name;
        this.dimensions = dimensions;
    }

    /// Reads the vectors of a vocabulary from a file in UTF-8 into an embedding's table.
    ///
    /// @param ids the row of each word
    /// @param table the weight of a built [Embedding], `[vocabulary, dimensions]`; rows of words that are not in the file
    ///     keep their values
    /// @return how many words of the vocabulary have a vector
    /// @throws ShapeException if the table is not of rank 2
    /// @throws IllegalArgumentException if an id is outside the table
    /// @throws UncheckedIOException if the file cannot be read, or a line is no word with `dimensions` numbers, finite
    ///     ones where the word is in the vocabulary; the message names the line, and the table keeps its values
    public static int load(Path file, Map<String, Integer> ids, Parameter table) {
        try (Reader in = Files.newBufferedReader(file)) {
            return load(in, file.toString(), ids, table);
        } catch (IOException e) {
            throw new UncheckedIOException("word vectors: " + file + " cannot be read: " + e, e);
        }
    }

    /// Reads the vectors of a vocabulary into an embedding's table.
    ///
    /// @param in is read to its end, and not closed
    /// @param name for messages
    /// @see #load(Path, Map, Parameter)
    public static int load(Reader in, String name, Map<String, Integer> ids, Parameter table) {
        if (table.shape().rank() != 2) {
            throw ShapeException.of("word vectors", "the table must have rank 2, got " + table.shape().rank())
                    .operand("table", table.shape(), "vocabulary, dimensions", table.path());
        }
        ids.forEach((word, id) -> requireId(word, id, table));
        float[] rows = table.value().toFloats();
        int found = new WordVectors(name, table.shape().dim(1)).read(new BufferedReader(in), ids, rows);
        Memory.scope(() -> table.assign(Tensor.of(table.value().backend(), table.shape(), rows)));
        return found;
    }

    private static void requireId(String word, int id, Parameter table) {
        if (id < 0 || id >= table.shape().dim(0)) {
            throw new IllegalArgumentException("word vectors: id %d of '%s' is outside %s".formatted(id, word, table));
        }
    }

    private int read(BufferedReader in, Map<String, Integer> ids, float[] rows) {
        boolean[] found = new boolean[rows.length / dimensions];
        try {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                if (!text.isBlank() && !(line == 1 && isHeader(text))) {
                    read(text, ids, rows, found);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("word vectors: " + name + " cannot be read: " + e, e);
        }
        int count = 0;
        for (boolean some : found) {
            count += some ? 1 : 0;
        }
        return count;
    }

    /// Tells whether a line holds the number of words and that of dimensions.
    private boolean isHeader(String text) {
        String[] fields = text.strip().split(" +");
        if (dimensions == 1 || fields.length != 2 || !isCount(fields[0]) || !isCount(fields[1])) {
            return false;
        }
        if (!fields[1].equals(Integer.toString(dimensions))) {
            throw bad("the vectors have %s numbers, the table takes %d".formatted(fields[1], dimensions));
        }
        return true;
    }

    private static boolean isCount(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private void read(String text, Map<String, Integer> ids, float[] rows, boolean[] found) {
        String[] fields = text.stripTrailing().split(" ");
        int words = fields.length - dimensions;
        // A word may hold spaces. Of a longer vector all but the last numbers would pass for one.
        if (words < 1 || words > 1 && isNumber(fields[1])) {
            throw bad("expected a word and %d numbers, got %d".formatted(dimensions, fields.length - 1));
        }
        String word = String.join(" ", Arrays.copyOf(fields, words));
        Integer id = ids.get(word);
        if (id == null) {
            return;
        }
        for (int d = 0; d < dimensions; d++) {
            rows[id * dimensions + d] = number(fields[words + d], word);
        }
        found[id] = true;
    }

    private float number(String text, String word) {
        if (!isNumber(text)) {
            throw bad("'%s' of '%s' is no finite number".formatted(text, word));
        }
        return Float.parseFloat(text);
    }

    private static boolean isNumber(String text) {
        try {
            return Float.isFinite(Float.parseFloat(text));
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private UncheckedIOException bad(String problem) {
        String message = "word vectors: %s line %d: %s".formatted(name, line, problem);
        return new UncheckedIOException(message, new IOException(message));
    }
}
