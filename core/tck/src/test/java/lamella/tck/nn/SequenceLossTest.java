package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.parameter;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Loss;
import lamella.nn.SequenceLoss;
import lamella.nn.Sequences;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class SequenceLossTest {
    private static final float LN2 = (float) Math.log(2);
    private static final float LN3 = (float) Math.log(3);
    private static final float NAN = Float.NaN;

    private static Tensor labels(int... labels) {
        return Tensor.ofInts(REFERENCE, Shape.of(2, labels.length / 2), labels);
    }

    @Test
    void crossEntropyIsTheMeanOverTheStepsThatExist() {
        // softmax (1/3, 2/3), (1/4, 3/4), (1/2, 1/2); the second sequence has one step
        Tensor logits = tensor(Shape.of(2, 2, 2), 0, LN2, 0, LN3, 5, 5, NAN, NAN);

        Tensor loss = SequenceLoss.crossEntropy().of(Sequences.of(logits, 2, 1), labels(0, 1, 1, 77));

        assertEquals(Shape.scalar(), loss.shape());
        assertEquals((Math.log(3) + Math.log(4 / 3.0) + Math.log(2)) / 3, loss.item(), 1e-6);
    }

    @Test
    void crossEntropyIgnoresMinusOneToo() {
        Tensor logits = tensor(Shape.of(2, 2, 2), 0, LN2, 0, LN3, 5, 5, NAN, NAN);

        Tensor loss = SequenceLoss.crossEntropy().of(Sequences.of(logits, 2, 1), labels(0, -1, 1, 77));

        assertEquals((Math.log(3) + Math.log(2)) / 2, loss.item(), 1e-6);
    }

    @Test
    void crossEntropySmoothsTheTarget() {
        Tensor logits = tensor(Shape.of(2, 1, 2), 0, LN2, 0, LN3);
        Sequences half = Sequences.of(logits, 1, 0);

        // the target is 0.9 at label 0 and 0.1 at label 1
        double expected = 0.9 * Math.log(3) + 0.1 * Math.log(1.5);
        assertEquals(expected, SequenceLoss.crossEntropy(0.2f).of(half, labels(0, -9)).item(), 1e-6);
    }

    @Test
    void crossEntropyTakesSeveralLabelsAStep() {
        Tensor logits = tensor(Shape.of(1, 2, 2, 2), 0, LN2, 0, LN3, NAN, NAN, NAN, NAN);
        Tensor labels = Tensor.ofInts(REFERENCE, Shape.of(1, 2, 2), 0, 1, 50, 60);

        Tensor loss = SequenceLoss.crossEntropy().of(Sequences.of(logits, 1), labels);

        assertEquals((Math.log(3) + Math.log(4 / 3.0)) / 2, loss.item(), 1e-6);
    }

    @Test
    void elementwiseLossesCountTheStepsThatExist() {
        Tensor prediction = tensor(Shape.of(2, 2, 1), 1, 3, -2, NAN);
        Tensor target = tensor(Shape.of(2, 2, 1), 0, 1, 1, NAN);
        Sequences padded = Sequences.of(prediction, 2, 1);

        assertEquals((1 + 4 + 9) / 3f, SequenceLoss.meanSquaredError().of(padded, target).item(), 1e-6f);
        double expected = (Math.log1p(Math.exp(1)) + Math.log1p(Math.exp(-3)) + Math.log1p(Math.exp(2))) / 3;
        assertEquals(expected, SequenceLoss.binaryCrossEntropy().of(padded, target).item(), 1e-6);
    }

    @Test
    void withoutPaddingTheyAreThePlainLosses() {
        Tensor x = tensor(Shape.of(2, 2), 0.5f, -1, 2, 0.25f);
        Tensor target = tensor(Shape.of(2, 2), 0, 1, 1, 0.5f);
        Sequences whole = Sequences.of(x);

        assertEquals(
                Loss.meanSquaredError().of(x, target).item(),
                SequenceLoss.meanSquaredError().of(whole, target).item(),
                1e-7f);
        assertEquals(
                Loss.binaryCrossEntropy().of(x, target).item(),
                SequenceLoss.binaryCrossEntropy().of(whole, target).item(),
                1e-7f);
        Sequences logits = Sequences.of(x.reshape(Shape.of(1, 2, 2)));
        Tensor labels = Tensor.ofInts(REFERENCE, Shape.of(1, 2), 1, 0);
        assertEquals(
                Loss.crossEntropy().of(x, labels.reshape(Shape.of(2))).item(),
                SequenceLoss.crossEntropy().of(logits, labels).item());
    }

    /// A loss with a target whose padding, for lengths 2 and 1 of 3 steps, is garbage or not.
    private record Padded(String name, SequenceLoss loss, Tensor clean, Tensor garbage) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Padded> losses() {
        Tensor clean = tensor(Shape.of(2, 3, 2), 0, 1, 0.5f, 0.7f, 0, 0, 1, 0.25f, 0, 0, 0, 0);
        Tensor garbage = tensor(Shape.of(2, 3, 2), 0, 1, 0.5f, 0.7f, NAN, 1e30f, 1, 0.25f, NAN, -7, 3, NAN);
        Tensor ids = labels(0, 1, -1, 1, -1, -1);
        Tensor wrong = labels(0, 1, 12345, 1, -7, 2);
        return Stream.of(
                new Padded("cross-entropy", SequenceLoss.crossEntropy(), ids, wrong),
                new Padded("smoothed cross-entropy", SequenceLoss.crossEntropy(0.1f), ids, wrong),
                new Padded("mean squared error", SequenceLoss.meanSquaredError(), clean, garbage),
                new Padded("binary cross-entropy", SequenceLoss.binaryCrossEntropy(), clean, garbage));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void paddingChangesNoBitOfLossOrGradient(Padded padded) {
        Tensor x = tensor(Shape.of(2, 3, 2), 0.1f, 0.4f, -2, 1, 0, 0, 0.3f, -0.9f, 0, 0, 0, 0);
        Tensor garbage = tensor(Shape.of(2, 3, 2), 0.1f, 0.4f, -2, 1, NAN, 1e30f, 0.3f, -0.9f, NAN, NAN, 4, NAN);

        assertEquals(loss(padded.loss, x, padded.clean), loss(padded.loss, garbage, padded.garbage));
        float[] gradient = gradient(padded.loss, garbage, padded.garbage);
        assertArrayEquals(gradient(padded.loss, x, padded.clean), gradient);
        assertArrayEquals(new float[2], Arrays.copyOfRange(gradient, 4, 6));
        assertArrayEquals(new float[4], Arrays.copyOfRange(gradient, 8, 12));
    }

    private static float loss(SequenceLoss loss, Tensor x, Tensor target) {
        return loss.of(Sequences.of(x, 2, 1), target).item();
    }

    private static float[] gradient(SequenceLoss loss, Tensor x, Tensor target) {
        return Autograd.gradients(List.of(x), () -> loss.of(Sequences.of(x, 2, 1), target)).getFirst().toFloats();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void hasItsGradient(Padded padded) {
        var x = parameter("x", Shape.of(2, 3, 2), 0.1f, 0.4f, -2, 1, 0.6f, 0.8f, 0.3f, -0.9f, 2, 3, 0.2f, 0.7f);

        GradCheck.check(List.of(x), () -> padded.loss.of(Sequences.of(x.value(), 2, 1), padded.garbage));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void noStepAtAllIsNoLoss(Padded padded) {
        Tensor x = Tensor.full(REFERENCE, Shape.of(2, 3, 2), NAN);

        assertEquals(0, padded.loss.of(Sequences.of(x, 0, 0), padded.garbage).item());
    }

    @Test
    void rejectsTargetsOfAnotherShape() {
        Sequences x = Sequences.of(Tensor.zeros(REFERENCE, Shape.of(2, 3, 1)), 3, 1);

        rejects(
                """
                meanSquaredError: prediction and target differ in shape
                  predict  [2, 3, 1]
                  target   [2, 3]\
                """,
                () -> SequenceLoss.meanSquaredError().of(x, Tensor.zeros(REFERENCE, Shape.of(2, 3))));
        rejects(
                """
                binaryCrossEntropy: prediction and target differ in shape
                  predict  [2, 3, 1]
                  target   [2]\
                """,
                () -> SequenceLoss.binaryCrossEntropy().of(x, Tensor.zeros(REFERENCE, Shape.of(2))));
        rejects(
                """
                crossEntropy: labels must be [2, 3], one per row of logits
                  logits   [2, 3, 1]
                  labels   [2, 2]\
                """,
                () -> SequenceLoss.crossEntropy().of(x, labels(0, 0, 0, 0)));
        rejects(
                "crossEntropy: operand 1 [2, 3] must not be float32",
                () -> SequenceLoss.crossEntropy().of(x, Tensor.zeros(REFERENCE, Shape.of(2, 3))));
    }
}
