package lamella.data;

import lamella.tensor.RandomSource;

import java.util.Arrays;

/// A random division of a dataset's examples in two, by their numbers.
///
/// {@snippet :
/// Split split = Split.of(images.size(), 5000, seed);
/// ImageDataset train = images.select(split.rest()), validation = images.select(split.held());
/// }
///
/// @param rest the examples that stay, ascending
/// @param held the examples that are held out, ascending
public record Split(int[] rest, int[] held) {
    /// Chooses `held` of `size` examples at random.
    ///
    /// @param seed the choice depends on it and on the sizes alone
    /// @throws IllegalArgumentException if there are not that many
    public static Split of(int size, int held, long seed) {
        if (held < 0 || held > size) {
            throw new IllegalArgumentException("split: cannot hold out " + held + " of " + size + " examples");
        }
        int[] order = RandomSource.of(seed).split("split").permutation(size);
        int[] chosen = Arrays.copyOf(order, held);
        int[] rest = Arrays.copyOfRange(order, held, size);
        Arrays.sort(chosen);
        Arrays.sort(rest);
        return new Split(rest, chosen);
    }
}
