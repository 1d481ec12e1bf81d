package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.vector;
import static lamella.tck.tensor.Ops.zeros;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class PoolingOpsTest {
    static Stream<Pool2dOptions> options() {
        return Stream.of(
                Pool2dOptions.of(2),
                Pool2dOptions.of(3).stride(1),
                Pool2dOptions.of(3).stride(2).padding(1),
                Pool2dOptions.of(2).stride(3).partial(true),
                Pool2dOptions.of(3).stride(2).padding(1).partial(true).countPadding(false),
                new Pool2dOptions(1, 3, 2, 1, 0, 1, false, true));
    }

    @Test
    void takesTheLargestOfEachWindow() {
        assertElements(counting(1, 2, 2, 4).maxPool2d(Pool2dOptions.of(2)), Shape.of(1, 2, 1, 2), 6, 8, 14, 16);
    }

    @Test
    void takesTheMeanOfEachWindow() {
        assertElements(
                counting(1, 2, 2, 4).averagePool2d(Pool2dOptions.of(2)),
                Shape.of(1, 2, 1, 2),
                3.5f,
                5.5f,
                11.5f,
                13.5f);
    }

    @ParameterizedTest
    @MethodSource("options")
    void hasItsGradient(Pool2dOptions options) {
        checkGradient(parameter("x", 2, 2, 5, 4), x -> x.maxPool2d(options));
        checkGradient(parameter("x", 2, 2, 5, 4), x -> x.averagePool2d(options));
    }

    @Test
    void theFirstOfEqualMaximaGetsTheGradient() {
        Tensor x = vector(1, 3, 3, 2).reshape(Shape.of(1, 1, 2, 2));

        Tensor gradient = Autograd.gradients(List.of(x), () -> x.maxPool2d(Pool2dOptions.of(2)).sum()).getFirst();

        assertVector(gradient.flatten(0), 0, 1, 0, 0);
    }

    @Test
    void rejectsOtherRanks() {
        misfit(
                """
                maxPool2d: input must have rank 4, got 3
                  input    [2, 5, 5]\
                """,
                () -> zeros(2, 5, 5).maxPool2d(Pool2dOptions.of(2)));
        misfit(
                """
                averagePool2d: input must have rank 4, got 2
                  input    [5, 5]\
                """,
                () -> zeros(5, 5).averagePool2d(Pool2dOptions.of(2)));
    }

    @Test
    void rejectsWindowsThatDoNotFit() {
        misfit(
                """
                maxPool2d: window 3 x 3 does not fit into input 4 x 2
                  input    [1, 1, 4, 2]       (N, C, H, W)\
                """,
                () -> zeros(1, 1, 4, 2).maxPool2d(Pool2dOptions.of(3)));
    }
}
