package lamella.app.imdb;

import lamella.data.Batch;
import lamella.data.SequenceDataset;
import lamella.data.Values;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tensor.Memory;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;

/// Says of reviews how likely they are positive, and what in them makes it think so.
///
/// @param trained the net and its encoding
record Judge(TrainedModel trained) {
    private static final int BATCH_SIZE = 64;

    /// A verdict on one review.
    ///
    /// @param positive the probability that it is positive, in [0, 1]
    /// @param words the words that moved it, the one that moved it most first
    record Verdict(float positive, List<Moved> words) {
        /// Returns the name of the likelier label.
        String label() {
            return Review.LABELS.get(positive < 0.5f ? 0 : 1);
        }
    }

    /// What one word does.
    ///
    /// @param word the word
    /// @param difference the probability that the review is positive, less the same without this word
    /// @param weight how far that is on the scale of log-odds, on which near 0 and 1 small differences count
    record Moved(String word, float difference, double weight) {}

    /// Judges a review.
    ///
    /// Each word that the net knows is left out once, wherever it stands, and the rest is judged again.
    /// Source: Li, Monroe and Jurafsky, "Understanding neural networks through representation erasure", 2016.
    ///
    /// @param seen the words of the review that the net sees
    /// @param most how many words to tell at most; 0 saves the time
    Verdict judge(List<String> seen, int most) {
        Encoding encoding = trained.encoding();
        var words = new ArrayList<String>();
        if (most > 0) {
            new LinkedHashSet<>(seen).stream().filter(encoding.vocabulary()::contains).forEach(words::add);
        }
        var versions = new ArrayList<int[]>();
        versions.add(encoding.ids(seen));
        for (String word : words) {
            versions.add(encoding.ids(seen.stream().filter(other -> !other.equals(word)).toList()));
        }
        float[] positive = positive(versions);
        List<Moved> moved =
                IntStream.range(0, words.size())
                        .mapToObj(i -> moved(words.get(i), positive[0], positive[i + 1]))
                        .sorted(Comparator.comparingDouble((Moved m) -> -Math.abs(m.weight())))
                        .limit(most)
                        .toList();
        return new Verdict(positive[0], moved);
    }

    private static Moved moved(String word, float with, float without) {
        return new Moved(word, with - without, logOdds(with) - logOdds(without));
    }

    private static double logOdds(float probability) {
        double inside = Math.clamp(probability, 1e-12, 1 - 1e-12);
        return Math.log(inside / (1 - inside));
    }

    private float[] positive(List<int[]> texts) {
        SequenceDataset all = SequenceDataset.of(texts, new int[texts.size()], Review.LABELS.size());
        float[] positive = new float[texts.size()];
        for (int from = 0; from < positive.length; from += BATCH_SIZE) {
            int[] indices = IntStream.range(from, Math.min(from + BATCH_SIZE, positive.length)).toArray();
            Batch batch = all.batch(indices, RandomSource.of(0));
            Memory.scope(
                    () -> {
                        float[] both = probabilities(trained.model(), batch);
                        for (int i = 0; i < indices.length; i++) {
                            positive[indices[i]] = both[2 * i + 1];
                        }
                    });
        }
        return positive;
    }

    private static float[] probabilities(Model model, Batch batch) {
        var padded = (Values.Padded) batch.inputs();
        Tensor ids = padded.to(model.backend());
        int[] lengths = Arrays.copyOf(padded.lengths(), batch.size());
        return model.forward(Sequences.of(ids, lengths)).values().softmax().toFloats();
    }
}
