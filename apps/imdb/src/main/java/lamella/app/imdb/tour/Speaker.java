package lamella.app.imdb.tour;

import lamella.tensor.RandomSource;

/// Someone who speaks the language of [Word] without mistakes and without end.
final class Speaker {
    static final int SENTENCE = 4;

    private final RandomSource random;
    private int spoken;
    private int first;

    /// Begins in front of a sentence.
    ///
    /// @param skipped how many words nobody hears
    Speaker(RandomSource random, int skipped) {
        this.random = random;
        for (int i = 0; i < skipped; i++) {
            next();
        }
    }

    /// Returns the next word's id.
    int next() {
        return switch (spoken++ % SENTENCE) {
            case 0 -> first = random.nextInt(Word.NAMES);
            case 1 -> Word.MET.ordinal();
            case 2 -> (first + 1 + random.nextInt(Word.NAMES - 1)) % Word.NAMES;
            default -> Word.STOP.ordinal();
        };
    }
}
