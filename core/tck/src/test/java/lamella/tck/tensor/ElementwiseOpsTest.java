package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.REFERENCE;
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

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.tck.GradCheck;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

class ElementwiseOpsTest {
    private record Case(String name, UnaryOperator<Tensor> op, DoubleUnaryOperator expected, double low) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case anywhere(String name, UnaryOperator<Tensor> op, DoubleUnaryOperator f) {
        return new Case(name, op, f, -2);
    }

    private static Case positive(String name, UnaryOperator<Tensor> op, DoubleUnaryOperator f) {
        return new Case(name, op, f, 0.1);
    }

    static Stream<Case> functions() {
        return Stream.of(
                anywhere("negate", Tensor::negate, x -> -x),
                anywhere("abs", Tensor::abs, Math::abs),
                anywhere("exp", Tensor::exp, Math::exp),
                positive("log", Tensor::log, Math::log),
                positive("sqrt", Tensor::sqrt, Math::sqrt),
                anywhere("square", Tensor::square, x -> x * x),
                positive("reciprocal", Tensor::reciprocal, x -> 1 / x),
                positive("power", x -> x.power(2.5f), x -> Math.pow(x, 2.5)),
                anywhere("relu", Tensor::relu, x -> Math.max(x, 0)),
                anywhere("tanh", Tensor::tanh, Math::tanh),
                anywhere("sigmoid", Tensor::sigmoid, x -> 1 / (1 + Math.exp(-x))),
                anywhere("add", x -> x.add(0.75f), x -> x + 0.75),
                anywhere("multiply", x -> x.multiply(-1.5f), x -> -1.5 * x),
                anywhere("clamp", x -> x.clamp(-0.5f, 1), x -> Math.clamp(x, -0.5, 1)));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void isTheFunctionOfEachElementAndHasItsGradient(Case function) {
        Parameter x = parameter("x", function.low, 2, 4, 3);

        double[] given = REFERENCE.values(x.value().view());
        double[] result = REFERENCE.values(function.op.apply(x.value()).view());
        for (int i = 0; i < given.length; i++) {
            assertEquals(function.expected.applyAsDouble(given[i]), result[i], 1e-12);
        }
        checkGradient(x, function.op::apply);
    }

    @ParameterizedTest
    @EnumSource
    void everyFunctionHasItsGradient(Unary function) {
        checkGradient(parameter("x", 0.2, 2, 7), x -> x.apply(function, 0.4f));
    }

    private static Tensor at(Shape shape, float value) {
        return Tensor.full(REFERENCE, shape, value);
    }

    @Test
    void worksOnOperandsOfOneShape() {
        Tensor a = vector(1, -2, 4);
        Tensor b = vector(2, -2, 0.5f);

        assertVector(a.add(b), 3, -4, 4.5f);
        assertVector(a.subtract(b), -1, 0, 3.5f);
        assertVector(a.multiply(b), 2, 4, 2);
        assertVector(a.divide(b), 0.5f, 1, 8);
        assertVector(a.maximum(b), 2, -2, 4);
        assertVector(a.minimum(b), 1, -2, 0.5f);
        assertVector(a.equalTo(b), 0, 1, 0);
        assertVector(a.greaterThan(b), 0, 0, 1);
    }

    @Test
    void broadcastsBothOperands() {
        Tensor column = tensor(Shape.of(2, 1), 10, 20);
        Tensor row = vector(1, 2, 3);

        assertElements(column.add(row), Shape.of(2, 3), 11, 12, 13, 21, 22, 23);
        assertElements(row.subtract(column), Shape.of(2, 3), -9, -8, -7, -19, -18, -17);
        assertElements(at(Shape.scalar(), 3).multiply(row), Shape.of(3), 3, 6, 9);
    }

    static Stream<BinaryOperator<Tensor>> operators() {
        return Stream.of(
                Tensor::add, Tensor::subtract, Tensor::multiply, Tensor::divide, Tensor::maximum, Tensor::minimum);
    }

    @ParameterizedTest
    @MethodSource("operators")
    void sendsGradientsToBothOperands(BinaryOperator<Tensor> operator) {
        Parameter a = parameter("a", 0.5, 2, 2, 3);
        Parameter b = parameter("b", 0.5, 2, 2, 3);

        GradCheck.check(List.of(a, b), () -> operator.apply(a.value(), b.value()));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void sumsGradientsOfBroadcastOperands(BinaryOperator<Tensor> operator) {
        Parameter a = parameter("a", 0.5, 2, 4, 1, 3);
        Parameter b = parameter("b", 0.5, 2, 2, 1);
        Parameter c = parameter("c", 0.6, 2);

        GradCheck.check(List.of(a, b), () -> operator.apply(a.value(), b.value()));
        GradCheck.check(List.of(a, c), () -> operator.apply(c.value(), a.value()));
    }

    @Test
    void equalElementsShareTheGradientOfTheLarger() {
        Tensor a = vector(1, 5, 2);
        Tensor b = vector(1, 2, 5);

        List<Tensor> larger = Autograd.gradients(List.of(a, b), () -> a.maximum(b).sum());
        List<Tensor> smaller = Autograd.gradients(List.of(a, b), () -> a.minimum(b).sum());

        assertVector(larger.get(0), 0.5f, 1, 0);
        assertVector(larger.get(1), 0.5f, 0, 1);
        assertVector(smaller.get(0), 0.5f, 0, 1);
        assertVector(smaller.get(1), 0.5f, 1, 0);
    }

    @Test
    void comparisonsHaveNoGradient() {
        Tensor a = vector(1, 2);

        List<Tensor> gradients =
                Autograd.gradients(List.of(a), () -> a.equalTo(a).add(a.greaterThan(vector(0, 0))).sum());

        assertVector(gradients.getFirst(), 0, 0);
    }

    @Test
    void noGradientWhereALimitHolds() {
        Tensor x = vector(-3, 0.5f, 3, -1, 1);

        List<Tensor> gradients = Autograd.gradients(List.of(x), () -> x.clamp(-1, 1).sum());

        assertVector(gradients.getFirst(), 0, 1, 0, 0, 0);
    }

    @Test
    void kinksHaveTheDocumentedGradient() {
        Tensor x = vector(0);

        assertVector(Autograd.gradients(List.of(x), () -> x.relu().sum()).getFirst(), 0);
        assertVector(Autograd.gradients(List.of(x), () -> x.abs().sum()).getFirst(), 0);
    }

    @Test
    void selectsByACondition() {
        Parameter yes = parameter("yes", 2, 2);
        Parameter no = parameter("no", 2, 2);
        Tensor condition = tensor(Shape.of(2, 2), 1, 0, -3, 0);

        assertElements(condition.select(counting(2, 2), counting(2, 2).negate()), Shape.of(2, 2), 1, -2, 3, -4);
        GradCheck.check(List.of(yes, no), () -> condition.select(yes.value(), no.value()));
    }

    @Test
    void turnsIdsIntoNumbers() {
        Tensor numbers = ints(Shape.of(3), -1, 0, 7).toFloat();

        assertEquals(DType.FLOAT32, numbers.type());
        assertArrayEquals(new float[] {-1, 0, 7}, numbers.toFloats());
    }

    @Test
    void rejectsShapesThatDoNotBroadcast() {
        misfit(
                """
                add: [2, 3] and [2] do not broadcast
                  left     [2, 3]
                  right    [2]                  net.dense1.bias\
                """,
                () -> counting(2, 3).add(parameter("net.dense1.bias", 2).value()));
        misfit(
                """
                greaterThan: [2, 3] and [4, 1, 2] do not broadcast
                  left     [2, 3]
                  right    [4, 1, 2]\
                """,
                () -> counting(2, 3).greaterThan(counting(4, 1, 2)));
    }

    @Test
    void selectNeedsOneShape() {
        misfit(
                """
                select: condition and choices differ in shape
                  cond     [2, 2]
                  left     [2, 2]
                  right    [2]\
                """,
                () -> counting(2, 2).select(counting(2, 2), counting(2)));
    }

    @Test
    void rejectsIdsWhereNumbersAreMeant() {
        rejects("add: operand 1 [2] must not be int32", () -> counting(2).add(ints(Shape.of(2), 1, 2)));
        rejects("exp: operand 0 [2] must not be int32", () -> ints(Shape.of(2), 1, 2).exp());
        rejects("toFloat: operand 0 [2] must not be float32", () -> counting(2).toFloat());
    }

    @Test
    void rejectsOperandsOnTwoBackends() {
        var other = ReferenceBackend.create();

        rejects(
                "multiply: operands are on two backends, 'reference' and 'reference'",
                () -> counting(2).multiply(Tensor.zeros(other, Shape.of(2))));
    }

    @Test
    void messagesNameTheMethodThatWasCalled() {
        Tensor ids = ints(Shape.of(1), 1);
        Map<String, UnaryOperator<Tensor>> methods =
                Map.of(
                        "abs", Tensor::abs,
                        "add", x -> x.add(1),
                        "multiply", x -> x.multiply(2),
                        "clamp", x -> x.clamp(0, 1),
                        "max", x -> x.max(),
                        "min", x -> x.min(),
                        "mean", x -> x.mean(),
                        "leakyRelu", x -> x.apply(Unary.LEAKY_RELU, 0.1f),
                        "equalTo", x -> x.equalTo(x),
                        "maximum", x -> x.maximum(x));

        methods.forEach((name, method) -> rejects(name + ": operand 0 [1] must not be int32", () -> method.apply(ids)));
    }
}
