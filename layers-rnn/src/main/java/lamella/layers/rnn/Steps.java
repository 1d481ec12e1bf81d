package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/// The steps of sequences, one by one.
final class Steps {
    private Steps() {}

    /// Cuts `[N, T, F]` into T steps `[N, F]`.
    static List<Tensor> cut(Tensor x) {
        var steps = new ArrayList<Tensor>(x.shape().dim(1));
        if (x.shape().dim(1) > 0) {
            cut(x, steps);
        }
        return steps;
    }

    /// In halves, as the gradient of a slice is as large as what it was cut from: that of T slices of the whole
    /// would cost T² steps, this costs T·log T.
    private static void cut(Tensor x, List<Tensor> steps) {
        int count = x.shape().dim(1);
        if (count == 1) {
            steps.add(x.reshape(x.shape().without(1)));
            return;
        }
        cut(x.slice(1, 0, count / 2), steps);
        cut(x.slice(1, count / 2, count), steps);
    }

    /// Joins steps `[N, F]` to `[N, T, F]`.
    static Tensor join(List<Tensor> steps) {
        Tensor[] parts = new Tensor[steps.size()];
        for (int t = 0; t < parts.length; t++) {
            Shape step = steps.get(t).shape();
            parts[t] = steps.get(t).reshape(Shape.of(step.dim(0), 1, step.dim(1)));
        }
        return Tensor.concatenate(1, parts);
    }
}
