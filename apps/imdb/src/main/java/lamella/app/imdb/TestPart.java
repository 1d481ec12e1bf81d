package lamella.app.imdb;

import lamella.data.SequenceDataset;
import lamella.nn.Model;
import lamella.train.Evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The reviews to test with. Nothing is chosen by them.
///
/// @param reviews as they were written
/// @param dataset as a net sees them
/// @param known the numbers of those whose text is in the training part, too
record TestPart(List<Review> reviews, SequenceDataset dataset, int[] known) {
    private static final int BATCH_SIZE = 100;

    static TestPart of(ReviewData data, List<Review> train, Encoding encoding) {
        List<Review> test = data.test();
        var texts = new HashSet<String>();
        train.forEach(review -> texts.add(review.text()));
        int[] known = IntStream.range(0, test.size()).filter(i -> texts.contains(test.get(i).text())).toArray();
        return new TestPart(test, encoding.dataset(test), known);
    }

    /// Tests a model.
    Evaluation evaluate(Model model) {
        return Evaluation.of(model, Recipe.loss(), dataset, BATCH_SIZE).named(Review.LABELS);
    }

    /// Returns the last line of train and evaluate, such as `test accuracy 0.8841 (22103/25000); 0.8840
    /// (21992/24877) without the 123 that are in the training part, too`.
    String result(Evaluation evaluation) {
        long right = evaluation.confusion().correct();
        long all = evaluation.confusion().total();
        String line = "test accuracy " + share(right, all);
        if (known.length == 0) {
            return line;
        }
        long knownRight = IntStream.of(known).filter(i -> evaluation.predicted()[i] == reviews.get(i).label()).count();
        String without = all == known.length ? "none left" : share(right - knownRight, all - known.length);
        return "%s; %s without the %,d that are in the training part, too".formatted(line, without, known.length);
    }

    private static String share(long right, long all) {
        return String.format(Locale.ROOT, "%.4f (%d/%d)", (double) right / all, right, all);
    }
}
