package lamella.train;

import lamella.data.Batch;
import lamella.data.Dataset;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tensor.Tensor;

import java.util.List;
import java.util.function.Function;

/// What a classifier makes of a dataset.
///
/// {@snippet :
/// Evaluation result = Evaluation.of(model, Loss.crossEntropy(), test, 256);
/// result.accuracy();
/// }
///
/// @param examples how many
/// @param loss the mean loss: of each batch, weighted by its number of examples
/// @param confusion how often each class was taken for each other one
/// @param mistakes examples that were classified wrongly, those of which the net was surest first
/// @param predicted the predicted class of each example
public record Evaluation(
        int examples, double loss, ConfusionMatrix confusion, List<Mistake> mistakes, int[] predicted) {
    /// The number of mistakes that are kept.
    public static final int MISTAKES = 100;

    /// A wrongly classified example.
    ///
    /// @param index its number in the dataset
    /// @param label what it is
    /// @param predicted what the net took it for
    /// @param probability how sure the net was, in [0, 1]: the softmax of its logits there
    public record Mistake(int index, int label, int predicted, float probability) {}

    /// Classifies all examples of a dataset, in inference mode. The classes are named by their
    /// numbers.
    ///
    /// @param model gives logits `[N, classes]`
    /// @param dataset has int32 labels `[N]`
    /// @throws IllegalArgumentException if the dataset is empty, or model or targets are no
    ///   classifier's
    public static Evaluation of(Model model, Loss loss, Dataset dataset, int batchSize) {
        return of(batch -> Prediction.of(model, batch), loss, dataset, batchSize);
    }

    /// Classifies all examples of a dataset by any function from a batch to its logits `[N,
    /// classes]`.
    ///
    /// @throws IllegalArgumentException if the dataset is empty, or logits or targets are no
    ///   classifier's
    public static Evaluation of(Function<Batch, Tensor> logits, Loss loss, Dataset dataset, int batchSize) {
        return new Classifying(logits, loss, dataset).run(batchSize);
    }

    /// Returns the fraction in [0, 1] of examples whose class was predicted.
    public double accuracy() {
        return confusion.accuracy();
    }

    /// Returns this with names of the classes.
    ///
    /// @throws IllegalArgumentException if there are not as many names as classes
    public Evaluation named(List<String> names) {
        return new Evaluation(examples, loss, confusion.named(names), mistakes, predicted);
    }
}
