package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.parameter;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;
import static lamella.tck.nn.Nets.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Loss;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class LossTest {
    private static final double LN2 = Math.log(2);

    /// Softmax (1/4, 1/2, 1/4) and (1/6, 2/6, 3/6).
    private static final Tensor LOGITS =
            tensor(Shape.of(2, 3), 5, (float) (5 + LN2), 5, 0, (float) LN2, (float) Math.log(3));

    private static Tensor labels(int... labels) {
        return Tensor.ofInts(REFERENCE, Shape.of(labels.length), labels);
    }

    @Test
    void crossEntropyIsTheMeanOverLabels() {
        assertEquals((Math.log(4) + Math.log(2)) / 2, Loss.crossEntropy().of(LOGITS, labels(0, 2)).item(), 1e-6);
        assertEquals(Shape.scalar(), Loss.crossEntropy().of(LOGITS, labels(0, 2)).shape());
    }

    @Test
    void crossEntropyLeavesOutIgnoredLabels() {
        assertEquals(Math.log(2), Loss.crossEntropy().of(LOGITS, labels(-1, 2)).item(), 1e-6);
        assertEquals(0, Loss.crossEntropy().of(LOGITS, labels(-1, -1)).item());
    }

    @Test
    void crossEntropySmoothsTheTarget() {
        // the target of label 1 is 0.8 + 0.1 there and 0.1 elsewhere, for smoothing 0.3
        double first = 0.8 * Math.log(2) + 0.1 * Math.log(4) + 0.1 * Math.log(4);
        double second = 0.8 * Math.log(3) + 0.1 * Math.log(6) + 0.1 * Math.log(2);

        assertEquals((first + second) / 2, Loss.crossEntropy(0.3f).of(LOGITS, labels(1, 1)).item(), 1e-6);
    }

    @Test
    void crossEntropyHasItsGradient() {
        Parameter x = parameter("x", Shape.of(3, 2), 0.1f, -0.4f, 1.5f, 0.3f, -2, 0.9f);
        Tensor labels = labels(1, -1, 0);

        GradCheck.check(List.of(x), () -> Loss.crossEntropy().of(x.value(), labels));
        GradCheck.check(List.of(x), () -> Loss.crossEntropy(0.1f).of(x.value(), labels));
    }

    @Test
    void crossEntropyOfAllIgnoredLabelsHasNoGradient() {
        Parameter x = parameter("x", Shape.of(1, 2), 1, 2);

        assertArrayEquals(
                new float[] {0, 0},
                Autograd.differentiate(List.of(x), () -> Loss.crossEntropy().of(x.value(), labels(-1)))
                        .of(x)
                        .toFloats());
    }

    @Test
    void meanSquaredErrorIsTheMeanOverElements() {
        Tensor prediction = tensor(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor target = tensor(Shape.of(2, 2), 1, 0, 0, 8);

        assertEquals((4 + 9 + 16) / 4f, Loss.meanSquaredError().of(prediction, target).item());
    }

    @Test
    void binaryCrossEntropyTakesLogits() {
        Tensor logits = vector(0, (float) Math.log(3), -(float) Math.log(3));
        Tensor target = vector(1, 1, 0.5f);

        // sigmoids 1/2, 3/4, 1/4
        double last = -0.5 * Math.log(0.25) - 0.5 * Math.log(0.75);
        assertEquals(
                (Math.log(2) - Math.log(0.75) + last) / 3, Loss.binaryCrossEntropy().of(logits, target).item(), 1e-6);
    }

    @Test
    void binaryCrossEntropyOfLargeLogitsDoesNotOverflow() {
        Tensor logits = vector(1000, -1000, 1000, -1000);
        Tensor target = vector(1, 0, 0, 1);

        assertEquals(500, Loss.binaryCrossEntropy().of(logits, target).item());
    }

    @Test
    void elementwiseLossesHaveTheirGradients() {
        Parameter x = parameter("x", Shape.of(2, 2), 0.1f, -0.4f, 1.5f, 0.3f);
        Tensor target = tensor(Shape.of(2, 2), 0, 1, 0.5f, 0.7f);

        GradCheck.check(List.of(x), () -> Loss.meanSquaredError().of(x.value(), target));
        GradCheck.check(List.of(x), () -> Loss.binaryCrossEntropy().of(x.value(), target));
    }

    @Test
    void rejectsTargetsOfAnotherShape() {
        Tensor three = vector(1, 2, 3);
        Tensor column = three.reshape(Shape.of(3, 1));

        rejects(
                """
                meanSquaredError: prediction and target differ in shape
                  predict  [3, 1]
                  target   [3]\
                """,
                () -> Loss.meanSquaredError().of(column, three));
        rejects(
                """
                binaryCrossEntropy: prediction and target differ in shape
                  predict  [3]
                  target   [3, 1]\
                """,
                () -> Loss.binaryCrossEntropy().of(three, column));
        rejects(
                """
                crossEntropy: labels must be [2], one per row of logits
                  logits   [2, 3]
                  labels   [3]\
                """,
                () -> Loss.crossEntropy().of(LOGITS, labels(0, 1, 2)));
    }
}
