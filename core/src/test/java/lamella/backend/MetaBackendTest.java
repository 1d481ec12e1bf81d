package lamella.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Conv2dOptions;
import lamella.array.DType;
import lamella.array.Shape;
import lamella.tensor.Autograd;
import lamella.tensor.Parameter;
import lamella.tensor.Recurrence;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class MetaBackendTest {
    private final MetaBackend meta = MetaBackend.create();

    private Tensor shaped(int... dims) {
        return Tensor.meta(meta, DType.FLOAT32, Shape.of(dims));
    }

    @Test
    void infersShapesWithoutElements() {
        Tensor images = shaped(64, 1, 28, 28);

        Tensor maps = images.conv2d(shaped(6, 1, 5, 5), Conv2dOptions.defaults());

        assertEquals(Shape.of(64, 6, 24, 24), maps.shape());
        assertEquals("float32 [64, 6, 24, 24] on meta", maps.toString());
    }

    @Test
    void countsMultiplyAdds() {
        shaped(2, 3).matmul(shaped(3, 5));
        assertEquals(30, meta.multiplyAdds());

        shaped(2, 3).linear(shaped(7, 3), shaped(7));
        assertEquals(30 + 42, meta.multiplyAdds());

        shaped(1, 4, 6, 6).conv2d(shaped(2, 2, 3, 3), Conv2dOptions.defaults().groups(2));
        assertEquals(72 + 2 * 16 * 18, meta.multiplyAdds());

        shaped(3, 4).add(shaped(3, 4)).relu().sum();
        assertEquals(72 + 576, meta.multiplyAdds());
    }

    @Test
    void countsTransposedProductsAlike() {
        shaped(3, 2).matmul(true, shaped(5, 3), true);
        assertEquals(30, meta.multiplyAdds());

        // each input cell meets each cell of its kernels
        shaped(1, 4, 6, 6).convTranspose2d(shaped(4, 2, 3, 3), Conv2dOptions.defaults(), 0);
        assertEquals(30 + 4 * 36 * 18, meta.multiplyAdds());
    }

    /// 2 sequences of 5 steps, 4 gates of 7 units on 3 inputs and 7 states.
    @Test
    void countsTheProductsOfRecurrentCells() {
        Tensor x = shaped(2, 5, 3);

        Recurrence.Result result = lstm(x);

        assertEquals(Shape.of(2, 5, 7), result.states().shape());
        assertEquals(Shape.of(2, 7), result.last().hidden().shape());
        assertEquals(Shape.of(2, 7), result.last().cell().orElseThrow().shape());
        int forward = 2 * 5 * 4 * 7 * (3 + 7);
        assertEquals(forward, meta.multiplyAdds());

        // on the way back each product stands for two: by its input and by its weight
        Autograd.gradients(List.of(x), () -> lstm(x).states().sum());
        assertEquals(forward + 3 * forward, meta.multiplyAdds());
    }

    private Recurrence.Result lstm(Tensor x) {
        var weights = new Recurrence.Weights(shaped(28, 3), shaped(28, 7), shaped(28), Optional.empty());
        var initial = new Recurrence.State(shaped(2, 7), Optional.of(shaped(2, 7)));
        return Recurrence.LSTM.run(x, new int[] {5, 0}, false, initial, weights);
    }

    @Test
    void readingAValueIsAnError() {
        String message = "backend 'meta' has shapes only; a value was read";

        assertEquals(message, assertThrows(IllegalStateException.class, () -> shaped(2).toFloats()).getMessage());
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> Tensor.meta(meta, DType.INT32, Shape.of(2)).toInts())
                        .getMessage());
    }

    @Test
    void allocatesNothing() {
        shaped(1024, 1024).exp();

        assertEquals(new MemoryUse(0, 0, 0, 0, List.of()), meta.memory());
    }

    @Test
    void whatTouchesItIsOnItWhicheverOperandItIs() {
        MetaBackend other = MetaBackend.create();
        Tensor theirs = Tensor.meta(other, DType.FLOAT32, Shape.of(3));

        assertEquals("float32 [2, 3] on meta", shaped(2, 3).add(theirs).toString());
        assertEquals(meta, shaped(2, 3).add(theirs).backend());
    }

    @Test
    void assigningToAParameterOnItDoesNothing() {
        Parameter parameter = Parameter.of("mean", shaped(3), false);

        parameter.assign(shaped(3).multiply(2));

        assertEquals(Shape.of(3), parameter.shape());
    }
}
