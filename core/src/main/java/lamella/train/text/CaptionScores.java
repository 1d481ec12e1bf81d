package lamella.train.text;

import java.util.ArrayList;
import java.util.List;

/// The usual figures of a corpus of captions, each beside one or several references.
///
/// A word is what stands between blanks, as it is: case and punctuation count. Bring candidates and references into
/// one form before, as a rule lower case without punctuation.
///
/// ## Formulas
/// - BLEU-n: `BP · (p₁ · … · pₙ)^(1/n)` over the whole corpus. pₖ is the fraction of the candidates' k-grams that their
///   references have too, each counted at most as often as in the reference that has it most often. BP is
///   `min(1, e^(1 − r/c))`, c the words of all candidates, r those of the references next to them in length, the
///   shorter one of two that are equally near. Without smoothing: if no n-gram is right, BLEU-n is 0.
/// - ROUGE-L: the mean of `(1 + β²) · P · R / (R + β² · P)`, β = 1.2; P is the longest common subsequence with a
///   reference divided by the candidate's words, R divided by the reference's, each the best of all references.
/// - CIDEr-D: for n = 1 to 4, the cosine of candidate and reference as n-grams weighted by tf-idf, where a weight of
///   the candidate counts at most as much as the reference's, times `e^(−(difference of lengths)² / (2 · 6²))`; ten
///   times the mean over n, references and captions. An n-gram's document frequency is the number of captions that
///   have it in one of their references.
/// - exact match: the fraction of candidates that are one of their references, word by word.
/// - word F1: the mean of `2 · common / (candidate's words + reference's words)`, words counted as often as they
///   appear, the best of all references.
///
/// A quotient with a divisor of 0 is 0.
///
/// ## Source
/// - Papineni et al., "BLEU: a method for automatic evaluation of machine translation", ACL 2002, section 2. Equal to
///   sacrebleu without tokenization and smoothing; its usual smoothing matters only where no n-gram is right.
/// - Lin, "ROUGE: a package for automatic evaluation of summaries", 2004, section 3, with the β and the treatment of
///   several references of the caption evaluation of Chen et al., "Microsoft COCO captions", 2015.
/// - Vedantam et al., "CIDEr: consensus-based image description evaluation", CVPR 2015, section 8, ten times as there.
///
/// {@snippet :
/// CaptionScores scores = CaptionScores.of(
///         List.of("a dog runs on grass"), List.of(List.of("a dog runs", "the dog is on the grass")));
/// scores.bleu(1);   // 0.8
/// }
///
/// @param precisions p₁ to p₄, fractions in [0, 1]
/// @param brevityPenalty BP, in [0, 1]
/// @param rougeL in [0, 1]
/// @param ciderD in [0, 10]
/// @param exactMatch fraction in [0, 1]
/// @param wordF1 in [0, 1]
public record CaptionScores(
        List<Double> precisions,
        double brevityPenalty,
        double rougeL,
        double ciderD,
        double exactMatch,
        double wordF1) {
    /// The longest n-grams that count.
    static final int ORDERS = 4;

    /// Copies the list.
    ///
    /// @throws IllegalArgumentException if there are not four precisions
    public CaptionScores {
        precisions = List.copyOf(precisions);
        if (precisions.size() != ORDERS) {
            throw new IllegalArgumentException("captions: there must be 4 precisions, got " + precisions.size());
        }
    }

    /// Compares captions with their references.
    ///
    /// @param candidates one for each image
    /// @param references of each image in the same order, at least one
    /// @throws IllegalArgumentException if there is no candidate, or not each has references
    public static CaptionScores of(List<String> candidates, List<List<String>> references) {
        List<Judged> all = judged(candidates, references);
        Bleu bleu = Bleu.of(all);
        return new CaptionScores(
                bleu.precisions(),
                bleu.brevityPenalty(),
                all.stream().mapToDouble(RougeL::of).average().orElseThrow(),
                CiderD.of(all),
                all.stream().mapToDouble(one -> one.isExact() ? 1 : 0).average().orElseThrow(),
                all.stream().mapToDouble(WordF1::of).average().orElseThrow());
    }

    private static List<Judged> judged(List<String> candidates, List<List<String>> references) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("captions: there must be at least one candidate");
        }
        if (candidates.size() != references.size()) {
            throw new IllegalArgumentException(
                    "captions: "
                            + candidates.size()
                            + " candidates but references for "
                            + references.size()
                            + " of them");
        }
        var all = new ArrayList<Judged>();
        for (int i = 0; i < candidates.size(); i++) {
            if (references.get(i).isEmpty()) {
                throw new IllegalArgumentException("captions: the candidate at index " + i + " has no reference");
            }
            all.add(Judged.of(candidates.get(i), references.get(i)));
        }
        return all;
    }

    /// Returns BLEU of n-grams up to one length, in [0, 1].
    ///
    /// @param longest 1 to 4
    /// @throws IllegalArgumentException if it is another number
    public double bleu(int longest) {
        if (longest < 1 || longest > ORDERS) {
            throw new IllegalArgumentException("bleu: n must be in [1, 4], got " + longest);
        }
        double product = precisions.stream().limit(longest).reduce(1.0, (a, b) -> a * b);
        return brevityPenalty * Math.pow(product, 1.0 / longest);
    }
}
