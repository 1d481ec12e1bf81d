package lamella.app.imdb.tour;

import java.util.List;
import java.util.stream.Collectors;

/// The five words of a small language. Its sentences are `X met Y .`: two different names, drawn at random.
enum Word {
    HARRY("Harry"),
    SALLY("Sally"),
    JAMES("James"),
    MET("met"),
    STOP(".");

    /// How many words are names; they come first.
    static final int NAMES = 3;

    private final String text;

    Word(String text) {
        this.text = text;
    }

    boolean isName() {
        return ordinal() < NAMES;
    }

    static Word of(int id) {
        return values()[id];
    }

    static String text(List<Word> words) {
        return words.stream().map(word -> word.text).collect(Collectors.joining(" "));
    }
}
