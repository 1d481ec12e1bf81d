package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.assertElements;
import static lamella.tck.tensor.Ops.assertVector;
import static lamella.tck.tensor.Ops.checkGradient;
import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.ints;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.tck.GradCheck;
import lamella.tensor.Autograd;
import lamella.tensor.CustomOp;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class CustomOpTest {
    /// x · sigmoid(x), with its gradient y + sigmoid(x) · (1 − y).
    private record Swish() implements CustomOp {
        @Override
        public String name() {
            return "swish";
        }

        @Override
        public Tensor forward(List<Tensor> in) {
            Tensor x = in.getFirst();
            return x.multiply(x.sigmoid());
        }

        @Override
        public List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out) {
            Tensor sigmoid = in.getFirst().sigmoid();
            Tensor slope = out.add(sigmoid.multiply(out.negate().add(1)));
            return List.of(outputGradient.multiply(slope));
        }
    }

    /// The sum of two operands, whose gradients are given.
    private record Wrong(List<Tensor> gradients) implements CustomOp {
        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public Tensor forward(List<Tensor> in) {
            return in.get(0).add(in.get(1));
        }

        @Override
        public List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out) {
            return gradients;
        }
    }

    /// The first operand; all the gradient it gets is 100.
    private record Straight() implements CustomOp {
        @Override
        public String name() {
            return "straight";
        }

        @Override
        public Tensor forward(List<Tensor> in) {
            return in.getFirst();
        }

        @Override
        public List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out) {
            return in.stream().map(x -> Tensor.full(out.backend(), x.shape(), 100)).toList();
        }
    }

    private static String error(Tensor... gradients) {
        Tensor a = counting(2, 3);
        Tensor b = counting(3);
        var op = new Wrong(List.of(gradients));
        return assertThrows(
                        IllegalStateException.class,
                        () -> Autograd.gradients(List.of(a, b), () -> Tensor.custom(op, a, b).sum()))
                .getMessage();
    }

    @Test
    void usesItsOwnGradient() {
        assertVector(Tensor.custom(new Swish(), vector(0, 2)), 0, (float) (2 / (1 + Math.exp(-2))));
        checkGradient(parameter("x", 2, 3), x -> Tensor.custom(new Swish(), x));
        checkGradient(parameter("x", 2, 3), x -> Tensor.custom(new Swish(), x.square()).multiply(x));
    }

    @Test
    void isNotDifferentiatedInside() {
        Tensor x = vector(1, 2);

        assertVector(Autograd.gradients(List.of(x), () -> Tensor.custom(new Straight(), x).sum()).getFirst(), 100, 100);
    }

    @Test
    void mayTakeIds() {
        Tensor x = vector(1, 2);
        Tensor ids = ints(Shape.of(2), 0, 1);

        assertVector(
                Autograd.gradients(List.of(x), () -> Tensor.custom(new Straight(), x, ids).sum()).getFirst(), 100, 100);
    }

    @Test
    void gradientsOfOperandsThatNeedNoneAreIgnored() {
        Tensor a = counting(2, 3);
        Tensor b = counting(3);
        var op = new Wrong(List.of(counting(2, 3), counting(7)));

        Tensor gradient = Autograd.gradients(List.of(a), () -> Tensor.custom(op, a, b).sum()).getFirst();

        assertElements(gradient, Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    }

    @Test
    void needsOneGradientForEachOperand() {
        assertEquals("wrong: gradient returned 1 tensors for 2 operands", error(counting(2, 3)));
        assertEquals(
                "wrong: gradient returned 3 tensors for 2 operands", error(counting(2, 3), counting(3), counting(3)));
    }

    @Test
    void needsGradientsOfTheOperandsShapes() {
        assertEquals("wrong: gradient of operand 1 must be [3], got [2, 3]", error(counting(2, 3), counting(2, 3)));
        assertEquals("wrong: gradient of operand 0 must be [2, 3], got [3]", error(counting(3), counting(3)));
    }

    @Test
    void worksWithParametersAndMore() {
        var x = parameter("x", 3);
        var scale = parameter("scale", 3);

        GradCheck.check(List.of(x, scale), () -> Tensor.custom(new Swish(), x.value().multiply(scale.value())));
    }

    @Test
    void anArrayOfOperandsMayBeUsedAgain() {
        Tensor x = vector(1, 2);

        Tensor gradient =
                Autograd.gradients(
                                List.of(x),
                                () -> {
                                    Tensor[] operands = {x};
                                    Tensor y = Tensor.custom(new Straight(), operands);
                                    operands[0] = vector(5, 5);
                                    return y.sum();
                                })
                        .getFirst();

        assertVector(gradient, 100, 100);
    }
}
