package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;
import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.misfit;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;

class AutogradTest {
    private static Tensor gradient(Tensor x, UnaryOperator<Tensor> function) {
        return Autograd.gradients(List.of(x), () -> function.apply(x).sum()).getFirst();
    }

    private static Parameter parameter(String name, float... elements) {
        return Parameter.of(name, vector(elements), true);
    }

    @Test
    void returnsResultAndGradients() {
        Parameter w = parameter("w", 2, -3);

        Gradients gradients = Autograd.differentiate(List.of(w), () -> w.value().square().sum());

        assertEquals(13, gradients.result().item());
        assertVector(gradients.of(w), 4, -6);
        assertEquals(List.of(w), gradients.parameters());
        assertEquals(1, gradients.all().size());
    }

    @Test
    void addsUpWhereAValueIsUsedTwice() {
        // d/dx (x² + x · x³) = 2x + 4x³
        assertVector(gradient(vector(1, 2), x -> x.square().add(x.multiply(x.power(3)))), 6, 36);
        // one subexpression used by two others
        assertVector(
                gradient(
                        vector(3),
                        x -> {
                            Tensor shared = x.square();
                            return shared.multiply(shared).add(shared);
                        }),
                4 * 27 + 6);
    }

    @Test
    void unusedParametersGetZeros() {
        Parameter used = parameter("used", 1);
        Parameter unused = parameter("unused", 1, 2, 3);

        Gradients gradients = Autograd.differentiate(List.of(unused, used), () -> used.value().sum());

        assertVector(gradients.of(unused), 0, 0, 0);
        assertVector(gradients.of(used), 1);
    }

    @Test
    void aResultThatDependsOnNothingHasZeroGradients() {
        Parameter p = parameter("p", 1, 2);

        Gradients gradients = Autograd.differentiate(List.of(p), () -> vector(7).sum());

        assertEquals(7, gradients.result().item());
        assertVector(gradients.of(p), 0, 0);
    }

    @Test
    void aParameterMayBeTheResult() {
        Parameter p = parameter("p", 5);

        assertVector(Autograd.differentiate(List.of(p), p::value).of(p), 1);
    }

    @Test
    void aParameterListedTwiceHasItsGradientTwice() {
        Parameter p = parameter("p", 5);
        Parameter q = parameter("q", 2);

        Gradients gradients =
                Autograd.differentiate(List.of(p, p, q), () -> p.value().multiply(q.value()).exp().log().sum());

        assertVector(gradients.all().get(0), 2);
        assertVector(gradients.all().get(1), 2);
        assertVector(gradients.all().get(2), 5);
    }

    @Test
    void undoesNestedReshapesAndBroadcasts() {
        Tensor x = counting(3);

        // each element is repeated 4 times and multiplied by 1 to 12
        Tensor gradient =
                gradient(
                        x,
                        t ->
                                t.reshape(Shape.of(1, 3, 1))
                                        .broadcastTo(Shape.of(2, 3, 2))
                                        .flatten(0)
                                        .reshape(Shape.of(12))
                                        .multiply(counting(12)));

        assertVector(gradient, 1 + 2 + 7 + 8, 3 + 4 + 9 + 10, 5 + 6 + 11 + 12);
    }

    @Test
    void sumsBackToAScalar() {
        assertElements(gradient(tensor(Shape.scalar(), 3), t -> t.multiply(counting(2, 2))), Shape.scalar(), 10);
    }

    @Test
    void noGradientFlowsThroughDetach() {
        assertVector(gradient(vector(2, 3), x -> x.multiply(x.detach())), 2, 3);
        assertVector(gradient(vector(2, 3), x -> x.square().detach()), 0, 0);
    }

    @Test
    void noGradientFlowsThroughIds() {
        Tensor table = counting(2, 2);

        assertElements(gradient(table, t -> t.argMax(1).toFloat().add(t.sum(1))), Shape.of(2, 2), 1, 1, 1, 1);
        assertElements(gradient(table, t -> t.gather(ints(Shape.of(1), 1))), Shape.of(2, 2), 0, 0, 1, 1);
    }

    @Test
    void nothingIsRecordedOutsideADifferentiation() {
        Parameter p = parameter("p", 2);
        Tensor before = p.value().square();

        // what was computed before is a constant
        Gradients gradients = Autograd.differentiate(List.of(p), () -> before.multiply(p.value()).sum());

        assertVector(gradients.of(p), 4);
    }

    @Test
    void whatOneDifferentiationRecordedIsAConstantForTheNext() {
        Parameter p = parameter("p", 3);
        Tensor[] leaked = new Tensor[1];
        Autograd.differentiate(
                List.of(p),
                () -> {
                    leaked[0] = p.value().square();
                    return leaked[0].sum();
                });

        Gradients gradients = Autograd.differentiate(List.of(p), () -> leaked[0].multiply(p.value()).sum());

        assertVector(gradients.of(p), 9);
    }

    @Test
    void theInnerOfTwoDifferentiationsIsAConstantForTheOuter() {
        Parameter p = parameter("p", 3);

        Gradients outer =
                Autograd.differentiate(
                        List.of(p),
                        () -> {
                            Gradients inner =
                                    Autograd.differentiate(List.of(p), () -> p.value().multiply(p.value()).sum());
                            assertVector(inner.of(p), 6);
                            return inner.of(p).multiply(p.value()).sum().add(inner.result());
                        });

        assertEquals(18 + 9, outer.result().item());
        assertVector(outer.of(p), 6);
    }

    @Test
    void theResultMustBeOneNumber() {
        Parameter p = parameter("p", 1, 2);

        misfit(
                """
                differentiate: the result must be one number, but it has 2 elements
                  result   [2]\
                """,
                () -> Autograd.differentiate(List.of(p), () -> p.value().exp()));
        misfit(
                """
                differentiate: the result must be one number, but it has 0 elements
                  result   [0, 2]\
                """,
                () -> Autograd.gradients(List.of(p.value()), () -> Tensor.zeros(REFERENCE, Shape.of(0, 2))));
    }

    @Test
    void anyShapeOfOneElementWillDo() {
        Parameter p = parameter("p", 4);

        assertVector(Autograd.differentiate(List.of(p), () -> p.value().reshape(Shape.of(1, 1))).of(p), 1);
    }

    @Test
    void gradientsMayBeChanged() {
        Parameter p = parameter("p", 1, -2);
        Gradients gradients = Autograd.differentiate(List.of(p), () -> p.value().square().sum());

        Gradients clipped = gradients.map(g -> g.clamp(-1, 1));

        assertVector(clipped.of(p), 1, -1);
        assertVector(gradients.of(p), 2, -4);
        assertEquals(5, clipped.result().item());
    }

    @Test
    void thereIsNoGradientForAnotherParameter() {
        Parameter p = parameter("net.p", 1);
        Parameter other = parameter("net.other", 1);
        Gradients gradients = Autograd.differentiate(List.of(p), () -> p.value().sum());

        assertEquals(
                "gradients: none for parameter net.other",
                assertThrows(NoSuchElementException.class, () -> gradients.of(other)).getMessage());
    }

    @Test
    void anErrorWhileComputingLeavesNothingBehind() {
        Parameter p = parameter("p", 2);
        assertThrows(
                IllegalStateException.class,
                () ->
                        Autograd.differentiate(
                                List.of(p),
                                () -> {
                                    throw new IllegalStateException("no");
                                }));

        assertVector(Autograd.differentiate(List.of(p), () -> p.value().square().sum()).of(p), 4);
    }

    @Test
    void anArrayOfOperandsMayBeUsedAgain() {
        Tensor x = vector(1, 2);
        Tensor other = vector(5, 5);

        Tensor joined =
                Autograd.gradients(
                                List.of(x),
                                () -> {
                                    Tensor[] parts = {x, x};
                                    Tensor y = Tensor.concatenate(0, parts);
                                    parts[0] = other;
                                    return y.sum();
                                })
                        .getFirst();

        assertVector(joined, 2, 2);
    }
}
