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
import static org.junit.jupiter.api.Assertions.assertSame;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.tck.GradCheck;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Locale;

class LayoutOpsTest {
    @Test
    void reshapesWithoutCopying() {
        Tensor x = counting(2, 3);
        Tensor y = x.reshape(Shape.of(3, 2));

        assertElements(y, Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        assertSame(x.view().storage(), y.view().storage());
        assertSame(x, x.reshape(Shape.of(2, 3)));
        checkGradient(parameter("x", 2, 3), t -> t.reshape(Shape.of(6)).square());
    }

    @Test
    void flattensFromAnAxisOn() {
        Tensor x = counting(2, 3, 1, 2);

        assertEquals(Shape.of(2, 6), x.flatten(1).shape());
        assertEquals(Shape.of(2, 3, 2), x.flatten(-2).shape());
        assertEquals(Shape.of(12), x.flatten(0).shape());
    }

    @Test
    void permutesAxes() {
        assertElements(counting(2, 1, 3).permute(2, 0, 1), Shape.of(3, 2, 1), 1, 4, 2, 5, 3, 6);
        checkGradient(parameter("x", 2, 3, 4), t -> t.permute(2, 0, 1).square());
        checkGradient(parameter("x", 2, 3, 4, 1), t -> t.permute(1, 3, 0, 2).square());
    }

    @Test
    void transposesTheLastTwoAxes() {
        assertElements(counting(2, 3).transpose(), Shape.of(3, 2), 1, 4, 2, 5, 3, 6);
        assertElements(counting(2, 2, 2).transpose(), Shape.of(2, 2, 2), 1, 3, 2, 4, 5, 7, 6, 8);
        checkGradient(parameter("x", 2, 3), t -> t.transpose().square());
    }

    @Test
    void slicesAlongAnAxis() {
        Tensor x = counting(2, 3);

        assertElements(x.slice(1, 1, 3), Shape.of(2, 2), 2, 3, 5, 6);
        assertElements(x.slice(-2, 1, 2), Shape.of(1, 3), 4, 5, 6);
        assertElements(x.slice(0, 1, 1), Shape.of(0, 3));
        checkGradient(parameter("x", 2, 4), t -> t.slice(1, 1, 3).square());
    }

    @Test
    void padsAlongAnAxis() {
        assertElements(counting(2, 1).pad(1, 1, 2, 9), Shape.of(2, 4), 9, 1, 9, 9, 9, 2, 9, 9);
        assertElements(counting(1, 2).pad(-2, 1, 0, 0), Shape.of(2, 2), 0, 0, 1, 2);
        checkGradient(parameter("x", 2, 3), t -> t.pad(0, 1, 2, 0.5f).square());
    }

    @Test
    void joinsAlongAnAxis() {
        Tensor a = counting(2, 1);
        Tensor b = counting(2, 2).negate();

        assertElements(Tensor.concatenate(1, a, b), Shape.of(2, 3), 1, -1, -2, 2, -3, -4);
        assertElements(Tensor.concatenate(-2, a, a), Shape.of(4, 1), 1, 2, 1, 2);
        assertElements(Tensor.concatenate(0, a), Shape.of(2, 1), 1, 2);
        assertElements(Tensor.concatenate(0, zeros(0, 1), a), Shape.of(2, 1), 1, 2);
    }

    @Test
    void cutsTheGradientOfJoinedParts() {
        Parameter a = parameter("a", 2, 1);
        Parameter b = parameter("b", 2, 3);

        GradCheck.check(List.of(a, b), () -> Tensor.concatenate(1, a.value(), b.value(), a.value()).square());
    }

    @Test
    void repeatsAlongAxesOfExtentOne() {
        assertElements(counting(2, 1).broadcastTo(Shape.of(2, 2)), Shape.of(2, 2), 1, 1, 2, 2);
        assertElements(vector(7).broadcastTo(Shape.of(2, 1)), Shape.of(2, 1), 7, 7);
        checkGradient(parameter("x", 2, 1, 3), t -> t.broadcastTo(Shape.of(4, 2, 5, 3)));
        checkGradient(parameter("x"), t -> t.broadcastTo(Shape.of(2, 3)));
    }

    @Test
    void reversesAnAxis() {
        assertElements(counting(2, 3).reverse(1), Shape.of(2, 3), 3, 2, 1, 6, 5, 4);
        assertElements(counting(2, 2).reverse(-2), Shape.of(2, 2), 3, 4, 1, 2);
        checkGradient(parameter("x", 3, 2), t -> t.reverse(0).square());
    }

    @Test
    void movesIdsToo() {
        Tensor ids = ints(Shape.of(2, 2), 1, 2, 3, 4);

        assertElements(ids.transpose(), Shape.of(2, 2), 1, 3, 2, 4);
        assertElements(ids.slice(0, 1, 2), Shape.of(1, 2), 3, 4);
        assertElements(ids.pad(1, 0, 1, -1), Shape.of(2, 3), 1, 2, -1, 3, 4, -1);
        assertElements(ids.reverse(1), Shape.of(2, 2), 2, 1, 4, 3);
        assertElements(Tensor.concatenate(0, ids, ids).flatten(0).slice(0, 3, 5), Shape.of(2), 4, 1);
        assertEquals(DType.INT32, ids.permute(1, 0).reshape(Shape.of(4)).type());
    }

    @Test
    void rejectsShapesOfAnotherSize() {
        misfit(
                """
                reshape: 6 elements do not fill [4, 2], which has 8
                  input    [2, 3]\
                """,
                () -> counting(2, 3).reshape(Shape.of(4, 2)));
    }

    @Test
    void rejectsOrdersThatAreNoPermutation() {
        misfit(
                """
                permute: order [0, 0] does not name each of the 2 axes
                  input    [2, 3]\
                """,
                () -> counting(2, 3).permute(0, 0));
        misfit(
                """
                permute: order [1, 0] does not name each of the 3 axes
                  input    [2, 3, 1]\
                """,
                () -> counting(2, 3, 1).permute(1, 0));
    }

    @Test
    void rejectsAxesThatDoNotExist() {
        misfit(
                """
                transpose: axis -2 is outside an input of rank 1
                  input    [3]\
                """,
                () -> counting(3).transpose());
        misfit(
                """
                flatten: axis 2 is outside an input of rank 2
                  input    [3, 2]\
                """,
                () -> counting(3, 2).flatten(2));
        misfit(
                """
                reverse: axis -3 is outside an input of rank 2
                  input    [3, 2]\
                """,
                () -> counting(3, 2).reverse(-3));
        misfit(
                """
                pad: axis 1 is outside an input of rank 1
                  input    [3]\
                """,
                () -> counting(3).pad(1, 1, 1, 0));
        misfit(
                """
                concatenate: axis 1 is outside an input of rank 1
                  input    [3]\
                """,
                () -> Tensor.concatenate(1, counting(3), counting(3)));
    }

    @Test
    void rejectsRangesOutsideTheAxis() {
        for (int[] range : new int[][] {{-1, 2}, {2, 1}, {1, 4}}) {
            misfit(
                    """
                    slice: range %d to %d is outside axis 1, which has extent 3
                      input    [2, 3]\
                    """
                            .formatted(range[0], range[1]),
                    () -> counting(2, 3).slice(1, range[0], range[1]));
        }
    }

    @Test
    void rejectsNegativePadding() {
        rejects("pad: padding must be at least 0, got -1", () -> counting(3).pad(0, 2, -1, 0));
    }

    @Test
    void rejectsPartsThatDoNotFit() {
        misfit(
                """
                concatenate: part 2 does not fit part 0 along axis 0
                  part 0   [2, 3]
                  part 2   [2, 4]\
                """,
                () -> Tensor.concatenate(0, counting(2, 3), counting(5, 3), counting(2, 4)));
        misfit(
                """
                concatenate: part 1 does not fit part 0 along axis 1
                  part 0   [2, 3]
                  part 1   [2]\
                """,
                () -> Tensor.concatenate(1, counting(2, 3), counting(2)));
        rejects("concatenate: there must be at least 1 part", () -> Tensor.concatenate(0));
    }

    @Test
    void rejectsPartsOfTwoTypes() {
        rejects(
                "concatenate: part 1 is int32 but part 0 is float32",
                () -> Tensor.concatenate(0, counting(2), ints(Shape.of(2), 1, 2)));
    }

    @Test
    void rejectsShapesToWhichItDoesNotBroadcast() {
        misfit(
                """
                broadcastTo: [3] does not broadcast to [3, 2]
                  input    [3]\
                """,
                () -> counting(3).broadcastTo(Shape.of(3, 2)));
        misfit(
                """
                broadcastTo: [2, 3] does not broadcast to [1, 3]
                  input    [2, 3]\
                """,
                () -> tensor(Shape.of(2, 3), new float[6]).broadcastTo(Shape.of(1, 3)));
    }

    @Test
    void sliceOfASliceIsTheInnerRange() {
        assertVector(counting(9).slice(0, 2, 8).slice(0, 1, 3), 4, 5);
    }

    @Test
    void extentsBeyondAnIntAreRejected() {
        misfit(
                """
                pad: axis 0 would have extent 2147483650, above 2147483647
                  input    [2]\
                """,
                () -> counting(2).pad(0, Integer.MAX_VALUE, 1, 0));
        misfit(
                """
                concatenate: axis 1 would have extent 4294967294, above 2147483647
                  input    [0, 2147483647]\
                """,
                () -> Tensor.concatenate(1, zeros(0, Integer.MAX_VALUE), zeros(0, Integer.MAX_VALUE)));
    }

    @Test
    void permutationsTakeNegativeAxes() {
        assertElements(counting(1, 2, 3).permute(-1, 0, -2), Shape.of(3, 1, 2), 1, 4, 2, 5, 3, 6);
        checkGradient(parameter("x", 2, 3, 2), x -> x.permute(-1, 0, -2));
        misfit(
                """
                permute: order [0, -3] does not name each of the 2 axes
                  input    [2, 3]\
                """,
                () -> counting(2, 3).permute(0, -3));
        misfit(
                """
                permute: order [1, -1] does not name each of the 2 axes
                  input    [2, 3]\
                """,
                () -> counting(2, 3).permute(1, -1));
    }

    @Test
    void messagesHaveLatinDigitsInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            misfit(
                    """
                    reshape: 6 elements do not fill [4], which has 4
                      input    [2, 3]\
                    """,
                    () -> counting(2, 3).reshape(Shape.of(4)));
        } finally {
            Locale.setDefault(before);
        }
    }
}
