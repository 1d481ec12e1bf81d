package lamella.app.captioning.data;

import lamella.app.common.Utf8Lines;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The captions of pictures by the pictures' names, as a file lists them, a caption a line.
///
/// @param of at least one for each name
/// @param empty names that stand beside nothing but blanks, one for each time
record Captions(Map<String, List<String>> of, List<String> empty) {
    private static final Pattern NUMBERED = Pattern.compile("([^\t]+)#\\d+\t(.*)");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"]|\"\")*\"");
    private static final String HEAD = "caption";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /// A line.
    private record Entry(String picture, String caption) {}

    /// Reads `PICTURE<TAB>CAPTION` as it stands: the first tab separates, and quotes are part of a caption.
    static Captions tabbed(Path file) {
        return read(file, line -> split(line, '\t', "no tab between a picture's name and its caption"));
    }

    /// Reads `PICTURE,CAPTION`, where the first comma separates and the caption may stand in quotes, with quotes within
    /// it doubled.
    static Captions table(Path file) {
        return read(
                file,
                line -> {
                    Entry entry = split(line, ',', "no comma between a picture's name and its caption");
                    return new Entry(entry.picture, unquoted(entry.caption.strip()));
                });
    }

    /// Reads `PICTURE#NUMBER<TAB>CAPTION`.
    static Captions numbered(Path file) {
        return read(
                file,
                line -> {
                    Matcher match = NUMBERED.matcher(line);
                    if (!match.matches()) {
                        throw new IllegalArgumentException("must be like PICTURE#NUMBER, a tab and a caption");
                    }
                    return new Entry(match.group(1), match.group(2));
                });
    }

    /// Blank lines are skipped, and so is a first line that is the head of a table.
    private static Captions read(Path file, Function<String, Entry> parser) {
        var captions = new Captions(new LinkedHashMap<>(), new ArrayList<>());
        Utf8Lines.read(
                file,
                (line, number) -> {
                    boolean first = number == 1;
                    String text = first && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line;
                    if (!text.isBlank()) {
                        Entry entry = parser.apply(text);
                        if (!first || !entry.caption.strip().equalsIgnoreCase(HEAD)) {
                            captions.add(entry.picture.strip(), entry.caption.strip());
                        }
                    }
                });
        if (captions.of.isEmpty()) {
            throw Utf8Lines.broken(file + ": holds no captions", null);
        }
        return captions;
    }

    private void add(String picture, String caption) {
        if (caption.codePoints().allMatch(Captions::isBlank)) {
            empty.add(picture);
        } else {
            of.computeIfAbsent(picture, _ -> new ArrayList<>()).add(caption);
        }
    }

    private static boolean isBlank(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT;
    }

    private static Entry split(String line, char separator, String otherwise) {
        int at = line.indexOf(separator);
        if (at < 0) {
            throw new IllegalArgumentException("has " + otherwise);
        }
        return new Entry(line.substring(0, at), line.substring(at + 1));
    }

    private static String unquoted(String caption) {
        return QUOTED.matcher(caption).matches()
                ? caption.substring(1, caption.length() - 1).replace("\"\"", "\"")
                : caption;
    }
}
