package lamella.data;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a text into words, the same way wherever it runs.
///
/// The text is brought into composed form (NFC) and lower case; tags such as `<br />` count as blanks.
/// A word is a longest run of letters and digits of any script, with the marks that belong to them;
/// apostrophes may stand within it, and are all written `'`. `!` and `?` are words of their own;
/// everything else lies between words.
///
/// A run longer than [#longest] is cut to its first characters, so that a text without blanks makes no
/// giant word. Time and memory grow in proportion to the text.
///
/// {@snippet :
/// Words.standard().in("Don't <br />miss it!");   // don't, miss, it, !
/// }
///
/// @param longest the most characters of a word, at least 1
public record Words(int longest) {
    private static final int USUAL_LONGEST = 64;

    /// What begins like a tag but goes on for longer is text.
    private static final int LONGEST_TAG = 256;

    private static final Pattern TEXT = Pattern.compile("words\\((\\d{1,9})\\)");

    /// Rejects a length below 1.
    public Words {
        if (longest < 1) {
            throw new IllegalArgumentException("words: longest must be at least 1, got " + longest);
        }
    }

    /// Returns words of up to 64 characters.
    public static Words standard() {
        return new Words(USUAL_LONGEST);
    }

    /// Returns the words in a text, in order.
    public List<String> in(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        var scan = new Scan(composed.toLowerCase(Locale.ROOT));
        return scan.run();
    }

    /// Reads what [#toString] wrote.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static Words parse(String text) {
        Matcher match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("words: must be like 'words(64)', got '" + text + "'");
        }
        return new Words(Integer.parseInt(match.group(1)));
    }

    /// Returns this as a text for a model file: `words(64)`.
    @Override
    public String toString() {
        return "words(" + longest + ")";
    }

    /// One text on its way.
    private final class Scan {
        private final String text;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private int characters;

        Scan(String text) {
            this.text = text;
        }

        List<String> run() {
            int at = 0;
            while (at < text.length()) {
                int point = text.codePointAt(at);
                int next = at + Character.charCount(point);
                if (Character.isLetterOrDigit(point) || isMark(point) && characters > 0) {
                    append(point);
                } else if (isApostrophe(point) && characters > 0 && letterAt(next)) {
                    append('\'');
                } else {
                    end();
                    if (point == '!' || point == '?') {
                        words.add(Character.toString(point));
                    } else if (point == '<') {
                        next = afterTag(at);
                    }
                }
                at = next;
            }
            end();
            return words;
        }

        private void append(int point) {
            if (characters < longest) {
                word.appendCodePoint(point);
            }
            characters++;
        }

        private void end() {
            if (characters > 0) {
                words.add(word.toString());
                word.setLength(0);
                characters = 0;
            }
        }

        private boolean letterAt(int at) {
            return at < text.length() && Character.isLetterOrDigit(text.codePointAt(at));
        }

        /// The place after the tag that begins here, or after the `<` if none does.
        private int afterTag(int start) {
            int at = start + 1;
            boolean begins = at < text.length() && (letterAt(at) || text.charAt(at) == '/' || text.charAt(at) == '!');
            int last = Math.min(text.length(), start + LONGEST_TAG);
            while (begins && at < last && text.charAt(at) != '<') {
                if (text.charAt(at) == '>') {
                    return at + 1;
                }
                at++;
            }
            return start + 1;
        }
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isApostrophe(int point) {
        return point == '\'' || point == '\u2019' || point == '\u02bc';
    }
}
