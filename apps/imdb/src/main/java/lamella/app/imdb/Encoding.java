package lamella.app.imdb;

import lamella.app.common.Texts;
import lamella.data.SequenceDataset;
import lamella.data.Vocabulary;
import lamella.data.Words;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How a text becomes numbers for a net. It travels in the model file, so reading a review needs no data.
///
/// @param words cuts the text
/// @param vocabulary numbers the words
/// @param maxLength the most words of a review that the net sees
/// @param kept which words of a longer review these are
record Encoding(Words words, Vocabulary vocabulary, int maxLength, Kept kept) {
    /// The end of a review that is kept where it is too long.
    enum Kept {
        FIRST,
        LAST;

        /// Returns its name as it is written in model files and messages.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String WORDS = "imdb.words";
    private static final String VOCABULARY = "imdb.vocabulary";
    private static final String MAX_LENGTH = "imdb.maxLength";
    private static final String KEPT = "imdb.kept";

    /// Makes an encoding with the most frequent words of some reviews.
    ///
    /// @param size the most words of the vocabulary
    static Encoding learn(List<Review> reviews, int size, int maxLength, Kept kept) {
        Words words = Words.standard();
        var vocabulary = Vocabulary.mostFrequent(size, reviews.stream().map(review -> words.in(review.text())));
        return new Encoding(words, vocabulary, maxLength, kept);
    }

    /// Returns the words of a text that the net sees.
    List<String> seen(String text) {
        List<String> all = words.in(text);
        int count = Math.min(maxLength, all.size());
        return switch (kept) {
            case FIRST -> all.subList(0, count);
            case LAST -> all.subList(all.size() - count, all.size());
        };
    }

    /// Returns the numbers of words; no words are one that is not known, so that a net has a step to take.
    int[] ids(List<String> seen) {
        return seen.isEmpty() ? vocabulary.ids(List.of(Vocabulary.UNKNOWN)) : vocabulary.ids(seen);
    }

    /// Returns reviews as a net learns from them.
    SequenceDataset dataset(List<Review> reviews) {
        return SequenceDataset.of(
                reviews.stream().map(review -> ids(seen(review.text()))).toList(),
                reviews.stream().mapToInt(Review::label).toArray(),
                Review.LABELS.size());
    }

    /// Returns this as texts, for the metadata of a model file.
    Map<String, String> toMetadata() {
        var fields = new LinkedHashMap<String, String>();
        fields.put(WORDS, words.toString());
        fields.put(VOCABULARY, vocabulary.toText());
        fields.put(MAX_LENGTH, Integer.toString(maxLength));
        fields.put(KEPT, kept.toString());
        return fields;
    }

    /// Reads what [#toMetadata] wrote.
    ///
    /// @throws IllegalArgumentException if an entry is missing or malformed
    static Encoding of(Map<String, String> metadata) {
        Kept kept =
                switch (Texts.get(metadata, KEPT)) {
                    case "first" -> Kept.FIRST;
                    case "last" -> Kept.LAST;
                    case String other ->
                            throw new IllegalArgumentException(KEPT + " must be first or last, got '" + other + "'");
                };
        return new Encoding(
                Words.parse(Texts.get(metadata, WORDS)),
                Vocabulary.parse(Texts.get(metadata, VOCABULARY)),
                Texts.count(metadata, MAX_LENGTH, 1),
                kept);
    }
}
