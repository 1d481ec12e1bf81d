package lamella.tck.train;

import static lamella.nn.Layers.dense;
import static lamella.nn.Layers.dropout;
import static lamella.nn.Layers.sequential;
import static lamella.nn.Layers.tanh;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.data.ArrayDataset;
import lamella.data.Batch;
import lamella.data.Values;
import lamella.nn.Loss;
import lamella.nn.Model;
import lamella.tensor.Parameter;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.Arrays;
import java.util.List;

/// Small nets and data for the tests of training.
final class Toys {
    private Toys() {}

    /// The four cases of exclusive or, with labels.
    static ArrayDataset xor() {
        return classes(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 0, 1, 1, 0);
    }

    /// Points of the plane with labels.
    static ArrayDataset classes(float[] points, int... labels) {
        return ArrayDataset.of(
                new Values.Floats(Shape.of(labels.length, 2), points),
                new Values.Ints(Shape.of(labels.length), labels));
    }

    /// Two spirals of points around each other, one for each label.
    static ArrayDataset spirals(int count) {
        var random = RandomSource.of(5);
        float[] points = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 2;
            double along = (double) (i / 2) / (count / 2);
            double angle = 4.5 * along + Math.PI * labels[i];
            double noise = 0.02 * (random.nextDouble() - 0.5);
            points[2 * i] = (float) ((0.1 + along) * Math.cos(angle) + noise);
            points[2 * i + 1] = (float) ((0.1 + along) * Math.sin(angle) + noise);
        }
        return classes(points, labels);
    }

    static Model net(Backend backend, int hidden) {
        return Model.build(sequential(dense(hidden), tanh(), dense(2)), Shape.of(2), backend, 7);
    }

    /// A net whose training draws random numbers.
    static Model noisyNet(Backend backend) {
        return Model.build(sequential(dense(8), tanh(), dropout(0.3f), dense(2)), Shape.of(2), backend, 7);
    }

    /// A net without hidden layers and with given weights `[2, 2]`.
    static Model linear(Backend backend, float... weight) {
        Model model = Model.build(sequential(dense(2).withoutBias()), Shape.of(2), backend, 7);
        model.parameters().getFirst().assign(Tensor.of(backend, Shape.of(2, 2), weight));
        return model;
    }

    /// All elements of all parameters.
    static float[] elements(List<Parameter> parameters) {
        float[] all = new float[parameters.stream().mapToInt(p -> p.shape().size()).sum()];
        int at = 0;
        for (Parameter parameter : parameters) {
            float[] elements = parameter.value().toFloats();
            System.arraycopy(elements, 0, all, at, elements.length);
            at += elements.length;
        }
        return all;
    }

    static void copy(List<Parameter> from, List<Parameter> to) {
        for (int i = 0; i < from.size(); i++) {
            to.get(i).assign(from.get(i).value());
        }
    }

    static Tensor loss(Model model, Batch batch) {
        Tensor logits = model.forward(batch.inputs().to(model.backend()));
        return Loss.crossEntropy().of(logits, batch.targets().to(model.backend()));
    }

    static float[] filled(int count, float value) {
        float[] all = new float[count];
        Arrays.fill(all, value);
        return all;
    }
}
