package lamella.app.captioning;

import java.util.Locale;

/// What captions are measured by to find the best epoch.
enum Measure {
    /// The fraction of captions that are those of the data, word for word.
    EXACT,
    /// BLEU-4 of all captions, as a fraction in [0, 1].
    BLEU;

    static Measure named(String name) {
        return switch (name) {
            case "exact" -> EXACT;
            case "bleu" -> BLEU;
            default ->
                    throw new IllegalArgumentException("no measure named '%s'; known: [exact, bleu]".formatted(name));
        };
    }

    double of(Scores scores) {
        return switch (this) {
            case EXACT -> scores.captions().exactMatch();
            case BLEU -> scores.captions().bleu(4);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
