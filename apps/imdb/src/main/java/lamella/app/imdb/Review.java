package lamella.app.imdb;

import java.util.List;

/// What somebody thinks of a film.
///
/// @param text the words, on any number of lines
/// @param label 1 if it is positive, 0 if it is negative
record Review(String text, int label) {
    /// The names of the labels.
    static final List<String> LABELS = List.of("negative", "positive");

    /// Rejects a text without a character that can be seen.
    Review {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the review is empty");
        }
    }
}
