package lamella.app.imdb;

import lamella.data.SequenceDataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/// The reviews of a training.
///
/// @param encoding how they became numbers
/// @param train to learn from
/// @param held to choose the best epoch by; a part of the training part
/// @param test to test with
/// @param fingerprint a text that differs for another training part
record TrainingReviews(
        Encoding encoding, SequenceDataset train, SequenceDataset held, TestPart test, String fingerprint) {
    /// Reads the reviews. The vocabulary is of those to learn from alone.
    ///
    /// @throws IllegalArgumentException if more are to be held out than there are, or a checkpoint was
    ///   trained on others
    static TrainingReviews read(ReviewData data, Plan plan) {
        List<Review> all = data.train();
        int held = plan.recipe().validation();
        if (held >= all.size()) {
            throw new IllegalArgumentException(
                    "--validation: cannot hold out %d of the %d reviews of %s".formatted(held, all.size(), data));
        }
        String fingerprint = fingerprint(all);
        plan.requireSameReviews(fingerprint, data);
        HeldOut split = HeldOut.of(all, held, plan.recipe().seed());
        List<Review> rest = select(all, split.rest());
        Encoding encoding = plan.encoding(rest);
        return new TrainingReviews(
                encoding,
                encoding.dataset(rest),
                encoding.dataset(select(all, split.held())),
                TestPart.of(data, all, encoding),
                fingerprint);
    }

    private static List<Review> select(List<Review> all, int[] indices) {
        return IntStream.of(indices).mapToObj(all::get).toList();
    }

    private static String fingerprint(List<Review> reviews) {
        var sum = new CRC32C();
        ByteBuffer label = ByteBuffer.allocate(Integer.BYTES);
        for (Review review : reviews) {
            sum.update(review.text().getBytes(StandardCharsets.UTF_8));
            sum.update(label.putInt(0, review.label()).rewind());
        }
        return "%d reviews, CRC32C %08x".formatted(reviews.size(), (int) sum.getValue());
    }
}
