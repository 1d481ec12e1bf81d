package lamella.data;

import lamella.tensor.RandomSource;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Puts examples of like length into one batch, in an order that is still random.
final class Buckets {
    private Buckets() {}

    /// Rearranges a shuffled order of examples. Those of the last partial batch are left where they are:
    /// taken out after the sorting they would always be the longest.
    static void arrange(int[] order, Dataset dataset, Batching batching, RandomSource random) {
        int size = batching.size();
        int whole = order.length / size;
        int pool = (int) Math.min((long) batching.bucketing() * size, (long) whole * size);
        for (int from = 0; from < whole * size; from += pool) {
            sort(order, from, Math.min(from + pool, whole * size), dataset);
        }
        int[] sorted = order.clone();
        int[] places = random.permutation(whole);
        for (int batch = 0; batch < whole; batch++) {
            System.arraycopy(sorted, places[batch] * size, order, batch * size, size);
        }
    }

    /// Equally long examples stay in their shuffled order.
    private static void sort(int[] order, int from, int to, Dataset dataset) {
        int[] sorted =
                IntStream.range(from, to)
                        .map(i -> order[i])
                        .boxed()
                        .sorted(Comparator.comparingInt(dataset::length))
                        .mapToInt(Integer::intValue)
                        .toArray();
        System.arraycopy(sorted, 0, order, from, sorted.length);
    }
}
