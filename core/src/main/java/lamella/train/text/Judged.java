package lamella.train.text;

import java.util.List;
import java.util.regex.Pattern;

/// A caption and the references beside which it is judged, in words.
record Judged(List<String> candidate, List<List<String>> references) {
    private static final Pattern BLANKS = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    static Judged of(String candidate, List<String> references) {
        return new Judged(words(candidate), references.stream().map(Judged::words).toList());
    }

    private static List<String> words(String text) {
        return BLANKS.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    boolean isExact() {
        return references.contains(candidate);
    }
}
