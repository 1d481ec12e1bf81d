package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import lamella.array.Shape;
import lamella.tck.GradCheck;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class MatrixOpsTest {
    @Test
    void multipliesMatrices() {
        assertElements(counting(2, 3).matmul(counting(3, 2)), Shape.of(2, 2), 22, 28, 49, 64);
    }

    @Test
    void multipliesPairsInABatch() {
        assertElements(counting(2, 1, 2).matmul(counting(2, 2, 1)), Shape.of(2, 1, 1), 5, 3 * 3 + 4 * 4);
    }

    @Test
    void readsOperandsTransposed() {
        var a = counting(2, 3);
        var b = counting(3, 2);
        float[] product = a.matmul(b).toFloats();

        assertElements(a.transpose().matmul(true, b, false), Shape.of(2, 2), product);
        assertElements(a.matmul(false, b.transpose(), true), Shape.of(2, 2), product);
        assertElements(a.transpose().matmul(true, b.transpose(), true), Shape.of(2, 2), product);
    }

    @Test
    void anEmptyProductIsZero() {
        assertElements(zeros(2, 0).matmul(zeros(0, 2)), Shape.of(2, 2), 0, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void hasItsGradient(boolean transposeLeft, boolean transposeRight) {
        Parameter a = transposeLeft ? parameter("a", 3, 2) : parameter("a", 2, 3);
        Parameter b = transposeRight ? parameter("b", 4, 3) : parameter("b", 3, 4);
        GradCheck.check(List.of(a, b), () -> a.value().matmul(transposeLeft, b.value(), transposeRight));

        Parameter c = transposeLeft ? parameter("c", 2, 3, 2) : parameter("c", 2, 2, 3);
        Parameter d = transposeRight ? parameter("d", 2, 4, 3) : parameter("d", 2, 3, 4);
        GradCheck.check(List.of(c, d), () -> c.value().matmul(transposeLeft, d.value(), transposeRight));
    }

    @Test
    void linearMultipliesByTheTransposedWeight() {
        var x = counting(2, 3);
        var weight = tensor(Shape.of(2, 3), 1, 0, 0, 1, 1, 1);

        assertElements(x.linear(weight), Shape.of(2, 2), 1, 6, 4, 15);
        assertElements(x.linear(weight, vector(10, 20)), Shape.of(2, 2), 11, 26, 14, 35);
    }

    @Test
    void linearWorksAlongTheLastAxis() {
        var weight = tensor(Shape.of(1, 2), 1, 10);

        assertElements(counting(2).linear(weight), Shape.of(1), 21);
        assertElements(counting(2, 1, 2).linear(weight), Shape.of(2, 1, 1), 21, 43);
        assertElements(zeros(0, 2).linear(weight), Shape.of(0, 1));
    }

    @Test
    void linearHasItsGradient() {
        Parameter weight = parameter("weight", 4, 3);
        Parameter bias = parameter("bias", 4);
        for (Parameter x : List.of(parameter("x", 3), parameter("x", 2, 3), parameter("x", 2, 2, 3))) {
            GradCheck.check(List.of(x, weight), () -> x.value().linear(weight.value()));
            GradCheck.check(List.of(x, weight, bias), () -> x.value().linear(weight.value(), bias.value()));
        }
    }

    @Test
    void matmulRejectsOtherRanks() {
        misfit(
                """
                matmul: operands must both have rank 2 or both rank 3, got 2 and 3
                  left     [2, 3]             (M, K)
                  right    [1, 3, 2]          (B, K, N)\
                """,
                () -> counting(2, 3).matmul(counting(1, 3, 2)));
        misfit(
                """
                matmul: operands must both have rank 2 or both rank 3, got 1 and 1
                  left     [3]
                  right    [3]\
                """,
                () -> counting(3).matmul(counting(3)));
    }

    @Test
    void matmulRejectsInnerDimensionsThatDiffer() {
        misfit(
                """
                matmul: inner dimensions differ, 784 and 100
                  left     [8, 784]           (M, K)
                  right    [100, 10]          (K, N)  net.dense1.weight\
                """,
                () -> zeros(8, 784).matmul(parameter("net.dense1.weight", 100, 10).value()));
        misfit(
                """
                matmul: inner dimensions differ, 2 and 4
                  left     [2, 3]             (K, M)
                  right    [3, 4]             (N, K)\
                """,
                () -> counting(2, 3).matmul(true, counting(3, 4), true));
    }

    @Test
    void matmulRejectsBatchesThatDiffer() {
        misfit(
                """
                matmul: batches differ, 2 and 3
                  left     [2, 1, 4]          (B, M, K)
                  right    [3, 4, 1]          (B, K, N)\
                """,
                () -> counting(2, 1, 4).matmul(counting(3, 4, 1)));
    }

    @Test
    void linearRejectsWhatDoesNotFit() {
        misfit(
                """
                linear: input has 4 features but the weight expects 3
                  input    [2, 4]             (N, in)
                  weight   [5, 3]             (out, in)  net.dense1.weight\
                """,
                () -> counting(2, 4).linear(parameter("net.dense1.weight", 5, 3).value()));
        misfit(
                """
                linear: bias must be [5]
                  input    [1, 2, 3]
                  weight   [5, 3]             (out, in)
                  bias     [4]                (out)\
                """,
                () -> counting(1, 2, 3).linear(counting(5, 3), counting(4)));
        misfit(
                """
                linear: weight must have rank 2, got 1
                  input    [2, 3]             (N, in)
                  weight   [3]\
                """,
                () -> counting(2, 3).linear(counting(3)));
        misfit(
                """
                linear: input must have at least one axis
                  input    []
                  weight   [1, 1]             (out, in)\
                """,
                () -> zeros().linear(counting(1, 1)));
    }
}
