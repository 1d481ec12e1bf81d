package lamella.app.captioning.data;

import lamella.array.Shape;
import lamella.tensor.RandomSource;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import javax.imageio.ImageIO;

/// Emoji in five styles and their English names; they are part of the program.
///
/// There are two ways to test. By composition: all styles are learnt from, but some emoji are left out, each a role, a
/// gender and a tone of skin that are never seen together (`comp-val` and `comp-test`). By style: all emoji are learnt
/// from in four styles, and the test is the fifth (`style`).
public final class EmojiData implements CaptionData {
    private static final Shape PICTURE = Shape.of(4, 32, 32);
    private static final int SIDE = 32;
    private static final int COLUMNS = 64;
    private static final String HEAD = "cell\thexcode\tcaption\tgroup\tsplit\trole\tgender\ttone\tvendors";

    /// Pairs that are held out of the four styles: enough to see an epoch go wrong.
    private static final int HELD = 400;

    private final List<Entry> entries;
    private final Map<Style, int[]> sheets = new EnumMap<>(Style.class);
    private final Optional<Style> unseen;

    /// A line of the index.
    private record Entry(int cell, String code, String caption, String split, List<Style> styles) {}

    private EmojiData(List<Entry> entries, Optional<Style> unseen) {
        this.entries = entries;
        this.unseen = unseen;
    }

    /// Returns the data that tests by composition.
    public static EmojiData compositions() {
        return new EmojiData(index(), Optional.empty());
    }

    /// Returns the data that tests by style.
    ///
    /// @param unseen the style that is not learnt from
    public static EmojiData styles(Style unseen) {
        return new EmojiData(index(), Optional.of(unseen));
    }

    @Override
    public String name() {
        return "emoji" + unseen.map(style -> ", all styles but " + style).orElse("");
    }

    @Override
    public Part train() {
        return unseen.isPresent() ? seenStyles("train", false) : split("train");
    }

    @Override
    public Part validation() {
        return unseen.isPresent() ? seenStyles("validation", true) : split("comp-val");
    }

    @Override
    public Part test(String split) {
        List<String> known = unseen.isPresent() ? List.of("style") : List.of("comp-test", "comp-val");
        if (!known.contains(split)) {
            throw new IllegalArgumentException("%s: no split named '%s'; known: %s".formatted(name(), split, known));
        }
        return unseen.map(style -> part("style", _ -> true, style::equals)).orElseGet(() -> split(split));
    }

    private Part split(String name) {
        return part(name, entry -> entry.split().equals(name), _ -> true);
    }

    private Part seenStyles(String name, boolean held) {
        Part all = part(name, _ -> true, style -> !style.equals(unseen.get()));
        int[] order = RandomSource.of(0).split("held out").permutation(all.size());
        IntStream chosen = IntStream.range(held ? 0 : HELD, held ? HELD : order.length);
        return new Part(name, PICTURE, chosen.map(i -> order[i]).sorted().mapToObj(all.examples()::get).toList());
    }

    private Part part(String name, Predicate<Entry> which, Predicate<Style> styles) {
        var examples = new ArrayList<Captioned>();
        for (Style style : Style.values()) {
            if (styles.test(style)) {
                int[] sheet = sheets.computeIfAbsent(style, EmojiData::sheet);
                entries.stream()
                        .filter(which)
                        .filter(entry -> entry.styles().contains(style))
                        .forEach(entry -> examples.add(example(entry, style, sheet)));
            }
        }
        return new Part(name, PICTURE, examples);
    }

    private static Captioned example(Entry entry, Style style, int[] sheet) {
        byte[] pixels = new byte[PICTURE.size()];
        int plane = SIDE * SIDE;
        int left = entry.cell() % COLUMNS * SIDE;
        int top = entry.cell() / COLUMNS * SIDE;
        for (int i = 0; i < plane; i++) {
            int color = sheet[(top + i / SIDE) * COLUMNS * SIDE + left + i % SIDE];
            pixels[i] = (byte) (color >> 16);
            pixels[plane + i] = (byte) (color >> 8);
            pixels[2 * plane + i] = (byte) color;
            pixels[3 * plane + i] = (byte) (color >>> 24);
        }
        return new Captioned(entry.code() + " " + style, pixels, List.of(entry.caption()));
    }

    private static int[] sheet(Style style) {
        ImageIO.setUseCache(false);
        try (InputStream in = open(style + ".png")) {
            BufferedImage image = ImageIO.read(in);
            return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        } catch (IOException e) {
            throw new UncheckedIOException("emoji: the sheet of " + style + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Entry> index() {
        try (var lines = new BufferedReader(new InputStreamReader(open("index.tsv"), StandardCharsets.UTF_8))) {
            String head = lines.readLine();
            if (!HEAD.equals(head)) {
                throw new IllegalStateException("emoji: the index begins with " + head);
            }
            return lines.lines().map(EmojiData::entry).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("emoji: the index cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry entry(String line) {
        String[] fields = line.split("\t", -1);
        return new Entry(
                Integer.parseInt(fields[0]),
                fields[1],
                fields[2],
                fields[4],
                List.of(fields[8].split(",")).stream().map(Style::named).toList());
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = EmojiData.class.getResourceAsStream("emoji/" + name);
        if (in == null) {
            throw new IOException("the program has no emoji/" + name);
        }
        return in;
    }
}
