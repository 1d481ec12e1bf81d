package lamella.app.captioning.picture;

/// How much a net looked at each region of a picture before it said a word.
///
/// @param word the word
/// @param weights one for each region, row after row; their sum is 1
public record Look(String word, float[] weights) {
    /// Even weights are shown this part of the most that can be shown.
    private static final float EVEN = 0.25f;

    /// Returns how strongly to show each region, in [0, 1]: its weight as a part of the largest one, but of no less than
    /// four times what it would be if all were alike. So even weights look faint, and not like a look at everything.
    public float[] strengths() {
        float most = Math.min(1, 1 / (EVEN * weights.length));
        for (float weight : weights) {
            most = Math.max(most, weight);
        }
        float[] strengths = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            strengths[i] = weights[i] / most;
        }
        return strengths;
    }
}
