package lamella.train.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// BLEU's parts for a corpus: see [CaptionScores].
record Bleu(List<Double> precisions, double brevityPenalty) {
    static Bleu of(List<Judged> all) {
        List<Double> precisions =
                IntStream.rangeClosed(1, CaptionScores.ORDERS).mapToObj(n -> precision(all, n)).toList();
        return new Bleu(precisions, brevityPenalty(all));
    }

    private static double precision(List<Judged> all, int length) {
        long right = 0;
        long made = 0;
        for (Judged one : all) {
            var most = new HashMap<List<String>, Integer>();
            for (List<String> reference : one.references()) {
                Ngrams.of(reference, length).forEach((ngram, count) -> most.merge(ngram, count, Math::max));
            }
            Map<List<String>, Integer> counts = Ngrams.of(one.candidate(), length);
            right += Ngrams.common(counts, most);
            made += Math.max(0, one.candidate().size() - length + 1);
        }
        return made == 0 ? 0 : (double) right / made;
    }

    private static double brevityPenalty(List<Judged> all) {
        long candidates = 0;
        long references = 0;
        for (Judged one : all) {
            candidates += one.candidate().size();
            references += nearest(one);
        }
        if (candidates == 0) {
            return 0;
        }
        return candidates >= references ? 1 : Math.exp(1 - (double) references / candidates);
    }

    private static int nearest(Judged one) {
        int words = one.candidate().size();
        int best = one.references().getFirst().size();
        for (List<String> reference : one.references()) {
            int nearer = Math.abs(best - words) - Math.abs(reference.size() - words);
            if (nearer > 0 || nearer == 0 && reference.size() < best) {
                best = reference.size();
            }
        }
        return best;
    }
}
