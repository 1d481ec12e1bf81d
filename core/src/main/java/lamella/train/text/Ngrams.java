package lamella.train.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts the n-grams of texts.
final class Ngrams {
    private Ngrams() {}

    /// Returns how often each run of so many words is there, in the order in which they begin.
    static Map<List<String>, Integer> of(List<String> words, int length) {
        var counts = new LinkedHashMap<List<String>, Integer>();
        for (int i = 0; i + length <= words.size(); i++) {
            counts.merge(words.subList(i, i + length), 1, Integer::sum);
        }
        return counts;
    }

    /// Returns how many n-grams two texts share, each as often as the one that has fewer of it.
    static long common(Map<List<String>, Integer> one, Map<List<String>, Integer> other) {
        return one.entrySet().stream()
                .mapToLong(entry -> Math.min(entry.getValue(), other.getOrDefault(entry.getKey(), 0)))
                .sum();
    }
}
