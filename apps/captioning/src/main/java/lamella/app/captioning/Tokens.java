package lamella.app.captioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Cuts captions into words and marks of punctuation, and puts them together again.
///
/// A word is a run of letters and digits; a hyphen or an apostrophe within it belongs to it. Every other character
/// that is no blank is a token of its own.
final class Tokens {
    private static final Pattern TOKEN =
            Pattern.compile(
                    "[\\p{L}\\p{N}\\p{M}]+(?:[-'’][\\p{L}\\p{N}\\p{M}]+)*|\\X", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String CLOSING = ".,:;!?)]}”";
    private static final String OPENING = "([{“";

    private Tokens() {}

    /// Returns the tokens of a text.
    ///
    /// @param lowerCase whether capital letters become small ones
    static List<String> in(String text, boolean lowerCase) {
        var tokens = new ArrayList<String>();
        var matcher = TOKEN.matcher(lowerCase ? text.toLowerCase(Locale.ROOT) : text);
        while (matcher.find()) {
            String token = matcher.group();
            if (!token.codePoints().allMatch(Tokens::isBlank)) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    private static boolean isBlank(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT;
    }

    /// Returns a text with blanks between tokens, but none before a mark that ends something and none after one that
    /// begins something.
    static String text(List<String> tokens) {
        var text = new StringBuilder();
        boolean open = true;
        for (String token : tokens) {
            if (!open && !CLOSING.contains(token)) {
                text.append(' ');
            }
            text.append(token);
            open = OPENING.contains(token);
        }
        return text.toString();
    }
}
