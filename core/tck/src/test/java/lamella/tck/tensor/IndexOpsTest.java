package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.rejects;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class IndexOpsTest {
    private final Tensor table = counting(3, 2);

    @Test
    void gathersRows() {
        assertElements(table.gather(ints(Shape.of(2, 2), 2, 0, 1, 2)), Shape.of(2, 2, 2), 5, 6, 1, 2, 3, 4, 5, 6);
        assertElements(table.gather(ints(Shape.scalar(), 1)), Shape.of(2), 3, 4);
        assertElements(table.gather(ints(Shape.of(0))), Shape.of(0, 2));
    }

    @Test
    void theIdMinusOneGivesZeros() {
        assertElements(table.gather(ints(Shape.of(2), -1, 1)), Shape.of(2, 2), 0, 0, 3, 4);
    }

    @Test
    void rowsUsedTwiceGetBothGradients() {
        Tensor ids = ints(Shape.of(4), 1, 1, 0, -1);

        List<Tensor> gradients = Autograd.gradients(List.of(table), () -> table.gather(ids).sum());

        assertElements(gradients.getFirst(), Shape.of(3, 2), 1, 1, 2, 2, 0, 0);
        checkGradient(parameter("table", 3, 2), t -> t.gather(ids).square());
    }

    @Test
    void rejectsIdsOutsideTheTable() {
        assertEquals(
                "gather: index 3 at position 1 is outside [0, 3)",
                assertThrows(IndexOutOfBoundsException.class, () -> table.gather(ints(Shape.of(2), 0, 3)))
                        .getMessage());
    }

    @Test
    void rejectsTablesThatAreNoMatrix() {
        misfit(
                """
                gather: table must have rank 2, got 3
                  table    [2, 2, 2]
                  ids      [1]\
                """,
                () -> counting(2, 2, 2).gather(ints(Shape.of(1), 0)));
    }

    @Test
    void rejectsIdsThatAreNumbers() {
        rejects("gather: operand 1 [2] must not be float32", () -> table.gather(counting(2)));
    }
}
