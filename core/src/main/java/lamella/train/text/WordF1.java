package lamella.train.text;

import java.util.List;

/// The F1 of one caption's words: see [CaptionScores].
final class WordF1 {
    private WordF1() {}

    static double of(Judged one) {
        return one.references().stream().mapToDouble(reference -> of(one.candidate(), reference)).max().orElseThrow();
    }

    private static double of(List<String> candidate, List<String> reference) {
        int words = candidate.size() + reference.size();
        return words == 0 ? 0 : 2.0 * Ngrams.common(Ngrams.of(candidate, 1), Ngrams.of(reference, 1)) / words;
    }
}
