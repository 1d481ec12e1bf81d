package lamella.app.imdb;

import lamella.app.common.Utf8Lines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A folder as the data set was published: `train/pos`, `train/neg`, `test/pos` and `test/neg`, with a
/// review in each file `ID_STARS.txt`.
///
/// @param folder that has these four
record ReviewFolder(Path folder) implements ReviewData {
    /// As the reviews are numbered, so that their order is that of the packed files.
    private static final Comparator<Path> BY_NUMBER =
            Comparator.comparingLong(ReviewFolder::number).thenComparing(Comparator.naturalOrder());

    @Override
    public List<Review> train() {
        return read("train");
    }

    @Override
    public List<Review> test() {
        return read("test");
    }

    private List<Review> read(String part) {
        var reviews = new ArrayList<Review>();
        add(folder.resolve(part).resolve("pos"), 1, reviews);
        add(folder.resolve(part).resolve("neg"), 0, reviews);
        return reviews;
    }

    private static void add(Path of, int label, List<Review> reviews) {
        List<Path> files = files(of);
        if (files.isEmpty()) {
            throw Utf8Lines.broken(of + ": holds no reviews, which are files *.txt", null);
        }
        for (Path file : files) {
            var text = new StringBuilder();
            Utf8Lines.read(file, (line, number) -> text.append(number == 1 ? "" : "\n").append(line));
            if (text.toString().isBlank()) {
                throw Utf8Lines.broken(file + ": the review is empty", null);
            }
            reviews.add(new Review(text.toString(), label));
        }
    }

    private static List<Path> files(Path of) {
        if (!Files.isDirectory(of)) {
            throw Utf8Lines.broken(of + ": no such folder", null);
        }
        try (var files = Files.list(of)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".txt")).sorted(BY_NUMBER).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The number that a file's name begins with; a name without one comes last.
    private static long number(Path file) {
        String digits = file.getFileName().toString().replaceFirst("\\D.*", "");
        return digits.isEmpty() || digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
