package lamella.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShapeExceptionTest {
    private final ShapeException problem =
            ShapeException.of("conv2d", "input has 3 channels but the weight expects 4 (= 2 x 2 groups)")
                    .operand("input", Shape.of(2, 3, 7, 5), "N, C, H, W", "")
                    .operand("weight", Shape.of(6, 2, 3, 3), "out, in/groups, kH, kW", "lenet.conv1.weight")
                    .at("lenet.conv1 = conv2d(6, 3)");

    @Test
    void saysRelationThenOperandsThenPlace() {
        assertEquals(
                """
                conv2d: input has 3 channels but the weight expects 4 (= 2 x 2 groups)
                  input    [2, 3, 7, 5]       (N, C, H, W)
                  weight   [6, 2, 3, 3]       (out, in/groups, kH, kW)  lenet.conv1.weight
                  at lenet.conv1 = conv2d(6, 3)\
                """,
                problem.getMessage());
    }

    @Test
    void theFirstLineStandsAlone() {
        assertEquals("conv2d: input has 3 channels but the weight expects 4 (= 2 x 2 groups)", problem.relation());
    }

    @Test
    void theInnermostPlaceStays() {
        assertEquals("lenet.conv1 = conv2d(6, 3)", problem.at("lenet = sequential()").place());
        assertEquals("", ShapeException.of("add", "no").place());
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertEquals(
                "sum: axis 2 is outside an input of rank 1\n  input    [3]",
                ShapeException.of("sum", "axis 2 is outside an input of rank 1")
                        .operand("input", Shape.of(3), "", "")
                        .getMessage());
    }

    @Test
    void keepsTheTraceOfWhereItArose() {
        ShapeException first = ShapeException.of("add", "no");

        assertArrayEquals(first.getStackTrace(), first.at("net.dense1").getStackTrace());
    }
}
