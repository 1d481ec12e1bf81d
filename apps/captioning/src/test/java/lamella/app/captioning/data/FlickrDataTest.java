package lamella.app.captioning.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

class FlickrDataTest {
    @TempDir Path folder;
    private final List<String> notes = new ArrayList<>();

    private FlickrData open() {
        return open(folder);
    }

    private static FlickrData open(Path place) {
        return FlickrData.open(place, 8, Leniency.none());
    }

    private FlickrData openLeniently() {
        return FlickrData.open(folder, 8, Leniency.telling(notes::add));
    }

    private static String failure(Runnable reading) {
        return assertThrows(UncheckedIOException.class, reading::run).getMessage();
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// Writes four photos, one of which is in no part, as they were published.
    private void writePublished(String photos, String texts) throws IOException {
        for (String name : List.of("t1", "t2", "d", "e", "none")) {
            TestPictures.write(folder.resolve(photos + name + ".jpg"), Color.GREEN);
        }
        write(texts + "Flickr_8k.trainImages.txt", "t2.jpg\nt1.jpg\n");
        write(texts + "Flickr_8k.devImages.txt", "d.jpg\r\n");
        write(texts + "Flickr_8k.testImages.txt", "e.jpg");
    }

    private static final String NUMBERED =
            "t1.jpg#0\tA dog .\nt1.jpg#1\tA \"brown\" dog, #1\there .\nt2.jpg#0\tA cat .\nd.jpg#0\tA bird .\n"
                    + "e.jpg#0\tAn ant .\nstray.jpg.1#0\tNobody .\n";

    private static void assertIsAll(FlickrData data) {
        assertEquals("flickr8k", data.name());
        Part train = data.train();
        assertEquals("train", train.name());
        assertEquals(Shape.of(3, 8, 8), train.picture());
        assertEquals(List.of("t2.jpg", "t1.jpg"), train.examples().stream().map(Captioned::name).toList());
        assertEquals(List.of("A cat ."), train.examples().getFirst().captions());
        assertEquals(2, train.examples().get(1).captions().size());
        assertEquals(192, train.examples().get(1).pixels().length);
        assertEquals("dev", data.validation().name());
        assertEquals(List.of("A bird ."), data.validation().examples().getFirst().captions());
        assertEquals("d.jpg", data.test("dev").examples().getFirst().name());
        assertEquals(List.of("An ant ."), data.test("test").examples().getFirst().captions());
    }

    // As published

    @Test
    void readsTheFilesWhereverTheyWereUnpacked() throws IOException {
        writePublished("Flickr8k_Dataset/Flicker8k_Dataset/", "Flickr8k_text/");
        write("Flickr8k_text/Flickr8k.token.txt", NUMBERED);
        write("Flickr8k_text/Flickr8k.lemma.token.txt", "t1.jpg#0\tother");
        TestPictures.write(folder.resolve("thumbs/t1.jpg"), Color.RED);
        FlickrData data = open();
        assertIsAll(data);
        assertEquals(List.of("A dog .", "A \"brown\" dog, #1\there ."), data.train().examples().get(1).captions());
        assertEquals(0, data.train().examples().get(1).pixels()[0]);
    }

    @Test
    void readsATableOfCaptions() throws IOException {
        writePublished("Images/", "");
        write(
                "captions.txt",
                "image,caption\nt1.jpg,A dog .\nt1.jpg,\"A dog, labeled \"\" sale \"\" .\"\nt2.jpg,A cat .\n"
                        + "d.jpg,A bird .\ne.jpg,An ant .\n");
        FlickrData data = open();
        assertIsAll(data);
        assertEquals(List.of("A dog .", "A dog, labeled \" sale \" ."), data.train().examples().get(1).captions());
    }

    @Test
    void quotesThatQuoteNoCaptionStay() throws IOException {
        writePublished("", "");
        write("captions.csv", "t1.jpg,\"Hi\" and \"ho\"\nt1.jpg,\"Hi\nt2.jpg,\"A cat .\"\nd.jpg,A bird .\ne.jpg,x");
        assertEquals(List.of("\"Hi\" and \"ho\"", "\"Hi"), open().train().examples().get(1).captions());
    }

    @Test
    void saysWhichFilesAreMissing() throws IOException {
        Path none = folder.resolve("none");
        assertEquals(none + ": no such file or folder", failure(() -> open(none)));
        assertEquals(
                folder + ": holds no Flickr8k.token.txt, nor a table of captions captions.txt", failure(this::open));
        write("Flickr8k.token.txt", NUMBERED);
        assertEquals(folder + ": holds no Flickr_8k.trainImages.txt", failure(this::open));
        write("Flickr_8k.trainImages.txt", "t1.jpg");
        assertEquals(folder + ": holds no Flickr_8k.devImages.txt", failure(this::open));
        write("Flickr_8k.devImages.txt", "d.jpg");
        assertEquals(folder + ": holds no Flickr_8k.testImages.txt", failure(this::open));
        write("Flickr_8k.testImages.txt", "e.jpg");
        assertEquals(folder + ": holds no photos *.jpg", failure(this::open));
    }

    @Test
    void saysThatAPictureIsInTwoParts() throws IOException {
        writePublished("", "");
        write("Flickr8k.token.txt", NUMBERED);
        Path test = write("Flickr_8k.testImages.txt", "e.jpg\nt1.jpg\n");
        assertEquals(test + ": t1.jpg stands in Flickr_8k.trainImages.txt, too", failure(this::open));
    }

    @Test
    void saysWhichLineIsMalformed() throws IOException {
        writePublished("", "");
        Path numbered = write("Flickr8k.token.txt", "t1.jpg#0\tA dog .\nt1.jpg\tA dog .\n");
        assertEquals(numbered + ": line 2: must be like PICTURE#NUMBER, a tab and a caption", failure(this::open));
        Files.delete(numbered);
        Path table = write("captions.txt", "image,caption\n\nt1.jpg A dog .\n");
        assertEquals(table + ": line 3: has no comma between a picture's name and its caption", failure(this::open));
    }

    @Test
    void countsAndNamesWhatIsNoGood() throws IOException {
        writePublished("", "");
        write("Flickr8k.token.txt", NUMBERED.replace("d.jpg#0\tA bird .\n", ""));
        Files.delete(folder.resolve("t1.jpg"));
        String faults = "1 picture has no caption (d.jpg); 1 captioned picture is not there (t1.jpg)";
        assertEquals(folder + ": " + faults + "; --lenient leaves out what is no good", failure(this::open));
        FlickrData data = openLeniently();
        assertEquals(List.of(folder + ": left out: " + faults), notes);
        assertEquals(1, data.train().size());
        assertEquals(folder + ": no picture of the part 'dev' is left", failure(data::validation));
    }

    @Test
    void saysWhichPictureIsBroken() throws IOException {
        writePublished("", "");
        write("Flickr8k.token.txt", NUMBERED);
        Path broken = folder.resolve("t1.jpg");
        byte[] whole = TestPictures.plain(Color.RED, 200, 200, "jpg");
        Files.write(broken, Arrays.copyOf(whole, whole.length - 100));
        FlickrData data = open();
        assertEquals(
                folder
                        + ": 1 picture cannot be read ("
                        + broken
                        + ": is a broken picture: the file is cut off); --lenient leaves out what is no good",
                failure(data::train));
        assertEquals(1, data.validation().size());
        assertEquals(1, openLeniently().train().size());
    }

    @Test
    void saysWhichSplitsThereAre() throws IOException {
        writePublished("", "");
        write("Flickr8k.token.txt", NUMBERED);
        FlickrData data = open();
        assertEquals(
                "flickr8k: no split named 'comp-test'; known: [test, dev]",
                assertThrows(IllegalArgumentException.class, () -> data.test("comp-test")).getMessage());
    }

    // The pack

    private static final String TABLE =
            "image,caption\nt1.jpg,A dog .\nt1.jpg,\"A dog, brown .\"\nt2.jpg,A cat .\nd.jpg,A bird .\n"
                    + "e.jpg,An ant .\nnone.jpg,Nothing .\n";

    private Path writePack(String captions) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeBytes("FLK1");
        out.writeInt(5);
        List<String> names = List.of("t2.jpg", "d.jpg", "e.jpg", "none.jpg", "t1.jpg");
        int[] parts = {0, 1, 2, 3, 0};
        for (int i = 0; i < 5; i++) {
            byte[] jpeg = TestPictures.plain(Color.GREEN, 16, 16, "jpg");
            out.writeByte(parts[i]);
            out.writeByte(names.get(i).length());
            out.writeBytes(names.get(i));
            out.writeShort(jpeg.length);
            out.write(jpeg);
        }
        try (OutputStream table = new GZIPOutputStream(Files.newOutputStream(folder.resolve("captions.csv.gz")))) {
            table.write(captions.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(folder.resolve("small.pack"), bytes.toByteArray());
    }

    @Test
    void readsAPackByFolderOrByName() throws IOException {
        Path pack = writePack(TABLE);
        assertIsAll(open());
        assertIsAll(open(pack));
        assertEquals(List.of("A dog .", "A dog, brown ."), open().train().examples().get(1).captions());
    }

    @Test
    void countsAndNamesWhatIsNoGoodInAPack() throws IOException {
        Path pack = writePack(TABLE.replace("d.jpg,A bird .\n", "d.jpg,\nother.jpg,x\n"));
        String faults =
                "1 picture has no caption (d.jpg); 1 captioned picture is not there (other.jpg); 1 caption is empty"
                        + " (d.jpg)";
        assertEquals(pack + ": " + faults + "; --lenient leaves out what is no good", failure(this::open));
        assertEquals(2, openLeniently().train().size());
        assertEquals(List.of(pack + ": left out: " + faults), notes);
    }

    @Test
    void saysWhichPictureOfAPackIsBroken() throws IOException {
        Path pack = writePack(TABLE);
        byte[] bytes = Files.readAllBytes(pack);
        Arrays.fill(bytes, 8 + 8 + 2, 8 + 8 + 2 + 4, (byte) 0); // the head of the first JPEG file
        Files.write(pack, bytes);
        assertEquals(
                pack
                        + ": 1 picture cannot be read (t2.jpg: is no picture that can be read (PNG, JPEG, GIF or BMP));"
                        + " --lenient leaves out what is no good",
                failure(open()::train));
    }

    @Test
    void saysWhatIsNoPack() throws IOException {
        Path pack = writePack(TABLE);
        byte[] whole = Files.readAllBytes(pack);
        Files.write(pack, new byte[] {'F', 'L', 'K', '1', 0});
        assertEquals(pack + ": is no pack of pictures, which begins with FLK1", failure(this::open));
        Files.writeString(pack, "these are words");
        assertEquals(pack + ": is no pack of pictures, which begins with FLK1", failure(this::open));
        Files.write(pack, Arrays.copyOf(whole, whole.length - 1));
        assertEquals(pack + ": ends within picture 5 of 5", failure(this::open));
        Files.write(pack, Arrays.copyOf(whole, 9));
        assertEquals(pack + ": ends within picture 1 of 5", failure(this::open));
        Files.write(pack, Arrays.copyOf(whole, whole.length + 3));
        assertEquals(pack + ": has 3 bytes after its 5 pictures", failure(this::open));
        byte[] other = whole.clone();
        other[8] = 4;
        Files.write(pack, other);
        assertEquals(pack + ": picture 1: its part must be 0 to 3, got 4", failure(this::open));
    }

    @Test
    void saysThatAPackHasNoCaptionsOrABrother() throws IOException {
        Path pack = writePack(TABLE);
        Files.delete(folder.resolve("captions.csv.gz"));
        assertEquals(folder + ": holds no captions.csv.gz", failure(this::open));
        Files.copy(pack, folder.resolve("large.pack"));
        assertEquals(
                folder + ": holds several packs, such as large.pack and small.pack; name one of them",
                failure(this::open));
    }
}
