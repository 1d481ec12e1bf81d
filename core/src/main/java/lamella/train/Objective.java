package lamella.train;

import lamella.data.Batch;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tensor.Tensor;

import java.util.Optional;
import java.util.function.Function;

/// What a training makes small: the loss of a batch, and what was predicted where it is known.
@FunctionalInterface
interface Objective {
    /// @param loss a scalar
    /// @param prediction the model's output, if there is one
    record Outcome(Tensor loss, Optional<Tensor> prediction) {}

    Outcome of(Batch batch);

    static Objective of(Model model, Loss loss) {
        return batch -> {
            Tensor prediction = Prediction.of(model, batch);
            Tensor target = batch.targets().to(model.backend());
            return new Outcome(loss.of(prediction, target), Optional.of(prediction));
        };
    }

    static Objective of(Function<Batch, Tensor> loss) {
        return batch -> new Outcome(loss.apply(batch), Optional.empty());
    }
}
