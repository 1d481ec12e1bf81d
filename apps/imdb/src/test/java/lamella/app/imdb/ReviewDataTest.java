package lamella.app.imdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.app.common.Arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class ReviewDataTest {
    private static final List<Review> TRAIN =
            List.of(
                    new Review("Good.<br />Very good!", 1),
                    new Review("tab\there, quote \" and \u00fcber \ud83c\udfac", 1),
                    new Review("Bad.", 0));
    private static final List<Review> TEST = List.of(new Review("Fine", 1), new Review("Boring", 0));

    @TempDir Path work;

    private static ReviewData at(Object place) {
        return ReviewData.of(Arguments.read(Map.of(ReviewData.DATA, place.toString()), List.of(), Map.of()));
    }

    private void writePacked(Path folder, String suffix) throws IOException {
        Files.createDirectories(folder);
        Packed.write(folder.resolve("a_train" + suffix), bytes(TRAIN));
        Packed.write(folder.resolve("a_test" + suffix), bytes(TEST));
    }

    private static byte[] bytes(List<Review> reviews) {
        var text = new StringBuilder();
        reviews.forEach(review -> text.append("%d\t9\t0\t%s\n".formatted(review.label(), review.text())));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void writeFolder(Path folder) throws IOException {
        for (String part : List.of("train/pos", "train/neg", "test/pos", "test/neg")) {
            Files.createDirectories(folder.resolve(part));
        }
        Files.writeString(folder.resolve("train/pos/9_8.txt"), TRAIN.get(0).text());
        Files.writeString(folder.resolve("train/pos/10_7.txt"), TRAIN.get(1).text());
        Files.writeString(folder.resolve("train/neg/0_1.txt"), TRAIN.get(2).text());
        Files.writeString(folder.resolve("train/neg/readme"), "no review");
        Files.writeString(folder.resolve("test/pos/0_7.txt"), TEST.get(0).text());
        Files.writeString(folder.resolve("test/neg/0_3.txt"), TEST.get(1).text());
    }

    // What it reads

    @Test
    void readsAFolderAsPublished() throws IOException {
        writeFolder(work);
        assertEquals(TRAIN, at(work).train());
        assertEquals(TEST, at(work).test());
        assertEquals(work.toString(), at(work).toString());
    }

    @Test
    void aReviewMayHaveSeveralLines() throws IOException {
        writeFolder(work);
        Files.writeString(work.resolve("train/neg/0_1.txt"), "Bad.\r\nWorse.\n");
        assertEquals("Bad.\nWorse.", at(work).train().getLast().text());
    }

    @Test
    void readsPackedFilesByFolderOrByName() throws IOException {
        writePacked(work.resolve("packed"), ".tsv.gz");
        writePacked(work.resolve("plain"), ".tsv");
        for (Path place :
                List.of(
                        work.resolve("packed"),
                        work.resolve("packed/a_train.tsv.gz"),
                        work.resolve("plain"),
                        work.resolve("plain/a_train.tsv"))) {
            assertEquals(TRAIN, at(place).train());
            assertEquals(TEST, at(place).test());
        }
        assertEquals(work.resolve("plain/a_train.tsv").toString(), at(work.resolve("plain")).toString());
    }

    @Test
    void aLastLineNeedsNoEnd() throws IOException {
        writePacked(work, ".tsv");
        Files.writeString(work.resolve("a_test.tsv"), "1\t9\t0\tFine\r\n0\t1\t0\tBoring");
        assertEquals(TEST, at(work).test());
    }

    // Places without reviews

    private static String failure(Runnable reading) {
        return assertThrows(UncheckedIOException.class, reading::run).getMessage();
    }

    @Test
    void saysThatThereIsNothing() throws IOException {
        Path none = work.resolve("none");
        assertEquals(none + ": no such file or folder", failure(() -> at(none)));
        assertEquals(
                work + ": holds neither the folders train and test nor the files *train.tsv.gz and *test.tsv.gz",
                failure(() -> at(work)));
        Path other = Files.writeString(work.resolve("reviews.tsv"), "");
        assertEquals(
                other + ": must be the training part, named like *train.tsv.gz, with *test.tsv.gz beside it",
                failure(() -> at(other)));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        writePacked(work, ".tsv.gz");
        Files.delete(work.resolve("a_test.tsv.gz"));
        assertEquals(
                work.resolve("a_test.tsv.gz")
                        + ": no such file; it is the test part for "
                        + work.resolve("a_train.tsv.gz"),
                failure(() -> at(work).test()));
        writePacked(work, ".tsv");
        assertEquals(
                work + ": holds several training parts, such as a_train.tsv and a_train.tsv.gz; name one of them",
                failure(() -> at(work)));
        Path folder = work.resolve("aclImdb");
        writeFolder(folder);
        Files.delete(folder.resolve("test/neg/0_3.txt"));
        assertEquals(
                folder.resolve("test/neg") + ": holds no reviews, which are files *.txt",
                failure(() -> at(folder).test()));
        Files.delete(folder.resolve("test/neg"));
        assertEquals(folder.resolve("test/neg") + ": no such folder", failure(() -> at(folder).test()));
    }

    @Test
    void saysThatNothingIsNamedOrTooMuch() {
        var nothing = Arguments.read(Map.of(), List.of(), Map.of());
        assertEquals(
                "--data DIR is missing: unpack the Large Movie Review Dataset (Maas et al. 2011,"
                        + " ai.stanford.edu/~amaas/data/sentiment) and name its folder aclImdb; or try the program out"
                        + " with --sample",
                assertThrows(IllegalArgumentException.class, () -> ReviewData.of(nothing)).getMessage());
        var both = Arguments.read(Map.of(ReviewData.DATA, "x", ReviewData.SAMPLE, "true"), List.of(), Map.of());
        assertEquals(
                "--sample and --data are one too many",
                assertThrows(IllegalArgumentException.class, () -> ReviewData.of(both)).getMessage());
    }

    // Broken files

    private String broken(String content) throws IOException {
        return broken(content.getBytes(StandardCharsets.UTF_8));
    }

    /// What is said of a training part after its name.
    private String broken(byte[] content) throws IOException {
        Path file = Packed.write(work.resolve("train.tsv"), content);
        String message = failure(() -> at(file).train());
        assertEquals(file + ": ", message.substring(0, file.toString().length() + 2));
        return message.substring(file.toString().length() + 2);
    }

    @Test
    void saysWhichLineIsNoReview() throws IOException {
        String good = "1\t9\t0\tfine\n";
        assertEquals("line 2: has 3 of the 4 columns label, stars, id, text", broken(good + "0\t1\t7\n" + good));
        assertEquals("line 2: has 1 of the 4 columns label, stars, id, text", broken(good + "\n" + good));
        assertEquals("line 3: label must be 0 or 1, got '2'", broken(good + good + "2\t1\t0\tbad\n"));
        assertEquals("line 1: label must be 0 or 1, got ''", broken("\t1\t0\tbad"));
        assertEquals("line 1: label must be 0 or 1, got 'label'", broken("label\tstars\tid\ttext\n" + good));
        assertEquals(
                "line 1: label must be 0 or 1, got '" + "x".repeat(20) + "...'",
                broken("x".repeat(1_000_000) + "\t1\t0\tbad\n"));
        assertEquals("line 2: the review is empty", broken(good + "0\t1\t0\t \n"));
        assertEquals("holds no reviews", broken(""));
    }

    @Test
    void saysWhichLineIsNoUtf8() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes("1\t9\t0\tfine\n0\t1\t0\tb".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xff);
        assertEquals("line 2: is not UTF-8", broken(bytes.toByteArray()));
        assertEquals("line 1: is not UTF-8", broken(new byte[] {'1', '\t', (byte) 0xc3}));
        writeFolder(work);
        Path review = work.resolve("train/pos/9_8.txt");
        Files.write(review, new byte[] {'a', '\n', (byte) 0x80});
        assertEquals(review + ": line 2: is not UTF-8", failure(() -> at(work).train()));
        Files.write(review, new byte[] {' ', '\n'});
        assertEquals(review + ": the review is empty", failure(() -> at(work).train()));
    }

    @Test
    void saysThatAFileIsNoGzipOrCutOff() throws IOException {
        writePacked(work, ".tsv.gz");
        Path file = work.resolve("a_train.tsv.gz");
        byte[] whole = Files.readAllBytes(file);
        Files.writeString(file, "1\t9\t0\tfine\n");
        assertEquals(file + ": is no gzip file", failure(() -> at(work).train()));
        Files.write(file, new byte[0]);
        assertEquals(file + ": is no gzip file", failure(() -> at(work).train()));
        Files.write(file, Arrays.copyOf(whole, whole.length - 8));
        assertEquals(file + ": after line 3: the file is cut off", failure(() -> at(work).train()));
        whole[whole.length - 8] ^= 1; // the checksum
        Files.write(file, whole);
        assertEquals(file + ": after line 3: damaged: Corrupt GZIP trailer", failure(() -> at(work).train()));
    }
}
