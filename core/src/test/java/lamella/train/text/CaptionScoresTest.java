package lamella.train.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

class CaptionScoresTest {
    private static final double EXACT = 1e-12;

    /// Papineni et al., "BLEU: a method for automatic evaluation of machine translation", ACL 2002, section 2, example
    /// 1, in lower case and without full stops.
    private static final List<String> GUIDE =
            List.of(
                    "it is a guide to action that ensures that the military will forever heed party commands",
                    "it is the guiding principle which guarantees the military forces always being under the command"
                            + " of the party",
                    "it is the practical guide for the army always to heed the directions of the party");

    private static final String FIRST =
            "it is a guide to action which ensures that the military always obeys the commands of the party";
    private static final String SECOND =
            "it is to insure the troops forever hearing the activity guidebook that party direct";

    /// Example 2 there.
    private static final List<String> MAT = List.of("the cat is on the mat", "there is a cat on the mat");

    private static final List<String> CANDIDATES =
            List.of(
                    "a brown dog runs across the wet grass",
                    "two children play in the snow in the snow",
                    "a man in a red jacket climbs a rock",
                    "a woman rides a horse",
                    "the the the the");

    private static final List<List<String>> REFERENCES =
            List.of(
                    List.of(
                            "a brown dog is running across the grass",
                            "the dog runs over a wet lawn",
                            "a dog runs across wet grass in a park"),
                    List.of("two children are playing in the snow", "children play in the snow outside"),
                    List.of(
                            "a man in a red jacket climbs a rock",
                            "a climber in red on a steep rock face",
                            "a man climbs"),
                    List.of(
                            "a girl rides a white horse along the beach at sunset",
                            "a woman rides her horse on the sand"),
                    List.of("the cat is on the mat", "a cat sits on the mat"));

    private static CaptionScores one(String candidate, String... references) {
        return one(candidate, List.of(references));
    }

    private static CaptionScores one(String candidate, List<String> references) {
        return CaptionScores.of(List.of(candidate), List.of(references));
    }

    @Test
    void givesThePrecisionsOfThePaper() {
        CaptionScores first = one(FIRST, GUIDE);
        assertEquals(17 / 18.0, first.precisions().get(0), EXACT);
        assertEquals(10 / 17.0, first.precisions().get(1), EXACT);
        CaptionScores second = one(SECOND, GUIDE);
        assertEquals(8 / 14.0, second.precisions().get(0), EXACT);
        assertEquals(1 / 13.0, second.precisions().get(1), EXACT);
    }

    @Test
    void clipsWordsThatAreThereMoreOftenThanInAnyReference() {
        CaptionScores scores = one("the the the the the the the", MAT);
        assertEquals(2 / 7.0, scores.precisions().get(0), EXACT);
        assertEquals(0, scores.precisions().get(1));
        assertEquals(2 / 7.0, scores.bleu(1), EXACT);
        assertEquals(0, scores.bleu(2));
    }

    @Test
    void clipsByTheReferenceThatHasMostNotByTheirSum() {
        assertEquals(0.5, one("a a a a", "a b a", "b a").precisions().getFirst(), EXACT);
    }

    /// The first candidate by hand: 17/18, 10/17, 7/16, 4/15 of the n-grams; 18 words, as one reference has.
    @Test
    void givesTheBleuOfThePapersExample() {
        CaptionScores scores = one(FIRST, GUIDE);
        assertEquals(1, scores.brevityPenalty());
        double product = 17 / 18.0 * 10 / 17 * 7 / 16 * 4 / 15;
        assertEquals(Math.pow(product, 0.25), scores.bleu(4), EXACT);
        // sacrebleu 2.6.0, see below
        assertEquals(0.50456668400584846, scores.bleu(4), EXACT);
    }

    /// Lengths 12, 15 and 17 as in the paper's section 2.2.2: a candidate of 12 words is not too short.
    @Test
    void penalizesCandidatesShorterThanTheNearestReference() {
        List<String> references = List.of(words(17), words(12), words(15));
        assertEquals(1, one(words(12), references).brevityPenalty());
        assertEquals(Math.exp(1 - 12 / 10.0), one(words(10), references).brevityPenalty(), EXACT);
        assertEquals(1, one(words(13), references).brevityPenalty());
        assertEquals(Math.exp(1 - 15 / 14.0), one(words(14), references).brevityPenalty(), EXACT);
        assertEquals(1, one(words(16), references).brevityPenalty(), "of two as near, the shorter");
        assertEquals(1, one(words(16), List.of(words(15), words(17))).brevityPenalty());
        assertEquals(1, one(words(30), references).brevityPenalty());
    }

    private static String words(int count) {
        return String.join(" ", Collections.nCopies(count, "word"));
    }

    @Test
    void penalizesTheCorpusAsAWhole() {
        // 3 + 7 words beside 5 + 5: not too short together; precision (3 + 5) / 10
        var scores = CaptionScores.of(List.of(words(3), words(7)), List.of(List.of(words(5)), List.of(words(5))));
        assertEquals(1, scores.brevityPenalty());
        assertEquals(0.8, scores.bleu(1), EXACT);
    }

    /// Made by sacrebleu 2.6.0, `BLEU(tokenize='none', max_ngram_order=n, force=True)`, divided by 100; its smoothing
    /// methods `none` and `exp` give the same here.
    @Test
    void givesTheBleuOfSacrebleu() {
        CaptionScores scores = CaptionScores.of(CANDIDATES, REFERENCES);
        double[] expected = {0.7867340901059077, 0.727699500688279, 0.6322576392311318, 0.5519239645532994};
        for (int n = 1; n <= 4; n++) {
            assertEquals(expected[n - 1], scores.bleu(n), EXACT);
        }
        assertEquals(0.9178564384568926, scores.brevityPenalty(), EXACT);
        assertEquals(List.of(30 / 35.0, 22 / 30.0, 0.52, 0.4), scores.precisions());
    }

    @Test
    void isZeroWhereNoNgramIsRight() {
        CaptionScores scores = one(SECOND, GUIDE);
        assertTrue(scores.bleu(2) > 0);
        assertEquals(0, scores.bleu(3));
        assertEquals(0, one("a b c", "a b c").bleu(4), "no candidate has four words");
    }

    @Test
    void rougeIsTheLongestCommonSubsequence() {
        // "police ... the gunman" of Lin 2004, section 3.1: 3 of 4 words, and 2 of 4 in their order
        assertEquals(0.75, one("police kill the gunman", "police killed the gunman").rougeL(), EXACT);
        assertEquals(0.5, one("the gunman kill police", "police killed the gunman").rougeL(), EXACT);
    }

    @Test
    void rougeWeighsRecallByBeta() {
        // common: a c; precision 2/2, recall 2/5
        assertEquals((1 + 1.44) * 0.4 / (0.4 + 1.44), one("a c", "a b c d e").rougeL(), EXACT);
    }

    @Test
    void rougeTakesTheBestPrecisionAndTheBestRecallOfAllReferences() {
        // precision 3/4 beside the first, recall 1/1 beside the second
        assertEquals(2.44 * 0.75 / (1 + 1.44 * 0.75), one("a b c d", "a b c e f g", "a").rougeL(), EXACT);
    }

    /// Made by the ROUGE-L and CIDEr-D scorers of the MS COCO caption evaluation (github.com/tylin/coco-caption,
    /// `rouge.py` and `cider_scorer.py`), brought to Python 3, on these texts as they are.
    @Test
    void givesTheRougeAndTheCiderOfTheCaptionEvaluation() {
        CaptionScores scores = CaptionScores.of(CANDIDATES, REFERENCES);
        assertEquals(0.6836969916336698, scores.rougeL(), EXACT);
        assertEquals(2.497646180571207, scores.ciderD(), EXACT);
    }

    @Test
    void ciderIsTenTimesTheMeanOverLengths() {
        // unigrams and bigrams alike, longer ones not there
        var scores = CaptionScores.of(List.of("a b", "c d"), List.of(List.of("a b"), List.of("c d")));
        assertEquals(5, scores.ciderD(), EXACT);
        var longer = CaptionScores.of(List.of("a b c d", "e f g h"), List.of(List.of("a b c d"), List.of("e f g h")));
        assertEquals(10, longer.ciderD(), EXACT);
    }

    @Test
    void ciderClipsAndPenalizesOtherLengths() {
        // the second caption is right: 10/4; each n-gram is in one of two captions, so all weigh the same
        double right = 2.5;
        double shorter = 10 / 4.0 * Math.exp(-4 / 72.0) * (1 / Math.sqrt(2) + 1 / Math.sqrt(3));
        assertEquals((shorter + right) / 2, cider("a b", "a b c d"), EXACT);
        double repeated = 10 / 4.0 / (3 * Math.sqrt(3));
        assertEquals((repeated + right) / 2, cider("a a a", "a b c"), EXACT);
    }

    private static double cider(String candidate, String reference) {
        return CaptionScores.of(List.of(candidate, "x"), List.of(List.of(reference), List.of("x"))).ciderD();
    }

    @Test
    void ciderIgnoresWhatIsInTheReferencesOfAllCaptions() {
        // "a" is in a reference of each caption; twice in those of the first counts once
        var scores =
                CaptionScores.of(
                        List.of("a", "a", "z"), List.of(List.of("a", "a"), List.of("a", "b"), List.of("a", "z")));
        assertEquals(10 / 4.0 / 2 / 3, scores.ciderD(), EXACT);
        assertEquals(0, one("a b c d", "a b c d").ciderD(), "one caption alone: all n-grams are in all captions");
    }

    @Test
    void countsExactMatchesWordByWord() {
        var scores =
                CaptionScores.of(
                        List.of("a dog", " a\tdog ", "a dog .", "A dog"),
                        Collections.nCopies(4, List.of("the dog", "a dog")));
        assertEquals(0.5, scores.exactMatch());
    }

    @Test
    void takesWordsAsTheyAreBetweenBlanks() {
        assertEquals(1, one("a\u00a0dog \n runs", "a dog runs").exactMatch());
        assertEquals(0.5, one("the mat.", "the mat .").precisions().getFirst());
        assertEquals(0.4, one("the mat.", "the mat .").wordF1(), EXACT);
        assertEquals(0, one("Dog", "dog").wordF1());
    }

    @Test
    void wordF1CountsRepeatedWordsAndTakesTheBestReference() {
        // common: a, a, dog of 4 and 5 words
        assertEquals(6 / 9.0, one("a dog a dog", "a cat and a dog").wordF1(), EXACT);
        assertEquals(6 / 9.0, one("a dog a dog", "a", "a cat and a dog", "cat").wordF1(), EXACT);
        var mean = CaptionScores.of(List.of("a", "b"), List.of(List.of("a"), List.of("c")));
        assertEquals(0.5, mean.wordF1());
    }

    @Test
    void textsWithoutWordsAreWorthNothingButNoError() {
        CaptionScores silent = one("", "a dog");
        assertEquals(new CaptionScores(List.of(0.0, 0.0, 0.0, 0.0), 0, 0, 0, 0, 0), silent);
        assertEquals(0, silent.bleu(1));
        CaptionScores nothingToSay = one("a dog", " ");
        assertEquals(new CaptionScores(List.of(0.0, 0.0, 0.0, 0.0), 1, 0, 0, 0, 0), nothingToSay);
        var both = CaptionScores.of(List.of("", "a"), List.of(List.of(""), List.of("a", "")));
        assertEquals(1, both.exactMatch());
        assertEquals(0.5, both.rougeL());
        assertEquals(0.5, both.wordF1());
    }

    @Test
    void isPerfectForCaptionsThatAreTheirReferences() {
        List<String> candidates =
                IntStream.range(0, 1000).mapToObj(i -> "a dog number " + i + " runs on the grass of a park").toList();
        List<List<String>> references = candidates.stream().map(text -> Collections.nCopies(5, text)).toList();
        CaptionScores scores = CaptionScores.of(candidates, references);
        assertEquals(1, scores.bleu(4), EXACT);
        assertEquals(10, scores.ciderD(), 1e-9);
        assertEquals(1, scores.rougeL(), EXACT);
        assertEquals(1, scores.exactMatch());
    }

    @Test
    void rejectsWhatDoesNotGoTogether() {
        rejects("captions: there must be at least one candidate", () -> CaptionScores.of(List.of(), List.of()));
        rejects(
                "captions: 2 candidates but references for 1 of them",
                () -> CaptionScores.of(List.of("a", "b"), List.of(List.of("a"))));
        rejects(
                "captions: the candidate at index 1 has no reference",
                () -> CaptionScores.of(List.of("a", "b"), List.of(List.of("a"), List.of())));
        rejects("bleu: n must be in [1, 4], got 0", () -> one("a", "a").bleu(0));
        rejects("bleu: n must be in [1, 4], got 5", () -> one("a", "a").bleu(5));
        rejects("captions: there must be 4 precisions, got 1", () -> new CaptionScores(List.of(1.0), 1, 1, 1, 1, 1));
    }

    private static void rejects(String message, Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
