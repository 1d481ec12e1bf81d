package lamella.train;

import lamella.data.Batch;
import lamella.data.Values;
import lamella.nn.Model;
import lamella.nn.Sequences;
import lamella.tensor.Tensor;

import java.util.Arrays;

/// What a model says of a batch, whose padding it does not see.
final class Prediction {
    private Prediction() {}

    static Tensor of(Model model, Batch batch) {
        Tensor x = batch.inputs().to(model.backend());
        if (batch.inputs() instanceof Values.Padded(Values _, int[] lengths)) {
            return model.forward(Sequences.of(x, Arrays.copyOf(lengths, batch.size()))).values();
        }
        return model.forward(x);
    }
}
