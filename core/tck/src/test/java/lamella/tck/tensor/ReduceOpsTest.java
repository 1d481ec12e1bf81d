package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

class ReduceOpsTest {
    static Stream<BiFunction<Tensor, int[], Tensor>> reductions() {
        return Stream.of(Tensor::sum, Tensor::mean, Tensor::max, Tensor::min);
    }

    @Test
    void sums() {
        Tensor x = counting(2, 3);

        assertElements(x.sum(), Shape.scalar(), 21);
        assertVector(x.sum(0), 5, 7, 9);
        assertVector(x.sum(-1), 6, 15);
        assertElements(x.sum(1, 0), Shape.scalar(), 21);
    }

    @Test
    void averages() {
        Tensor x = counting(2, 3);

        assertElements(x.mean(), Shape.scalar(), 3.5f);
        assertVector(x.mean(0), 2.5f, 3.5f, 4.5f);
        assertVector(x.mean(1), 2, 5);
    }

    @Test
    void findsExtremes() {
        Tensor x = tensor(Shape.of(2, 3), 3, -7, 5, 0, 9, 1);

        assertElements(x.max(), Shape.scalar(), 9);
        assertElements(x.min(), Shape.scalar(), -7);
        assertVector(x.max(1), 5, 9);
        assertVector(x.min(0), 0, -7, 1);
    }

    @Test
    void reducesInnerAndOuterAxesTogether() {
        assertVector(counting(2, 3, 2).sum(0, 2), 1 + 2 + 7 + 8, 3 + 4 + 9 + 10, 5 + 6 + 11 + 12);
    }

    @Test
    void aScalarStays() {
        assertElements(tensor(Shape.scalar(), 4).sum(), Shape.scalar(), 4);
        assertElements(tensor(Shape.scalar(), 4).max(), Shape.scalar(), 4);
    }

    @Test
    void nothingSumsToZero() {
        assertVector(zeros(0, 2).sum(0), 0, 0);
        assertVector(zeros(0, 2).max(0), Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @MethodSource("reductions")
    void hasItsGradient(BiFunction<Tensor, int[], Tensor> reduction) {
        var x = parameter("x", 3, 4, 2);

        checkGradient(x, t -> reduction.apply(t, new int[] {}));
        checkGradient(x, t -> reduction.apply(t, new int[] {0}));
        checkGradient(x, t -> reduction.apply(t, new int[] {1}));
        checkGradient(x, t -> reduction.apply(t, new int[] {-1, 0}));
        checkGradient(parameter("s"), t -> reduction.apply(t, new int[] {}));
    }

    @Test
    void equalExtremesShareTheGradient() {
        Tensor x = vector(3, 1, 3, 2);

        assertVector(Autograd.gradients(List.of(x), () -> x.max()).getFirst(), 0.5f, 0, 0.5f, 0);
    }

    @Test
    void findsTheFirstLargest() {
        Tensor x = tensor(Shape.of(2, 4), 1, 7, 7, 0, 5, -1, 2, 3);

        assertEquals(DType.INT32, x.argMax(1).type());
        assertVector(x.argMax(1), 1, 0);
        assertVector(x.argMax(-2), 1, 0, 0, 1);
    }

    @Test
    void rejectsAxesThatDoNotExist() {
        misfit(
                """
                sum: axis 2 is outside an input of rank 2
                  input    [2, 3]\
                """,
                () -> counting(2, 3).sum(0, 2));
        misfit(
                """
                mean: axis -3 is outside an input of rank 2
                  input    [2, 3]\
                """,
                () -> counting(2, 3).mean(-3));
        misfit(
                """
                argMax: axis 1 is outside an input of rank 1
                  input    [3]\
                """,
                () -> counting(3).argMax(1));
    }

    @Test
    void rejectsAnAxisNamedTwice() {
        misfit(
                """
                max: axis 1 is named twice
                  input    [2, 3]\
                """,
                () -> counting(2, 3).max(1, -1));
    }
}
