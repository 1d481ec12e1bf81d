package lamella.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.tensor.CustomOp;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

final class GradCheckTest {
    private final ReferenceBackend reference = ReferenceBackend.create();

    /// x², with a gradient of the test's choice.
    private record Square(UnaryOperator<Tensor> derivative) implements CustomOp {
        @Override
        public String name() {
            return "square";
        }

        @Override
        public Tensor forward(List<Tensor> in) {
            return in.getFirst().square();
        }

        @Override
        public List<Tensor> gradient(Tensor outputGradient, List<Tensor> in, Tensor out) {
            return List.of(outputGradient.multiply(derivative.apply(in.getFirst())));
        }
    }

    private Parameter parameter(String path, Operand values) {
        return Parameter.of(path, Tensor.of(reference, values.shape(), values.floats()), true);
    }

    @Test
    void acceptsTheGradientsOfASmallNet() {
        Parameter x = parameter("x", Operand.random(1, 2, 3, 6, 6));
        Parameter weight = parameter("conv1.weight", Operand.random(2, 4, 3, 3, 3));
        Parameter bias = parameter("conv1.bias", Operand.random(3, 4));
        GradCheck.check(
                List.of(x, weight, bias),
                () -> x.value().conv2d(weight.value(), bias.value(), Conv2dOptions.defaults()).tanh());
    }

    @Test
    void acceptsARightCustomGradientAndRestoresTheValues() {
        Parameter x = parameter("x", Operand.random(4, 3, 5));
        float[] before = x.value().toFloats();
        GradCheck.check(List.of(x), () -> Tensor.custom(new Square(t -> t.multiply(2)), x.value()));
        assertArrayEquals(before, x.value().toFloats());
    }

    @Test
    void namesParameterIndexAndNumbersOfAWrongGradient() {
        Parameter x = parameter("conv1.weight", Operand.of(Shape.of(2, 2), 0, 0, 0, 0.5f));
        // right where x is 0; the weights of the outputs come from java.util.Random(1)
        var error =
                assertThrows(
                        AssertionError.class,
                        () ->
                                GradCheck.check(
                                        List.of(x), () -> Tensor.custom(new Square(t -> t.multiply(3)), x.value())));
        float weight = 0;
        var random = new Random(1);
        for (int i = 0; i < 4; i++) {
            weight = 2 * random.nextFloat() - 1;
        }
        assertEquals(
                "gradient of conv1.weight[1, 1]: expected %.6g (central difference) but got %.6g"
                        .formatted(weight, 1.5 * weight),
                error.getMessage());
    }

    @Test
    void findsOneWrongEntryOfALargeParameter() {
        Parameter x = parameter("w", Operand.random(5, 10, 10));
        Tensor wrong = Tensor.of(reference, x.shape(), Operand.generated(x.shape(), i -> i == 37 ? 2.01 : 2).floats());
        var error =
                assertThrows(
                        AssertionError.class,
                        () ->
                                GradCheck.check(
                                        List.of(x),
                                        () -> Tensor.custom(new Square(t -> t.multiply(wrong)), x.value())));
        assertTrue(error.getMessage().startsWith("gradient of w[3, 7]: expected "), error::getMessage);
    }

    @Test
    void rejectsAnOutputThatChangesByItself() {
        Parameter x = parameter("x", Operand.of(Shape.of(1), 1));
        var calls = new AtomicInteger();
        var error =
                assertThrows(
                        AssertionError.class,
                        () -> GradCheck.check(List.of(x), () -> x.value().multiply(calls.incrementAndGet())));
        assertTrue(
                error.getMessage().startsWith("gradCheck: the output differs between two calls, "), error::getMessage);
    }

    @Test
    void rejectsParametersOfAnotherBackend() {
        Parameter x = Parameter.of("x", Tensor.zeros(MetaBackend.create(), Shape.of(2)), true);
        assertEquals(
                "gradCheck: x must be on the reference backend, not on 'meta'",
                assertThrows(IllegalArgumentException.class, () -> GradCheck.check(List.of(x), x::value)).getMessage());
    }
}
