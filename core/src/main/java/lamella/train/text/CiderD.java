package lamella.train.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// CIDEr-D of a corpus for n-grams of one length: see [CaptionScores].
final class CiderD {
    /// How far lengths may differ, in words.
    private static final double SIGMA = 6;

    private static final double SCALE = 10;

    private final int length;
    private final double captions;

    /// In how many captions' references an n-gram is.
    private final Map<List<String>, Integer> frequencies = new HashMap<>();

    /// The weights of a text's n-grams.
    private record Vector(Map<List<String>, Double> weights, double norm, int words) {}

    private CiderD(List<Judged> all, int length) {
        this.length = length;
        captions = all.size();
        for (Judged one : all) {
            Set<List<String>> there = new HashSet<>();
            one.references().forEach(reference -> there.addAll(Ngrams.of(reference, length).keySet()));
            there.forEach(ngram -> frequencies.merge(ngram, 1, Integer::sum));
        }
    }

    static double of(List<Judged> all) {
        double sum = 0;
        for (int length = 1; length <= CaptionScores.ORDERS; length++) {
            var cider = new CiderD(all, length);
            sum += all.stream().mapToDouble(cider::score).average().orElseThrow();
        }
        return SCALE * sum / CaptionScores.ORDERS;
    }

    private double score(Judged one) {
        Vector candidate = vector(one.candidate());
        return one.references().stream()
                .mapToDouble(reference -> similarity(candidate, vector(reference)))
                .average()
                .orElseThrow();
    }

    private Vector vector(List<String> words) {
        var weights = new LinkedHashMap<List<String>, Double>();
        double squares = 0;
        for (var entry : Ngrams.of(words, length).entrySet()) {
            int frequency = Math.max(1, frequencies.getOrDefault(entry.getKey(), 0));
            double weight = entry.getValue() * Math.log(captions / frequency);
            weights.put(entry.getKey(), weight);
            squares += weight * weight;
        }
        return new Vector(weights, Math.sqrt(squares), words.size());
    }

    private static double similarity(Vector candidate, Vector reference) {
        double norms = candidate.norm() * reference.norm();
        if (norms == 0) {
            return 0;
        }
        double product = 0;
        for (var entry : candidate.weights().entrySet()) {
            double weight = reference.weights().getOrDefault(entry.getKey(), 0.0);
            product += Math.min(entry.getValue(), weight) * weight;
        }
        double difference = candidate.words() - reference.words();
        return product / norms * Math.exp(-difference * difference / (2 * SIGMA * SIGMA));
    }
}
