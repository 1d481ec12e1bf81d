package lamella.app.captioning.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class FolderDataTest {
    @TempDir Path folder;
    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void writeThree() throws IOException {
        TestPictures.write(folder.resolve("red.png"), Color.RED);
        TestPictures.write(folder.resolve("more/green.gif"), Color.GREEN);
        TestPictures.write(folder.resolve("blue.bmp"), Color.BLUE);
        captions("red.png\ta red field\nmore/green.gif\ta green field\nblue.bmp\ta blue field\n");
    }

    private void captions(String text) throws IOException {
        Files.writeString(folder.resolve("captions.tsv"), text);
    }

    private FolderData open() {
        return FolderData.open(folder, 4, Leniency.none());
    }

    private FolderData openLeniently() {
        return FolderData.open(folder, 4, Leniency.telling(notes::add));
    }

    private static Map<String, Captioned> all(CaptionData data) {
        return Stream.of(data.train(), data.validation(), data.test("test"))
                .flatMap(part -> part.examples().stream())
                .collect(Collectors.toMap(Captioned::name, e -> e, (_, _) -> null, TreeMap::new));
    }

    private static Map<String, List<String>> captionsOf(CaptionData data) {
        var captions = new TreeMap<String, List<String>>();
        all(data).forEach((name, example) -> captions.put(name, example.captions()));
        return captions;
    }

    private static String failure(Runnable reading) {
        return assertThrows(UncheckedIOException.class, reading::run).getMessage();
    }

    // What it reads

    @Test
    void readsPicturesAndTheirCaptions() {
        FolderData data = open();
        assertEquals(
                Map.of(
                        "red.png",
                        List.of("a red field"),
                        "more/green.gif",
                        List.of("a green field"),
                        "blue.bmp",
                        List.of("a blue field")),
                captionsOf(data));
        assertEquals(Shape.of(3, 4, 4), data.train().picture());
        byte[] red = new byte[48];
        Arrays.fill(red, 0, 16, (byte) 255);
        assertArrayEquals(red, all(data).get("red.png").pixels());
        assertEquals(folder.getFileName().toString(), data.name());
    }

    @Test
    void readsCaptionsAsTheyAre() throws IOException {
        String long500 = "word ".repeat(499) + "word";
        captions(
                "\ufeffpicture\tCaption\r\nred.png\ttab\there, \"quotes\" and \ud83c\udfac\r\n\n"
                        + "red.png\t"
                        + long500
                        + "\nmore/green.gif\t\ud83c\udfac\n blue.bmp \t\"a blue field\"");
        assertEquals(
                Map.of(
                        "red.png",
                        List.of("tab\there, \"quotes\" and \ud83c\udfac", long500),
                        "more/green.gif",
                        List.of("\ud83c\udfac"),
                        "blue.bmp",
                        List.of("\"a blue field\"")),
                captionsOf(open()));
    }

    @Test
    void onePixelIsAPicture() throws IOException {
        Files.write(folder.resolve("red.png"), TestPictures.plain(Color.WHITE, 1, 1, "png"));
        byte[] white = new byte[48];
        Arrays.fill(white, (byte) 255);
        assertArrayEquals(white, all(open()).get("red.png").pixels());
    }

    // How it is split

    private void write(int count) throws IOException {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            TestPictures.write(folder.resolve("p%d.png".formatted(i)), Color.GRAY);
            lines.append("p%d.png\tnumber %d\n".formatted(i, i));
        }
        for (String name : List.of("red.png", "more/green.gif", "blue.bmp")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        captions(lines.toString());
    }

    private static List<String> names(Part part) {
        return part.examples().stream().map(Captioned::name).toList();
    }

    @Test
    void aTenthIsToTestAndATenthToValidate() throws IOException {
        write(21);
        FolderData data = open();
        assertEquals(3, data.test("test").size());
        assertEquals(3, data.validation().size());
        assertEquals(15, data.train().size());
        assertEquals(21, all(data).size());
        assertEquals(names(data.validation()), names(data.test("dev")));
        assertEquals("train", data.train().name());
        assertEquals("dev", data.validation().name());
        assertEquals("test", data.test("test").name());
    }

    @Test
    void theSplitStaysWhenPicturesAreAdded() throws IOException {
        write(20);
        var before = new HashSet<>(names(open().test("test")));
        write(21);
        var after = new HashSet<>(names(open().test("test")));
        after.retainAll(before);
        assertTrue(after.size() >= before.size() - 1, after + " of " + before);
    }

    @Test
    void saysWhichSplitsThereAre() {
        FolderData data = open();
        assertEquals(
                folder.getFileName() + ": no split named 'comp-test'; known: [test, dev]",
                assertThrows(IllegalArgumentException.class, () -> data.test("comp-test")).getMessage());
    }

    // What is no good

    @Test
    void countsAndNamesWhatIsNoGood() throws IOException {
        for (String name : List.of("a", "b", "c", "d")) {
            TestPictures.write(folder.resolve(name + ".JPG"), Color.GRAY);
        }
        captions(
                "red.png\tred\nred.png\t \nmore/green.gif\tgreen\nblue.bmp\tblue\nnone.png\tnothing\n"
                        + "none.png\tnothing again\n../red.png\tout of it\na.JPG\t\u200b\u00a0\n");
        String faults =
                "4 pictures have no caption (a.JPG, b.JPG, c.JPG and 1 more); 2 captioned pictures are not there"
                        + " (../red.png, none.png); 2 captions are empty (red.png, a.JPG)";
        assertEquals(folder + ": " + faults + "; --lenient leaves out what is no good", failure(this::open));
        assertEquals(List.of("red"), captionsOf(openLeniently()).get("red.png"));
        assertEquals(List.of(folder + ": left out: " + faults), notes);
    }

    private static byte[] cutOff() throws IOException {
        byte[] whole = TestPictures.plain(Color.RED, 200, 200, "jpg");
        return Arrays.copyOf(whole, whole.length - 100);
    }

    @Test
    void saysWhichPicturesCannotBeRead() throws IOException {
        write(10);
        FolderData data = open();
        List<String> train = names(data.train());
        Files.write(folder.resolve(train.get(0)), cutOff());
        Files.writeString(folder.resolve(train.get(5)), "words");
        String faults =
                "2 pictures cannot be read (%s: is a broken picture: the file is cut off, %s: is no picture that can be"
                        + " read (PNG, JPEG, GIF or BMP))";
        String told = faults.formatted(folder.resolve(train.get(0)), folder.resolve(train.get(5)));
        assertEquals(folder + ": " + told + "; --lenient leaves out what is no good", failure(data::train));
        var left = new ArrayList<>(train);
        left.removeAll(List.of(train.get(0), train.get(5)));
        assertEquals(left, names(openLeniently().train()));
        assertEquals(List.of(folder + ": left out: " + told), notes);
    }

    @Test
    void saysThatNoPictureIsLeft() throws IOException {
        String only = names(open().train()).getFirst();
        Files.write(folder.resolve(only), new byte[0]);
        FolderData data = openLeniently();
        assertEquals(folder + ": no picture of the part 'train' is left", failure(data::train));
    }

    @Test
    void saysThatThereAreTooFew() throws IOException {
        Files.delete(folder.resolve("red.png"));
        assertEquals(
                folder + ": 1 captioned picture is not there (red.png); --lenient leaves out what is no good",
                failure(this::open));
        assertEquals(
                folder + ": has 2 of at least 3 pictures with captions: one to test, one to validate, one to learn",
                failure(this::openLeniently));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Path none = folder.resolve("none");
        assertEquals(none + ": no such folder", failure(() -> FolderData.open(none, 4, Leniency.none())));
        Path file = folder.resolve("red.png");
        assertEquals(file + ": is no folder", failure(() -> FolderData.open(file, 4, Leniency.none())));
        Files.delete(folder.resolve("captions.tsv"));
        assertEquals(
                folder + ": holds no captions.tsv, which has a picture's name, a tab and a caption in each line",
                failure(this::open));
    }

    @Test
    void saysWhichLineIsMalformed() throws IOException {
        Path file = folder.resolve("captions.tsv");
        captions("red.png\ta red field\n\nblue.bmp a blue field\n");
        assertEquals(
                file + ": line 3: has no tab between a picture's name and its caption", failure(this::openLeniently));
        Files.write(file, "red.png\tna\u00efve".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ": line 1: is not UTF-8", failure(this::open));
        captions("\n \n");
        assertEquals(file + ": holds no captions", failure(this::open));
    }
}
