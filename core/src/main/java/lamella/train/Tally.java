package lamella.train;

import lamella.data.Batch;
import lamella.data.Values;
import lamella.tensor.Tensor;

import java.util.OptionalDouble;

/// Sums over the batches of an epoch so far.
///
/// @param batches how many
/// @param examples in these batches
/// @param lossSum of each batch's mean loss times its examples
/// @param correct labels that were predicted
/// @param labels labels that count
record Tally(int batches, long examples, double lossSum, long correct, long labels) {
    static Tally zero() {
        return new Tally(0, 0, 0, 0, 0);
    }

    /// Adds a batch; reads the predicted classes, if any, from the backend.
    Tally plus(Batch batch, double loss, Objective.Outcome outcome) {
        var more = new Tally(batches + 1, examples + batch.size(), lossSum + loss * batch.size(), correct, labels);
        if (outcome.prediction().isPresent() && batch.targets() instanceof Values.Ints targets) {
            Tensor logits = outcome.prediction().get();
            boolean classes = logits.shape().rank() > 0 && logits.shape().without(-1).equals(targets.shape());
            return classes ? more.compared(targets, logits.argMax(-1).toInts()) : more;
        }
        return more;
    }

    private Tally compared(Values.Ints targets, int[] predicted) {
        long right = correct;
        long counted = labels;
        for (int i = 0; i < predicted.length; i++) {
            int label = targets.elements()[i];
            counted += label >= 0 ? 1 : 0;
            right += label >= 0 && label == predicted[i] ? 1 : 0;
        }
        return new Tally(batches, examples, lossSum, right, counted);
    }

    Metrics metrics() {
        OptionalDouble accuracy = labels == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) correct / labels);
        return new Metrics(lossSum / examples, accuracy);
    }
}
