package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.nn.Initializer;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class InitializerTest {
    /// fanIn 25 · 4 = 100, fanOut 50 · 4 = 200.
    private static final Shape KERNELS = Shape.of(50, 25, 2, 2);

    private static float[] create(Initializer initializer, Shape shape) {
        return initializer.create(REFERENCE, shape, RandomSource.of(1)).toFloats();
    }

    private static double most(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).max().orElseThrow();
    }

    private static double deviation(float[] values) {
        return Math.sqrt(
                IntStream.range(0, values.length).mapToDouble(i -> values[i] * values[i]).average().orElseThrow());
    }

    /// 5000 uniform numbers: the largest comes within 1 % of the bound.
    private static void assertUniform(double bound, Initializer initializer) {
        float[] values = create(initializer, KERNELS);

        assertTrue(most(values) <= bound * (1 + 1e-6), () -> most(values) + " > " + bound);
        assertEquals(bound, most(values), 0.01 * bound);
        assertEquals(bound / Math.sqrt(3), deviation(values), 0.04 * bound);
    }

    @Test
    void constantsAreConstant() {
        assertArrayEquals(new float[] {3, 3}, create(Initializer.constant(3), Shape.of(2)));
        assertArrayEquals(new float[] {0, 0}, create(Initializer.zeros(), Shape.of(2)));
        assertArrayEquals(new float[] {1, 1}, create(Initializer.ones(), Shape.of(2)));
    }

    @Test
    void valuesMayBeGiven() {
        assertArrayEquals(new float[] {1, 2, 3, 4}, create(Initializer.of(1, 2, 3, 4), Shape.of(2, 2)));
        rejects("tensor: 3 elements do not fill [2], which has 2", () -> create(Initializer.of(1, 2, 3), Shape.of(2)));
    }

    @Test
    void uniformStaysWithinItsBound() {
        assertUniform(0.3, Initializer.uniform(0.3f));
    }

    @Test
    void fanInUniformDependsOnTheInputs() {
        assertUniform(0.1, Initializer.fanInUniform(100));
        assertUniform(1, Initializer.fanInUniform(0));
    }

    @Test
    void heDependsOnTheFanIn() {
        assertUniform(Math.sqrt(6 / 100.0), Initializer.heUniform());
        float[] normal = create(Initializer.heNormal(), KERNELS);
        assertEquals(Math.sqrt(2 / 100.0), deviation(normal), 0.006);
    }

    @Test
    void glorotDependsOnBothFans() {
        assertUniform(Math.sqrt(6 / 300.0), Initializer.glorotUniform());
    }

    @Test
    void aMatrixHasItsInputsLast() {
        float[] values = create(Initializer.heUniform(), Shape.of(1000, 6));

        assertEquals(1, most(values), 0.01);
    }

    @Test
    void normalHasItsDeviation() {
        assertEquals(0.02, deviation(create(Initializer.normal(0.02f), KERNELS)), 0.001);
    }
}
