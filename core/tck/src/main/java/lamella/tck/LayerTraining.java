package lamella.tck;

import lamella.array.Shape;
import lamella.backend.OptimizerKernels.Adam;
import lamella.backend.View;
import lamella.nn.LayerSpec;
import lamella.nn.Layers;
import lamella.nn.Mode;
import lamella.nn.Model;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Memory;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.List;

/// Trains a layer with a dense layer after it to tell a few examples apart, by Adam.
final class LayerTraining {
    static final int EXAMPLES = 6;
    private static final int CLASSES = 3;
    private static final int STEPS = 100;
    private static final float RATE = 0.02f;

    private final ReferenceBackend reference;
    private final Model model;
    private final List<Tensor> means;
    private final List<Tensor> squares;
    private final RandomSource random = RandomSource.of(3);

    private LayerTraining(ReferenceBackend reference, Model model) {
        this.reference = reference;
        this.model = model;
        this.means = zeros();
        this.squares = zeros();
    }

    static LayerTraining of(ReferenceBackend reference, LayerSpec layer, Shape input) {
        LayerSpec net = Layers.sequential(layer, Layers.flatten(), Layers.dense(CLASSES));
        return new LayerTraining(reference, Model.build(net, input, reference, 5));
    }

    private List<Tensor> zeros() {
        return model.parameters().stream().map(p -> Tensor.zeros(reference, p.shape())).toList();
    }

    /// Returns the mean loss outside training.
    double loss(Tensor x) {
        return crossEntropy(model.forward(x)).item();
    }

    private static Tensor crossEntropy(Tensor logits) {
        int[] labels = {0, 1, 2, 0, 1, 2};
        Tensor target = Tensor.ofInts(logits.backend(), Shape.of(EXAMPLES), labels);
        return logits.crossEntropy(target, 0).mean();
    }

    void run(Tensor x) {
        for (int step = 1; step <= STEPS; step++) {
            int t = step;
            Memory.scope(() -> step(x, t));
        }
    }

    private void step(Tensor x, int t) {
        Gradients gradients =
                Autograd.differentiate(
                        model.parameters(), () -> crossEntropy(Mode.train(random, () -> model.forward(x))));
        var constants =
                new Adam(
                        RATE,
                        0.9f,
                        0.999f,
                        1e-8f,
                        (float) (1 - Math.pow(0.9, t)),
                        (float) (1 - Math.pow(0.999, t)),
                        0,
                        0);
        List<Parameter> parameters = model.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            View gradient = gradients.all().get(i).view();
            reference
                    .optimizer()
                    .adam(
                            constants,
                            parameters.get(i).value().view(),
                            gradient,
                            means.get(i).view(),
                            squares.get(i).view());
        }
    }
}
