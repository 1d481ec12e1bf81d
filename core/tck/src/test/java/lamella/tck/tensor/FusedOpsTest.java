package lamella.tck.tensor;

import static lamella.tck.tensor.Ops.counting;
import static lamella.tck.tensor.Ops.parameter;
import static lamella.tck.tensor.Ops.tensor;
import static lamella.tck.tensor.Ops.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.ElementwiseKernels.Unary;
import lamella.backend.Epilogue.Function;
import lamella.tck.GradCheck;
import lamella.tensor.Epilogue;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

class FusedOpsTest {
    private static final Epilogue RELU = Epilogue.of(List.of(new Function(Unary.RELU, 0)));
    private static final Epilogue NONE = Epilogue.of(List.of());

    @Test
    void linearThenSumThenFunctions() {
        Tensor x = tensor(Shape.of(1, 2), 1, 10);
        Tensor weight = tensor(Shape.of(2, 2), 1, 2, 3, 4);
        // 21 and 43; plus bias 21.5 and 42; plus added 31.5 and −58
        Tensor y = x.linear(weight, vector(0.5f, -1), RELU.plus(tensor(Shape.of(1, 2), 10, -100)));
        assertArrayEquals(new float[] {31.5f, 0}, y.toFloats());
        assertArrayEquals(new float[] {21, 43}, x.linear(weight, NONE).toFloats());
    }

    @Test
    void linearOverTheLastOfSeveralAxes() {
        Tensor x = counting(2, 3, 2);
        Tensor weight = tensor(Shape.of(1, 2), 1, -1);
        Tensor y = x.linear(weight, NONE.plus(counting(2, 3, 1)));
        assertEquals(Shape.of(2, 3, 1), y.shape());
        assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, y.toFloats());
    }

    @Test
    void convolutionThenSumThenFunctions() {
        Tensor x = counting(1, 1, 2, 2);
        Tensor weight = tensor(Shape.of(2, 1, 1, 1), 1, -1);
        var plain = Conv2dOptions.defaults();
        Tensor y = x.conv2d(weight, vector(10, 2), plain, RELU.plus(counting(1, 2, 2, 2)));
        // 1 to 4 plus 10 plus 1 to 4; −1 to −4 plus 2 plus 5 to 8
        assertArrayEquals(new float[] {12, 14, 16, 18, 6, 6, 6, 6}, y.toFloats());
        assertArrayEquals(new float[] {1, 2, 3, 4, 0, 0, 0, 0}, x.conv2d(weight, plain, RELU).toFloats());
    }

    /// While a tape records, the steps are taken one by one.
    @Test
    void hasItsGradients() {
        Parameter x = parameter("x", -1.0, 1.0, 2, 3);
        Parameter weight = parameter("weight", -1.0, 1.0, 4, 3);
        Parameter bias = parameter("bias", -1.0, 1.0, 4);
        Parameter added = parameter("added", -1.0, 1.0, 2, 4);
        Epilogue smooth = Epilogue.of(List.of(new Function(Unary.SILU, 0), new Function(Unary.TANH, 0)));
        GradCheck.check(
                List.of(x, weight, bias, added),
                () -> x.value().linear(weight.value(), bias.value(), smooth.plus(added.value())));
        Parameter image = parameter("image", -1.0, 1.0, 2, 2, 3, 3);
        Parameter kernel = parameter("kernel", -1.0, 1.0, 3, 2, 2, 2);
        GradCheck.check(
                List.of(image, kernel), () -> image.value().conv2d(kernel.value(), Conv2dOptions.defaults(), smooth));
    }

    @Test
    void rejectsASummandThatWouldBroadcast() {
        Tensor x = counting(2, 3);
        Tensor weight = counting(4, 3);
        var e = assertThrows(ShapeException.class, () -> x.linear(weight, NONE.plus(counting(1, 4))));
        assertEquals("linear: what is added must have the result's shape, [2, 4]\n  added    [1, 4]", e.getMessage());
    }
}
