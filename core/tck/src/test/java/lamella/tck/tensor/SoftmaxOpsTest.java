package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

class SoftmaxOpsTest {
    private static float ln(double x) {
        return (float) Math.log(x);
    }

    /// Rows whose softmax is (1/6, 2/6, 3/6) and (1/4, 1/2, 1/4).
    private final Tensor logits = tensor(Shape.of(2, 3), ln(1), ln(2), ln(3), 7, 7 + ln(2), 7);

    @Test
    void softmaxSharesOutEachRow() {
        assertElements(logits.softmax(), Shape.of(2, 3), 1 / 6f, 2 / 6f, 3 / 6f, 0.25f, 0.5f, 0.25f);
        assertVector(vector(1000, 1000).softmax(), 0.5f, 0.5f);
        assertVector(vector(-1000, 0).softmax(), 0, 1);
    }

    @Test
    void logSoftmaxIsItsLogarithm() {
        assertElements(
                logits.logSoftmax(),
                Shape.of(2, 3),
                ln(1 / 6.0),
                ln(2 / 6.0),
                ln(3 / 6.0),
                ln(0.25),
                ln(0.5),
                ln(0.25));
        assertVector(vector(-1000, 0).logSoftmax(), -1000, 0);
    }

    @Test
    void crossEntropyIsTheLogarithmOfTheLabelsShare() {
        assertVector(logits.crossEntropy(ints(Shape.of(2), 2, 0), 0), ln(2), ln(4));
    }

    @Test
    void smoothingMovesPartOfTheTargetToAllClasses() {
        // targets 0.3 / 3 everywhere and 0.7 more at the label
        float evenly = (ln(6) + ln(3) + ln(2)) / 3;

        assertVector(logits.slice(0, 0, 1).crossEntropy(ints(Shape.of(1), 0), 0.3f), 0.7f * ln(6) + 0.3f * evenly);
    }

    @Test
    void ignoredRowsCountNothing() {
        assertVector(logits.crossEntropy(ints(Shape.of(2), -1, 1), 0.1f).slice(0, 0, 1), 0);
    }

    @Test
    void labelsMayHaveAnyShape() {
        Tensor labels = ints(Shape.of(2, 1), 2, 0);

        assertElements(logits.reshape(Shape.of(2, 1, 3)).crossEntropy(labels, 0), Shape.of(2, 1), ln(2), ln(4));
        assertElements(vector(0, 0).crossEntropy(ints(Shape.scalar(), 1), 0), Shape.scalar(), ln(2));
    }

    @Test
    void hasItsGradient() {
        Tensor labels = ints(Shape.of(2, 2), 3, -1, 0, 4);
        var x = parameter("x", 2, 2, 5);

        checkGradient(x, Tensor::softmax);
        checkGradient(x, Tensor::logSoftmax);
        checkGradient(x, t -> t.crossEntropy(labels, 0));
        checkGradient(x, t -> t.crossEntropy(labels, 0.2f));
    }

    @Test
    void rejectsInputsWithoutClasses() {
        misfit(
                """
                softmax: the last axis must have at least 1 class
                  input    [2, 0]\
                """,
                () -> zeros(2, 0).softmax());
        misfit(
                """
                logSoftmax: the last axis must have at least 1 class
                  input    []\
                """,
                () -> zeros().logSoftmax());
        misfit(
                """
                crossEntropy: the last axis must have at least 1 class
                  input    [2, 0]\
                """,
                () -> zeros(2, 0).crossEntropy(ints(Shape.of(2), 0, 0), 0));
    }

    @Test
    void rejectsLabelsOfAnotherShape() {
        misfit(
                """
                crossEntropy: labels must be [2], one per row of logits
                  logits   [2, 3]
                  labels   [2, 3]\
                """,
                () -> logits.crossEntropy(ints(Shape.of(2, 3), 0, 0, 0, 0, 0, 0), 0));
    }

    @Test
    void rejectsLabelsOutsideTheClasses() {
        assertEquals(
                "crossEntropy: label 3 at index 1 is outside [0, 3)",
                assertThrows(IndexOutOfBoundsException.class, () -> logits.crossEntropy(ints(Shape.of(2), 0, 3), 0))
                        .getMessage());
    }

    @Test
    void rejectsLabelsThatAreNumbers() {
        rejects("crossEntropy: operand 1 [2] must not be float32", () -> logits.crossEntropy(counting(2), 0));
    }

    @Test
    void rejectsSmoothingOutsideItsRange() {
        Tensor labels = ints(Shape.of(2), 0, 0);

        rejects("crossEntropy: smoothing must be in [0, 1), got 1.0", () -> logits.crossEntropy(labels, 1));
        rejects("crossEntropy: smoothing must be in [0, 1), got -0.1", () -> logits.crossEntropy(labels, -0.1f));
    }
}
