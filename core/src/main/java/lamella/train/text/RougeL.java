package lamella.train.text;

import java.util.List;

/// ROUGE-L of one caption: see [CaptionScores].
final class RougeL {
    /// How much more recall weighs than precision.
    private static final double BETA = 1.2;

    private RougeL() {}

    static double of(Judged one) {
        double precision = 0;
        double recall = 0;
        for (List<String> reference : one.references()) {
            double common = longestCommon(one.candidate(), reference);
            if (common > 0) {
                precision = Math.max(precision, common / one.candidate().size());
                recall = Math.max(recall, common / reference.size());
            }
        }
        double square = BETA * BETA;
        return precision == 0 ? 0 : (1 + square) * precision * recall / (recall + square * precision);
    }

    /// Returns the length of the longest sequence of words that are in both texts in this order.
    private static int longestCommon(List<String> one, List<String> other) {
        int[] lengths = new int[other.size() + 1];
        for (String word : one) {
            int before = 0;
            for (int j = 1; j < lengths.length; j++) {
                int above = lengths[j];
                lengths[j] = word.equals(other.get(j - 1)) ? before + 1 : Math.max(above, lengths[j - 1]);
                before = above;
            }
        }
        return lengths[other.size()];
    }
}
