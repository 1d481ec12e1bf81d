package lamella.app.captioning;

import lamella.array.Shape;
import lamella.data.Values;

import java.util.Comparator;
import java.util.stream.IntStream;

/// The captions of a batch in the order in which a net says them side by side: the longest first, so that those which
/// still have a word at a step are the first ones.
///
/// @param pictures the place of each caption's picture in the batch
/// @param captions the words of each, the mark of the end the last
record Lesson(int[] pictures, int[][] captions) {
    /// Reads captions as [CaptionDataset] writes them. Of the same length, those of an earlier picture come first.
    ///
    /// @param targets int32 `[N, captions, T]`, −1 behind a caption's end and where there is none
    static Lesson of(Values.Ints targets) {
        Shape shape = targets.shape();
        int most = shape.dim(1);
        int steps = shape.dim(2);
        int[][] all =
                IntStream.range(0, shape.dim(0) * most)
                        .mapToObj(place -> words(targets, place, steps))
                        .toArray(int[][]::new);
        int[] places =
                IntStream.range(0, all.length)
                        .filter(place -> all[place].length > 0)
                        .boxed()
                        .sorted(Comparator.comparingInt(place -> -all[place].length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        return new Lesson(
                IntStream.of(places).map(place -> place / most).toArray(),
                IntStream.of(places).mapToObj(place -> all[place]).toArray(int[][]::new));
    }

    private static int[] words(Values.Ints targets, int place, int steps) {
        int from = place * steps;
        return IntStream.range(from, from + steps)
                .map(i -> targets.elements()[i])
                .takeWhile(word -> word >= 0)
                .toArray();
    }

    /// Returns the number of captions.
    int size() {
        return captions.length;
    }

    /// Returns the length of the longest caption.
    int steps() {
        return captions.length == 0 ? 0 : captions[0].length;
    }

    int length(int caption) {
        return captions[caption].length;
    }

    int word(int caption, int step) {
        return captions[caption][step];
    }

    /// Returns the number of words of all captions.
    int words() {
        return IntStream.range(0, size()).map(this::length).sum();
    }

    /// Returns how many captions have a word at a step: so many of the first ones.
    int active(int step) {
        return (int) IntStream.range(0, size()).takeWhile(caption -> length(caption) > step).count();
    }
}
