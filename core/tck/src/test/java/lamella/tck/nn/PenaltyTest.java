package lamella.tck.nn;

import static lamella.tck.nn.Nets.parameter;
import static lamella.tck.nn.Nets.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.Shape;
import lamella.nn.Penalty;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;

import org.junit.jupiter.api.Test;

import java.util.List;

class PenaltyTest {
    private final Parameter weight = parameter("dense1.weight", Shape.of(2, 2), 1, -2, 3, -4);
    private final Parameter bias = parameter("dense1.bias", Shape.of(2), 100, 100);
    private final Parameter kernel = parameter("conv1.weight", Shape.of(1, 1, 1, 2), 5, -6);
    private final List<Parameter> all = List.of(weight, bias, kernel);

    @Test
    void sumsOverWeightsOnly() {
        assertEquals(0.5f * (10 + 11), Penalty.l1(0.5f).of(all).item(), 1e-5f);
        assertEquals(0.5f * (30 + 61), Penalty.l2(0.5f).of(all).item(), 1e-5f);
        assertEquals(Shape.scalar(), Penalty.l2(0.5f).of(all).shape());
        assertEquals(0, Penalty.l2(0).of(all).item());
    }

    @Test
    void hasItsGradient() {
        GradCheck.check(all, () -> Penalty.l1(0.1f).of(all));
        GradCheck.check(all, () -> Penalty.l2(0.1f).of(all));
        assertArrayEquals(
                new float[] {0, 0}, Autograd.differentiate(all, () -> Penalty.l2(1).of(all)).of(bias).toFloats());
    }

    @Test
    void needsAWeight() {
        rejects("penalty: there is no parameter of rank 2 or more", () -> Penalty.l1(1).of(List.of(bias)));
        rejects("penalty: there is no parameter of rank 2 or more", () -> Penalty.l2(1).of(List.of()));
    }

    @Test
    void rejectsNegativeStrengthsAtOnce() {
        rejects("penalty: strength must be at least 0, got -1.0", () -> Penalty.l1(-1));
        rejects("penalty: strength must be at least 0, got NaN", () -> Penalty.l2(Float.NaN));
    }
}
