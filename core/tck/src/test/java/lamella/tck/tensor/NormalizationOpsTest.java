package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import lamella.array.Shape;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class NormalizationOpsTest {
    @Test
    void batchNormUsesTheBatchsMoments() {
        // channel 0 holds 1 and 5, channel 1 holds 2 and 2
        Tensor x = tensor(Shape.of(2, 2), 1, 2, 5, 2);

        var y = x.batchNorm(vector(1, 3), vector(10, 20), 0.25f);

        assertElements(y.moments(), Shape.of(2, 2), 3, 2, 4, 0);
        float one = (float) (2 / Math.sqrt(4.25));
        assertElements(y.output(), Shape.of(2, 2), 10 - one, 20, 10 + one, 20);
    }

    @Test
    void batchNormCountsEachCell() {
        Tensor x = counting(1, 2, 1, 3);

        assertElements(x.batchNorm(vector(1, 1), vector(0, 0), 0).moments(), Shape.of(2, 2), 2, 5, 2 / 3f, 2 / 3f);
    }

    @Test
    void batchNormUsesGivenMoments() {
        Tensor moments = tensor(Shape.of(2, 1), 3, 8);

        assertElements(tensor(Shape.of(2, 1), 6, 0).batchNorm(vector(2), vector(1), moments, 1), Shape.of(2, 1), 3, -1);
    }

    @Test
    void batchNormHasItsGradient() {
        Parameter scale = parameter("scale", 0.5, 2, 3);
        Parameter shift = parameter("shift", 3);
        Tensor moments = tensor(Shape.of(2, 3), 0.1f, -0.2f, 0.3f, 0.5f, 0.7f, 2);
        for (Parameter x : List.of(parameter("x", 4, 3), parameter("x", 2, 3, 2, 2))) {
            var all = List.of(x, scale, shift);
            GradCheck.check(all, () -> x.value().batchNorm(scale.value(), shift.value(), 1e-2f).output());
            GradCheck.check(all, () -> x.value().batchNorm(scale.value(), shift.value(), moments, 1e-2f));
        }
    }

    @Test
    void layerNormNormalisesEachRow() {
        Tensor y = counting(2, 2).layerNorm(vector(1, 2), vector(0, 10), 0);

        assertElements(y, Shape.of(2, 2), -1, 12, -1, 12);
        assertVector(counting(2).layerNorm(vector(1, 1), vector(0, 0), 0.75f), -0.5f, 0.5f);
    }

    @Test
    void layerNormHasItsGradient() {
        Parameter scale = parameter("scale", 4);
        Parameter shift = parameter("shift", 4);
        for (Parameter x : List.of(parameter("x", 4), parameter("x", 3, 4), parameter("x", 2, 3, 4))) {
            GradCheck.check(List.of(x, scale, shift), () -> x.value().layerNorm(scale.value(), shift.value(), 1e-2f));
        }
    }

    @Test
    void localResponseDividesByNeighbours() {
        Tensor y = counting(1, 3, 1, 1).localResponseNorm(3, 3, 1, 1);

        assertElements(y, Shape.of(1, 3, 1, 1), 1 / 6f, 2 / 15f, 3 / 14f);
        checkGradient(parameter("x", 2, 5, 2, 1), x -> x.localResponseNorm(3, 0.5f, 0.75f, 1.5f));
    }

    @Test
    void batchNormRejectsWhatDoesNotFit() {
        misfit(
                """
                batchNorm: input must have at least rank 2, got 1
                  input    [3]\
                """,
                () -> counting(3).batchNorm(vector(1), vector(1), 0));
        misfit(
                """
                batchNorm: input must have at least rank 2, got 1
                  input    [3]\
                """,
                () -> counting(3).batchNorm(vector(1), vector(1), zeros(2, 3), 0));
        misfit(
                """
                batchNorm: scale must be [3]
                  input    [2, 3]
                  scale    [2]                  net.batchNorm1.scale\
                """,
                () -> counting(2, 3).batchNorm(parameter("net.batchNorm1.scale", 2).value(), vector(1, 2, 3), 0));
        misfit(
                """
                batchNorm: shift must be [3]
                  input    [2, 3]
                  shift    [1, 3]\
                """,
                () -> counting(2, 3).batchNorm(vector(1, 2, 3), counting(1, 3), 0));
        misfit(
                """
                batchNorm: moments must be [2, 3]
                  input    [2, 3]
                  moments  [3, 2]\
                """,
                () -> counting(2, 3).batchNorm(vector(1, 2, 3), vector(1, 2, 3), zeros(3, 2), 0));
    }

    @Test
    void layerNormRejectsWhatDoesNotFit() {
        misfit(
                """
                layerNorm: input must have at least one axis
                  input    []\
                """,
                () -> zeros().layerNorm(vector(1), vector(1), 0));
        misfit(
                """
                layerNorm: scale must be [3]
                  input    [2, 3]
                  scale    [2]\
                """,
                () -> counting(2, 3).layerNorm(vector(1, 2), vector(1, 2, 3), 0));
        misfit(
                """
                layerNorm: shift must be [3]
                  input    [2, 3]
                  shift    [2]\
                """,
                () -> counting(2, 3).layerNorm(vector(1, 2, 3), vector(1, 2), 0));
    }

    @Test
    void localResponseRejectsOtherRanks() {
        misfit(
                """
                localResponseNorm: input must have rank 4, got 2
                  input    [2, 3]\
                """,
                () -> counting(2, 3).localResponseNorm(5, 1, 1, 1));
    }

    @Test
    void localResponseRejectsSizesWithoutAMiddle() {
        Tensor x = counting(1, 3, 1, 1);

        rejects("localResponseNorm: size must be odd, got 4", () -> x.localResponseNorm(4, 1, 1, 1));
        rejects("localResponseNorm: size must be at least 1, got 0", () -> x.localResponseNorm(0, 1, 1, 1));
        rejects("localResponseNorm: size must be at least 1, got -1", () -> x.localResponseNorm(-1, 1, 1, 1));
    }

    @Test
    void momentsAreConstants() {
        Tensor x = counting(2, 3);

        Tensor gradient =
                Autograd.gradients(
                                List.of(x),
                                () -> {
                                    var y = x.batchNorm(vector(1, 1, 1), vector(0, 0, 0), 1);
                                    return y.moments().multiply(x.slice(0, 0, 1)).sum();
                                })
                        .getFirst();

        // the mean 2.5 and the biased variance 2.25 of the first channel and so on, as factors
        assertElements(gradient, Shape.of(2, 3), 4.75f, 5.75f, 6.75f, 0, 0, 0);
    }
}
