package lamella.app.captioning;

import lamella.app.captioning.data.CaptionData;
import lamella.app.captioning.data.EmojiData;
import lamella.app.captioning.data.FlickrData;
import lamella.app.captioning.data.FolderData;
import lamella.app.captioning.data.Leniency;
import lamella.app.captioning.data.Style;
import lamella.app.common.Arguments;
import lamella.app.common.Option;
import lamella.app.common.Terminal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The data sets that the program knows.
enum Data {
    /// Emoji and their names, which are part of the program.
    EMOJI(32),
    /// Flickr8k, in a folder of the user's.
    FLICKR8K(64),
    /// Pictures of the user's own.
    FOLDER(64);

    static final Option<Data> DATASET =
            Option.choice(
                            "--dataset",
                            "NAME",
                            "which pictures: emoji, which are part of the program; flickr8k, in the folder --data; or"
                                    + " folder, those in the folder --data, whose captions.tsv has lines of a picture's"
                                    + " name, a tab and a caption",
                            Data::named)
                    .or(EMOJI);
    static final Option<Path> DATA = Option.path("--data", "DIR", "the folder of flickr8k, or of your own pictures");
    static final Option<Style> UNSEEN =
            Option.choice(
                    "--unseen-style",
                    "STYLE",
                    "emoji: learn from the other four styles and test with this one, of " + Style.names(", "),
                    Style::named);
    static final Option<Integer> SIZE =
            Option.integer("--size", "height and width that pictures are scaled to (default: 64; emoji are 32)", 1);

    /// The options that say which pictures.
    static final List<Option<?>> OPTIONS = List.of(DATASET, DATA, UNSEEN, Leniency.LENIENT);

    private final int side;

    Data(int side) {
        this.side = side;
    }

    private static Data named(String name) {
        return Arrays.stream(values())
                .filter(data -> data.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--dataset: no data set named '%s'; known: %s"
                                                .formatted(name, Arrays.toString(values()))));
    }

    /// Returns the name as it is written on the command line.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Tells whether the pictures are photos, as far as one knows, and their captions sentences.
    boolean photos() {
        return this != EMOJI;
    }

    /// Returns height and width of the pictures that were asked for.
    ///
    /// @throws IllegalArgumentException if emoji of another size than theirs were
    int side(Arguments arguments) {
        int asked = arguments.find(SIZE).orElse(side);
        if (this == EMOJI && asked != side) {
            throw new IllegalArgumentException("--size: emoji are 32 x 32, got " + asked);
        }
        return asked;
    }

    /// Opens the data set that was asked for.
    ///
    /// @param side height and width of pictures
    /// @throws IllegalArgumentException if an option is missing, or is one of another data set
    static CaptionData open(Arguments arguments, int side, Terminal terminal) {
        Data data = arguments.get(DATASET);
        if (data != EMOJI && arguments.has(UNSEEN)) {
            throw new IllegalArgumentException("--unseen-style is an option of emoji, not of " + data);
        }
        Leniency leniency =
                arguments.get(Leniency.LENIENT) ? Leniency.telling(terminal.err()::println) : Leniency.none();
        return switch (data) {
            case EMOJI -> {
                if (arguments.has(DATA)) {
                    throw new IllegalArgumentException("--data is no option of emoji, which are part of the program");
                }
                yield arguments.find(UNSEEN).map(EmojiData::styles).orElseGet(EmojiData::compositions);
            }
            case FLICKR8K -> FlickrData.open(folder(arguments, data), side, leniency);
            case FOLDER -> FolderData.open(folder(arguments, data), side, leniency);
        };
    }

    private static Path folder(Arguments arguments, Data data) {
        Optional<Path> folder = arguments.find(DATA);
        return folder.orElseThrow(
                () ->
                        new IllegalArgumentException(
                                data == FLICKR8K
                                        ? "--data DIR is missing: the folder of Flickr8k, with its photos, captions and"
                                                + " splits"
                                        : "--data DIR is missing: a folder with pictures and a file captions.tsv"));
    }

    /// Returns the split that is tested where none is named.
    static String testSplit(Arguments arguments) {
        if (arguments.get(DATASET) != EMOJI) {
            return "test";
        }
        return arguments.has(UNSEEN) ? "style" : "comp-test";
    }
}
