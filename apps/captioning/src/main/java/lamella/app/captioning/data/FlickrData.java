package lamella.app.captioning.data;

import lamella.app.common.Utf8Lines;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;

/// Flickr8k: photos with five captions each, and the official split of 6,000, 1,000 and 1,000.
///
/// It is read from the files as they were published, wherever in a folder they were unpacked to: the photos,
/// `Flickr8k.token.txt` or a table `captions.txt` (`image,caption`), and `Flickr_8k.trainImages.txt`, `.devImages.txt` and
/// `.testImages.txt`. Photos and captions in no part of the split are left aside. Or it is read from a pack of small
/// photos, `*.pack`, beside which there is `captions.csv.gz`.
///
/// Photos are squeezed into a square, whatever their proportions.
///
/// Source: Hodosh, Young and Hockenmaier, "Framing image description as a ranking task", JAIR 2013.
public final class FlickrData implements CaptionData {
    private static final String NAME = "flickr8k";
    private static final String TOKENS = "Flickr8k.token.txt";
    private static final List<String> TABLES = List.of("captions.txt", "captions.csv", "captions.csv.gz");
    private static final String PACK = ".pack";

    /// How far below the folder its files may be.
    private static final int DEPTH = 3;

    private final CaptionedPictures pictures;
    private final Map<SplitPart, List<String>> split;

    /// A part of the split; its place is its number in a pack.
    private enum SplitPart {
        TRAIN,
        DEV,
        TEST;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        String file() {
            return "Flickr_8k." + text() + "Images.txt";
        }
    }

    private FlickrData(CaptionedPictures pictures, Map<SplitPart, List<String>> split) {
        this.pictures = pictures;
        this.split = split;
    }

    /// Opens the data set; pictures are read when a part is asked for.
    ///
    /// @param place the folder, or a pack
    /// @param side the height and the width that every picture is scaled to
    /// @throws UncheckedIOException if files are missing or malformed, or examples are incomplete and that is not
    ///   tolerated
    public static FlickrData open(Path place, int side, Leniency leniency) {
        if (!Files.exists(place)) {
            throw Utf8Lines.broken(place + ": no such file or folder", null);
        }
        if (!Files.isDirectory(place)) {
            return packed(place, PictureFolder.of(place.toAbsolutePath().getParent(), 1), side, leniency);
        }
        PictureFolder files = PictureFolder.of(place, DEPTH);
        List<String> packs = files.names().stream().filter(name -> name.endsWith(PACK)).toList();
        if (packs.size() > 1) {
            throw Utf8Lines.broken(
                    "%s: holds several packs, such as %s and %s; name one of them"
                            .formatted(place, packs.get(0), packs.get(1)),
                    null);
        }
        return packs.isEmpty()
                ? published(place, files, side, leniency)
                : packed(place.resolve(packs.getFirst()), files, side, leniency);
    }

    private static FlickrData packed(Path file, PictureFolder files, int side, Leniency leniency) {
        PicturePack pack = PicturePack.read(file);
        Captions captions = table(files).orElseThrow(() -> missing(files.folder(), "captions.csv.gz"));
        var split = new LinkedHashMap<SplitPart, List<String>>();
        var names = new LinkedHashSet<String>();
        for (SplitPart part : SplitPart.values()) {
            split.put(part, pack.part(part.ordinal()));
            names.addAll(split.get(part));
        }
        names.addAll(captions.of().keySet());
        return new FlickrData(new CaptionedPictures(file.toString(), captions, pack, side, names, leniency), split);
    }

    private static FlickrData published(Path place, PictureFolder files, int side, Leniency leniency) {
        Captions captions =
                find(files, TOKENS)
                        .map(Captions::numbered)
                        .or(() -> table(files))
                        .orElseThrow(() -> missing(place, TOKENS + ", nor a table of captions " + TABLES.getFirst()));
        var parts = new LinkedHashMap<String, SplitPart>();
        var split = new LinkedHashMap<SplitPart, List<String>>();
        for (SplitPart part : SplitPart.values()) {
            Path file = find(files, part.file()).orElseThrow(() -> missing(place, part.file()));
            SequencedCollection<String> names = lines(file);
            for (String name : names) {
                SplitPart other = parts.put(name, part);
                if (other != null) {
                    throw Utf8Lines.broken("%s: %s stands in %s, too".formatted(file, name, other.file()), null);
                }
            }
            split.put(part, List.copyOf(names));
        }
        PictureFolder photos = PictureFolder.of(files.withMostPictures(), 1);
        if (photos.pictures().isEmpty()) {
            throw missing(place, "photos *.jpg");
        }
        return new FlickrData(
                new CaptionedPictures(place.toString(), captions, photos, side, parts.keySet(), leniency), split);
    }

    private static Optional<Captions> table(PictureFolder files) {
        return TABLES.stream().flatMap(name -> find(files, name).stream()).findFirst().map(Captions::table);
    }

    private static Optional<Path> find(PictureFolder files, String name) {
        return files.names().stream()
                .filter(file -> file.equals(name) || file.endsWith("/" + name))
                .findFirst()
                .map(files.folder()::resolve);
    }

    private static UncheckedIOException missing(Path folder, String what) {
        return Utf8Lines.broken("%s: holds no %s".formatted(folder, what), null);
    }

    private static SequencedCollection<String> lines(Path file) {
        var lines = new LinkedHashSet<String>();
        Utf8Lines.read(
                file,
                (line, _) -> {
                    if (!line.isBlank()) {
                        lines.add(line.strip());
                    }
                });
        return lines;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Part train() {
        return part(SplitPart.TRAIN);
    }

    @Override
    public Part validation() {
        return part(SplitPart.DEV);
    }

    @Override
    public Part test(String name) {
        return switch (name) {
            case "test" -> part(SplitPart.TEST);
            case "dev" -> part(SplitPart.DEV);
            default ->
                    throw new IllegalArgumentException(
                            "%s: no split named '%s'; known: %s".formatted(NAME, name, List.of("test", "dev")));
        };
    }

    private Part part(SplitPart part) {
        return pictures.part(part.text(), split.get(part));
    }
}
