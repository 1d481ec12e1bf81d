package lamella.data;

import lamella.tensor.RandomSource;

import java.util.Locale;
import java.util.stream.IntStream;

/// Some examples of another dataset.
final class Selection implements Dataset {
    private final Dataset all;
    private final int[] chosen;

    private Selection(Dataset all, int[] chosen) {
        this.all = all;
        this.chosen = chosen;
    }

    static Selection of(Dataset all, int[] indices) {
        requireInside(all.size(), indices);
        return new Selection(all, indices.clone());
    }

    static void requireInside(int size, int[] indices) {
        for (int index : indices) {
            if (index < 0 || index >= size) {
                throw new IllegalArgumentException("select: example " + index + " is outside [0, " + size + ")");
            }
        }
    }

    static int[] range(int size, int from, int to) {
        if (from < 0 || to < from || to > size) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "subset: [%d, %d) is outside [0, %d)", from, to, size));
        }
        return IntStream.range(from, to).toArray();
    }

    static int[] look(int[] chosen, int[] indices) {
        int[] result = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            result[i] = chosen[indices[i]];
        }
        return result;
    }

    @Override
    public int size() {
        return chosen.length;
    }

    @Override
    public int length(int index) {
        return all.length(chosen[index]);
    }

    @Override
    public Batch batch(int[] indices, RandomSource random, Buffers buffers) {
        return all.batch(look(chosen, indices), random, buffers);
    }
}
