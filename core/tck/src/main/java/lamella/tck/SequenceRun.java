package lamella.tck;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.nn.Layer;
import lamella.nn.Mode;
import lamella.nn.Sequences;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Runs a layer on sequences, on the reference backend, with the gradients of a weighted sum of its
/// output.
///
/// @param parameters what it learns
/// @param training whether as a training pass, whose random numbers are always the same
record SequenceRun(ReferenceBackend reference, Layer layer, List<Parameter> parameters, boolean training) {
    /// What a layer makes of a batch. A weight in the sum depends on its example and place there alone,
    /// not on the number of steps.
    ///
    /// @param output the output at all steps but padding, or all of it where it has no lengths
    /// @param lengths those of the output; empty where it has none
    /// @param inputGradient at all steps but padding; empty for ids
    /// @param paddingGradient the input's gradient in the padding; empty for ids
    /// @param parameterGradients one after the other
    record Outcome(
            double[] output,
            int[] lengths,
            double[] inputGradient,
            double[] paddingGradient,
            double[] parameterGradients) {}

    Outcome of(Sequences x) {
        List<Tensor> leaves = new ArrayList<>(parameters.stream().map(Parameter::value).toList());
        boolean ids = x.values().type() == DType.INT32;
        if (!ids) {
            leaves.add(x.values());
        }
        Sequences[] y = new Sequences[1];
        Supplier<Tensor> sum =
                () -> {
                    y[0] = layer.forward(x);
                    return weighted(y[0]);
                };
        List<Tensor> gradients =
                Autograd.gradients(leaves, training ? () -> Mode.train(RandomSource.of(LayerTck.SEED), sum) : sum);
        double[] toParameters =
                gradients.subList(0, parameters.size()).stream()
                        .map(Tensor::view)
                        .flatMapToDouble(view -> Arrays.stream(reference.values(view)))
                        .toArray();
        return new Outcome(
                y[0].lengths().isPresent() ? steps(y[0], y[0].values(), true) : reference.values(y[0].values().view()),
                y[0].lengths().orElse(new int[0]),
                ids ? new double[0] : steps(x, gradients.getLast(), true),
                ids ? new double[0] : steps(x, gradients.getLast(), false),
                toParameters);
    }

    private Tensor weighted(Sequences y) {
        Shape shape = y.values().shape();
        int size = shape.sizeBetween(1, shape.rank());
        float[] weights = new float[shape.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) Math.sin(1 + 2.3 * (i / size) + 1.7 * (i % size));
        }
        return y.masked().multiply(Tensor.of(reference, shape, weights)).sum();
    }

    /// Returns the elements at all steps that are padding, or at all that are not.
    ///
    /// @param lengths whose lengths count
    /// @param of `[N, T, ...]`
    private double[] steps(Sequences lengths, Tensor of, boolean running) {
        int[] counts = lengths.stepCounts();
        int steps = of.shape().dim(1);
        int width = of.shape().sizeBetween(2, of.shape().rank());
        double[] values = reference.values(of.view());
        double[] chosen = new double[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            int step = i / width % steps;
            if (step < counts[i / width / steps] == running) {
                chosen[count++] = values[i];
            }
        }
        return Arrays.copyOf(chosen, count);
    }
}
