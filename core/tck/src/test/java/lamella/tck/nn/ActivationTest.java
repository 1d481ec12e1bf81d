package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.model;
import static lamella.tck.nn.Nets.parameter;
import static lamella.tck.nn.Nets.rejects;
import static lamella.tck.nn.Nets.tensor;
import static lamella.tck.nn.Nets.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Activation;
import lamella.nn.Activation.Function;
import lamella.nn.Layers;
import lamella.nn.Model;
import lamella.tck.GradCheck;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class ActivationTest {
    private static final float[] INPUT = {-3, -1, -0.25f, 0.25f, 1, 7};

    /// Φ(x) at the inputs, from a table of the normal distribution.
    private static final double[] NORMAL = {
        0.0013498980, 0.1586552539, 0.4012936743, 0.5987063257, 0.8413447461, 1 - 1.28e-12
    };

    private static double expected(Function function, int i) {
        double x = INPUT[i];
        return switch (function) {
            case RELU -> Math.max(x, 0);
            case RELU6 -> Math.min(Math.max(x, 0), 6);
            case LEAKY_RELU -> x > 0 ? x : 0.01f * x;
            case ELU -> x > 0 ? x : Math.expm1(x);
            case SELU -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
            case GELU -> x * NORMAL[i];
            case SILU -> x / (1 + Math.exp(-x));
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SOFTMAX -> Math.exp(x) / sumOfExp();
        };
    }

    private static double sumOfExp() {
        double sum = 0;
        for (float x : INPUT) {
            sum += Math.exp(x);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void isItsFunction(Function function) {
        Model model = model(Activation.of(function), INPUT.length);

        float[] y = model.forward(tensor(Shape.of(1, INPUT.length), INPUT)).toFloats();

        for (int i = 0; i < y.length; i++) {
            assertEquals(expected(function, i), y[i], 1e-6 * Math.max(1, Math.abs(y[i])));
        }
    }

    @ParameterizedTest
    @EnumSource
    void hasItsGradient(Function function) {
        Parameter x = parameter("x", Shape.of(2, 3), INPUT);
        Model model = model(Activation.of(function), 3);

        GradCheck.check(List.of(x), () -> model.forward(x.value()));
    }

    @Test
    void takesItsConstant() {
        Tensor x = tensor(Shape.of(1, 2), -2, 3);

        assertArrayEquals(new float[] {-0.6f, 3}, model(Layers.leakyRelu(0.3f), 2).forward(x).toFloats(), 1e-6f);
        assertArrayEquals(
                new float[] {(float) (0.5 * Math.expm1(-2)), 3},
                model(Layers.elu(0.5f), 2).forward(x).toFloats(),
                1e-6f);
    }

    @Test
    void printsAsTheCodeThatMakesIt() {
        assertEquals(
                List.of(
                        "relu()",
                        "relu6()",
                        "leakyRelu(0.01)",
                        "elu(1.0)",
                        "selu()",
                        "gelu()",
                        "silu()",
                        "softplus()",
                        "tanh()",
                        "sigmoid()",
                        "softmax()"),
                List.of(
                                Layers.relu(),
                                Layers.relu6(),
                                Layers.leakyRelu(),
                                Layers.elu(),
                                Layers.selu(),
                                Layers.gelu(),
                                Layers.silu(),
                                Layers.softplus(),
                                Layers.tanh(),
                                Layers.sigmoid(),
                                Layers.softmax())
                        .stream()
                        .map(Activation::toString)
                        .toList());
        assertEquals("leakyRelu(0.3)", Layers.leakyRelu(0.3f).toString());
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheShapeAndHasNoState(Function function) {
        Model model = model(Activation.of(function), 2, 3, 4);

        assertEquals(Shape.of(2, 3, 4), model.output());
        assertEquals(List.of(), model.state());
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"SOFTPLUS", "SIGMOID", "TANH", "SILU", "GELU", "SELU"})
    void largeInputsDoNotOverflow(Function function) {
        Tensor x = vector(-1000, 1000).reshape(Shape.of(1, 2));

        for (double value : REFERENCE.values(model(Activation.of(function), 2).forward(x).view())) {
            assertTrue(Double.isFinite(value), () -> function + " gives " + value);
        }
    }

    @Test
    void recipesTakeWhatTheyPrint() {
        assertEquals("leakyRelu(0.01)", Layers.leakyRelu(0.01).toString());
        assertEquals(Layers.leakyRelu(), Layers.leakyRelu(0.01));
        assertEquals("elu(0.3)", Layers.elu(0.3).toString());
        assertEquals("dropout(0.5)", Layers.dropout(0.5).toString());
    }

    @Test
    void rejectsAConstantOfAFunctionThatHasNone() {
        rejects("relu: alpha must be 0, got 0.5", () -> new Activation(Function.RELU, 0.5f));
        rejects("selu: alpha must be 0, got -0.0", () -> new Activation(Function.SELU, -0f));
        rejects("tanh: alpha must be 0, got NaN", () -> new Activation(Function.TANH, Float.NaN));
    }
}
