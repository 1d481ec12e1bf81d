package lamella.train;

import lamella.data.Batch;
import lamella.data.Batches;
import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.data.Values;
import lamella.nn.Loss;
import lamella.tensor.Memory;
import lamella.tensor.Tensor;
import lamella.train.Evaluation.Mistake;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

/// An evaluation under way.
final class Classifying {
    /// The surest first, equally sure ones in the order of the dataset.
    private static final Comparator<Mistake> SUREST =
            Comparator.comparingDouble(Mistake::probability).reversed().thenComparingInt(Mistake::index);

    private final Function<Batch, Tensor> model;
    private final Loss loss;
    private final Dataset dataset;
    private final int[] labels;
    private final int[] predicted;
    private final PriorityQueue<Mistake> mistakes = new PriorityQueue<>(SUREST.reversed());
    private double lossSum;
    private int classes;
    private int done;

    Classifying(Function<Batch, Tensor> model, Loss loss, Dataset dataset) {
        this.model = model;
        this.loss = loss;
        this.dataset = dataset;
        labels = new int[dataset.size()];
        predicted = new int[dataset.size()];
    }

    Evaluation run(int batchSize) {
        if (dataset.size() == 0) {
            throw new IllegalArgumentException("evaluate: the dataset is empty");
        }
        try (Batches batches = Batching.of(batchSize).shuffle(false).epoch(dataset, 0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                Memory.scope(() -> add(batch));
            }
        }
        List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        return new Evaluation(
                done,
                lossSum / done,
                ConfusionMatrix.of(names, labels, predicted),
                mistakes.stream().sorted(SUREST).toList(),
                predicted);
    }

    private void add(Batch batch) {
        Tensor logits = model.apply(batch);
        requireClassifier(batch, logits);
        classes = logits.shape().dim(1);
        Tensor targets = batch.targets().to(logits.backend());
        lossSum += (double) loss.of(logits, targets).item() * batch.size();
        int[] best = logits.argMax(1).toInts();
        float[] probabilities = logits.softmax().toFloats();
        int[] right = ((Values.Ints) batch.targets()).elements();
        for (int i = 0; i < batch.size(); i++) {
            labels[done] = right[i];
            predicted[done] = best[i];
            if (right[i] >= 0 && best[i] != right[i]) {
                float probability = probabilities[i * classes + best[i]];
                keep(new Mistake(done, right[i], best[i], probability));
            }
            done++;
        }
    }

    private void keep(Mistake mistake) {
        mistakes.add(mistake);
        if (mistakes.size() > Evaluation.MISTAKES) {
            mistakes.remove();
        }
    }

    private static void requireClassifier(Batch batch, Tensor logits) {
        boolean labelled = batch.targets() instanceof Values.Ints targets && targets.shape().rank() == 1;
        boolean classified = logits.shape().rank() == 2 && logits.shape().dim(0) == batch.size();
        if (!labelled || !classified) {
            throw new IllegalArgumentException(
                    "evaluate: a classifier needs int32 labels [N] and logits [N, classes], got"
                            + " targets "
                            + batch.targets().shape()
                            + " and logits "
                            + logits.shape());
        }
    }
}
