package lamella.train;

import lamella.data.Batching;
import lamella.data.Dataset;
import lamella.nn.Loss;
import lamella.nn.Model;

import java.util.OptionalDouble;

/// How well a net does on some examples.
///
/// @param loss the mean loss: of each batch, weighted by its number of examples
/// @param accuracy the fraction in [0, 1] of labels that were predicted, where targets are labels
public record Metrics(double loss, OptionalDouble accuracy) {
    /// Measures a model on all examples of a dataset, in inference mode. There is an accuracy if
    /// the targets are int32 labels, −1 for those that do not count, and the model gives logits.
    ///
    /// @throws IllegalArgumentException if the dataset is empty
    public static Metrics of(Model model, Loss loss, Dataset dataset, int batchSize) {
        return Measure.of(Objective.of(model, loss), dataset, Batching.of(batchSize));
    }
}
