package lamella.app.imdb;

import lamella.tensor.RandomSource;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// Reviews of the training part that are held out, to choose the best epoch by.
///
/// The data set has up to 30 reviews of a film, one after the other, and the films of its two parts differ. A net that
/// has read others of a film's reviews knows its title and its actors, so reviews held out one by one would promise
/// more than the test part keeps: by two to three hundredths. Here a stretch of neighbours is held out of each label's
/// reviews, at the same place of both, since they go through the films in about the same order.
///
/// @param rest the reviews to learn from, ascending
/// @param held the reviews that are held out, ascending
record HeldOut(int[] rest, int[] held) {
    /// Chooses `count` reviews, of each label in its proportion.
    ///
    /// @param seed the place depends on it
    static HeldOut of(List<Review> reviews, int count, long seed) {
        double place = RandomSource.of(seed).split("held").nextDouble();
        var held = new BitSet(reviews.size());
        int left = count;
        for (int label = Review.LABELS.size() - 1; label >= 0; label--) {
            int wanted = label;
            int[] own = IntStream.range(0, reviews.size()).filter(i -> reviews.get(i).label() == wanted).toArray();
            int share = label == 0 ? left : (int) Math.round((double) count * own.length / reviews.size());
            int stretch = Math.min(share, own.length);
            int start = (int) (place * (own.length - stretch + 1));
            IntStream.range(start, start + stretch).forEach(i -> held.set(own[i]));
            left -= stretch;
        }
        int[] rest = IntStream.range(0, reviews.size()).filter(i -> !held.get(i)).toArray();
        return new HeldOut(rest, held.stream().toArray());
    }
}
