package lamella.app.imdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Small data sets as the program reads them.
final class Packed {
    static final String TRAIN = "imdb_train.tsv.gz";
    static final String TEST = "imdb_test.tsv.gz";

    private Packed() {}

    /// Writes the first reviews of the sample as packed files; returns the folder.
    static Path write(Path folder, int train, int test) throws IOException {
        Files.createDirectories(folder);
        write(folder.resolve(TRAIN), new SampleReviews().train().subList(0, train));
        write(folder.resolve(TEST), new SampleReviews().test().subList(0, test));
        return folder;
    }

    static void write(Path file, List<Review> reviews) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < reviews.size(); i++) {
            lines.append("%d\t7\t%d\t%s\n".formatted(reviews.get(i).label(), i, reviews.get(i).text()));
        }
        write(file, lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Writes bytes, packed if the name says so.
    static Path write(Path file, byte[] content) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.write(file, content);
        }
        return Files.write(file, gzip(content));
    }

    static byte[] gzip(byte[] content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
