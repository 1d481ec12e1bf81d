package lamella.app.imdb;

import lamella.app.common.Utf8Lines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Two files with a review in each line: `label<TAB>stars<TAB>id<TAB>text`, without a head line. Their
/// names differ in the word `train` or `test`; they end in `.tsv`, or in `.tsv.gz` if they are packed.
///
/// @param trainFile to learn from
/// @param testFile to test with
record PackedReviews(Path trainFile, Path testFile) implements ReviewData {
    static final String NAMES = "*train.tsv.gz and *test.tsv.gz";
    private static final Pattern PACKED = Pattern.compile("(.*)train(.*\\.tsv(\\.gz)?)");
    private static final int COLUMNS = 4;

    /// Returns the files of which one is given: the part to learn from. The other one is beside it.
    ///
    /// @throws UncheckedIOException if its name says nothing about the other part's
    static PackedReviews beside(Path train) {
        String name = String.valueOf(train.getFileName());
        var match = PACKED.matcher(name);
        if (!match.matches()) {
            throw Utf8Lines.broken(
                    train + ": must be the training part, named like *train.tsv.gz, with *test.tsv.gz beside it", null);
        }
        return new PackedReviews(train, train.resolveSibling(match.group(1) + "test" + match.group(2)));
    }

    /// Returns the training parts in a folder.
    static List<Path> in(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(f -> PACKED.matcher(f.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Review> train() {
        return read(trainFile);
    }

    @Override
    public List<Review> test() {
        if (!Files.exists(testFile)) {
            throw Utf8Lines.broken(testFile + ": no such file; it is the test part for " + trainFile, null);
        }
        return read(testFile);
    }

    private static List<Review> read(Path file) {
        var reviews = new ArrayList<Review>();
        Utf8Lines.read(file, (line, _) -> reviews.add(parse(line)));
        if (reviews.isEmpty()) {
            throw Utf8Lines.broken(file + ": holds no reviews", null);
        }
        return reviews;
    }

    private static Review parse(String line) {
        String[] columns = line.split("\t", COLUMNS);
        if (columns.length < COLUMNS) {
            throw new IllegalArgumentException(
                    "has %d of the 4 columns label, stars, id, text".formatted(columns.length));
        }
        return switch (columns[0]) {
            case "0" -> new Review(columns[3], 0);
            case "1" -> new Review(columns[3], 1);
            default -> {
                String shown = columns[0].length() > 20 ? columns[0].substring(0, 20) + "..." : columns[0];
                throw new IllegalArgumentException("label must be 0 or 1, got '" + shown + "'");
            }
        };
    }

    @Override
    public String toString() {
        return trainFile.toString();
    }
}
