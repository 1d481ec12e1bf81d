package lamella.tck.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.optim.Clip;
import lamella.tck.ReferenceBackend;
import lamella.tensor.Gradients;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class ClipTest {
    private final ReferenceBackend backend = ReferenceBackend.create();
    private final Parameter a = GivenGradients.parameter(backend, "net.a", 1, 2);
    private final Parameter b = GivenGradients.parameter(backend, "net.b", 3);

    @AfterEach
    void close() {
        backend.close();
    }

    private Gradients gradients(float a0, float a1, float b0) {
        return GivenGradients.of(List.of(a, b), List.of(new float[] {a0, a1}, new float[] {b0}));
    }

    @Test
    void byNormScalesAllGradientsByTheirCommonNorm() {
        Gradients before = gradients(2, -3, 6); // norm 7
        Gradients clipped = Clip.byNorm(3.5).apply(before);
        double scale = 3.5 / (7.0 + 1e-6f);
        assertArrayEquals(new double[] {2 * scale, -3 * scale}, values(clipped.of(a)), 1e-12);
        assertArrayEquals(new double[] {6 * scale}, values(clipped.of(b)), 1e-12);
        assertArrayEquals(new float[] {2, -3}, before.of(a).toFloats());
        assertSame(before.result(), clipped.result());
    }

    private double[] values(Tensor tensor) {
        return backend.values(tensor.view());
    }

    @Test
    void byNormLeavesSmallGradientsAlone() {
        Gradients clipped = Clip.byNorm(7.5).apply(gradients(2, -3, 6));
        assertArrayEquals(new float[] {2, -3}, clipped.of(a).toFloats());
        assertArrayEquals(new float[] {6}, clipped.of(b).toFloats());
        Gradients zero = Clip.byNorm(1).apply(gradients(0, 0, 0));
        assertArrayEquals(new float[] {0, 0}, zero.of(a).toFloats());
    }

    @Test
    void byNormReadsNoValue() {
        var meta = MetaBackend.create(); // a read value would be an exception
        var parameter = Parameter.of("net.w", Tensor.zeros(meta, Shape.of(2, 3)), true);
        Gradients clipped = Clip.byNorm(1).apply(GivenGradients.of(parameter, new float[6]));
        assertEquals(Shape.of(2, 3), clipped.of(parameter).shape());
    }

    @Test
    void byValueLimitsEachElement() {
        Gradients clipped = Clip.byValue(2.5).apply(gradients(2, -3, 6));
        assertArrayEquals(new float[] {2, -2.5f}, clipped.of(a).toFloats());
        assertArrayEquals(new float[] {2.5f}, clipped.of(b).toFloats());
    }

    @Test
    void noneChangesNothing() {
        Gradients before = gradients(2, -3, 6);
        assertSame(before, Clip.none().apply(before));
    }

    @Test
    void printsTheCodeThatMakesIt() {
        assertEquals("byNorm(0.5)", Clip.byNorm(0.5).toString());
        assertEquals("byValue(2.0)", Clip.byValue(2).toString());
        assertEquals("none()", Clip.none().toString());
    }

    @Test
    void rejectsLimitsThatAreNotPositive() {
        assertEquals(
                "byNorm: max must be finite and greater than 0, got 0.0",
                assertThrows(IllegalArgumentException.class, () -> Clip.byNorm(0)).getMessage());
        assertEquals(
                "byValue: max must be finite and greater than 0, got NaN",
                assertThrows(IllegalArgumentException.class, () -> Clip.byValue(Double.NaN)).getMessage());
    }
}
