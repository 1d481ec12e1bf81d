package lamella.app.captioning.data;

import lamella.app.common.Utf8Lines;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32;

/// Pictures of the user's own: a folder with pictures, in folders within it too, and a file `captions.tsv` with a line
/// `PICTURE<TAB>CAPTION` for each caption. A picture may have several. The file is UTF-8; its first tab separates, and
/// further tabs and all quotes are part of the caption; a head line `picture<TAB>caption` is skipped.
///
/// A tenth of the pictures is to test with and a tenth to validate with, at least one each. Which ones depends on the
/// checksum of a picture's name, so that they stay, all but the last, when pictures are added.
///
/// Pictures are squeezed into a square, whatever their proportions.
public final class FolderData implements CaptionData {
    private static final String CAPTIONS = "captions.tsv";
    private static final int DEPTH = 8;
    private static final int FEWEST = 3;
    private static final int PARTS = 10;

    private final Path folder;
    private final CaptionedPictures pictures;

    /// The names of the pictures by checksum.
    private final List<String> names;

    private FolderData(Path folder, CaptionedPictures pictures, List<String> names) {
        this.folder = folder;
        this.pictures = pictures;
        this.names = names;
    }

    /// Opens the data set; pictures are read when a part is asked for.
    ///
    /// @param folder the folder
    /// @param side the height and the width that every picture is scaled to
    /// @throws java.io.UncheckedIOException if the captions are missing or malformed, there are fewer than 3 pictures, or
    ///   examples are incomplete and that is not tolerated
    public static FolderData open(Path folder, int side, Leniency leniency) {
        if (!Files.isDirectory(folder)) {
            throw Utf8Lines.broken(folder + (Files.exists(folder) ? ": is no folder" : ": no such folder"), null);
        }
        Path file = folder.resolve(CAPTIONS);
        if (!Files.exists(file)) {
            throw Utf8Lines.broken(
                    "%s: holds no %s, which has a picture's name, a tab and a caption in each line"
                            .formatted(folder, CAPTIONS),
                    null);
        }
        Captions captions = Captions.tabbed(file);
        PictureFolder files = PictureFolder.of(folder, DEPTH);
        var names = new TreeSet<>(files.pictures());
        names.addAll(captions.of().keySet());
        names.addAll(captions.empty());
        var pictures = new CaptionedPictures(folder.toString(), captions, files, side, names, leniency);
        List<String> whole = names.stream().filter(pictures::isWhole).sorted(BY_CHECKSUM).toList();
        if (whole.size() < FEWEST) {
            throw Utf8Lines.broken(
                    "%s: has %d of at least %d pictures with captions: one to test, one to validate, one to learn"
                            .formatted(folder, whole.size(), FEWEST),
                    null);
        }
        return new FolderData(folder, pictures, whole);
    }

    private static final Comparator<String> BY_CHECKSUM =
            Comparator.comparingLong(FolderData::checksum).thenComparing(Comparator.naturalOrder());

    private static long checksum(String name) {
        var sum = new CRC32();
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    @Override
    public String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    private int held() {
        return (names.size() + PARTS - 1) / PARTS;
    }

    @Override
    public Part train() {
        return pictures.part("train", names.subList(2 * held(), names.size()));
    }

    @Override
    public Part validation() {
        return pictures.part("dev", names.subList(held(), 2 * held()));
    }

    @Override
    public Part test(String name) {
        return switch (name) {
            case "test" -> pictures.part("test", names.subList(0, held()));
            case "dev" -> validation();
            default ->
                    throw new IllegalArgumentException(
                            "%s: no split named '%s'; known: %s".formatted(name(), name, List.of("test", "dev")));
        };
    }
}
