package lamella.data;

import lamella.tensor.RandomSource;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Makes any batch of a pass, given its number.
final class BatchMaker {
    private final Dataset dataset;
    private final RandomSource examples;
    private final int size;
    private final int[] order;
    private final int batches;

    BatchMaker(Dataset dataset, Batching batching, RandomSource random) {
        this.dataset = dataset;
        examples = random.split("examples");
        size = batching.size();
        batches = batching.batches(dataset.size());
        order =
                batching.shuffle()
                        ? random.split("order").permutation(dataset.size())
                        : IntStream.range(0, dataset.size()).toArray();
        if (batching.shuffle() && batching.bucketing() > 1) {
            Buckets.arrange(order, dataset, batching, random.split("buckets"));
        }
    }

    int batches() {
        return batches;
    }

    Batch make(int number, Buffers buffers) {
        buffers.reuse();
        int from = number * size;
        int[] indices = Arrays.copyOfRange(order, from, Math.min(from + size, order.length));
        return dataset.batch(indices, Dataset.random(examples, from), buffers);
    }
}
