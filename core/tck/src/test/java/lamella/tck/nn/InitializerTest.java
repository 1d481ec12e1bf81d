package lamella.tck.nn;

import static lamella.tck.nn.Nets.REFERENCE;
import static lamella.tck.nn.Nets.rejects;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.array.Shape;
import lamella.backend.MetaBackend;
import lamella.nn.Initializer;
import lamella.tensor.RandomSource;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
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

    /// The products of each row with each other, in double.
    private static double[][] products(float[] matrix, int rows, int columns, boolean ofColumns) {
        int count = ofColumns ? columns : rows;
        int length = ofColumns ? rows : columns;
        double[][] products = new double[count][count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                for (int k = 0; k < length; k++) {
                    double a = matrix[ofColumns ? k * columns + i : i * columns + k];
                    double b = matrix[ofColumns ? k * columns + j : j * columns + k];
                    products[i][j] += a * b;
                }
            }
        }
        return products;
    }

    private static void assertOrthonormal(Shape shape, boolean columns) {
        float[] matrix = create(Initializer.orthogonal(), shape);
        double[][] products = products(matrix, shape.dim(0), shape.size() / shape.dim(0), columns);
        for (int i = 0; i < products.length; i++) {
            for (int j = 0; j < products.length; j++) {
                assertEquals(i == j ? 1 : 0, products[i][j], 1e-6, shape + " " + i + " · " + j);
            }
        }
    }

    @Test
    void orthogonalRowsHaveLength1AndNothingInCommon() {
        assertOrthonormal(Shape.of(33, 33), false);
        assertOrthonormal(Shape.of(33, 33), true);
        assertOrthonormal(Shape.of(5, 12), false);
        assertOrthonormal(Shape.of(12, 5), true);
        assertOrthonormal(Shape.of(4, 2, 3, 3), false);
        assertOrthonormal(Shape.of(1, 1), false);
        assertArrayEquals(new float[0], create(Initializer.orthogonal(), Shape.of(3, 0)));
    }

    @Test
    void orthogonalMatricesPreferNoDirection() {
        // the mean of an entry over seeds is 0 and that of its square 1 / 3; deviations √(1/3/n) and √(4/45/n)
        double sum = 0;
        double squares = 0;
        int draws = 2000;
        for (int seed = 0; seed < draws; seed++) {
            float entry =
                    Initializer.orthogonal().create(REFERENCE, Shape.of(3, 3), RandomSource.of(seed)).toFloats()[8];
            sum += entry;
            squares += entry * entry;
        }
        assertEquals(0, sum / draws, 4 * Math.sqrt(1 / 3.0 / draws));
        assertEquals(1 / 3.0, squares / draws, 4 * Math.sqrt(4 / 45.0 / draws));
    }

    @Test
    void orthogonalDependsOnTheRandomNumbersAlone() {
        assertArrayEquals(
                create(Initializer.orthogonal(), Shape.of(4, 4)), create(Initializer.orthogonal(), Shape.of(4, 4)));
    }

    @Test
    void orthogonalNeedsNoValuesOnMeta() {
        var meta = MetaBackend.create();
        var stacked = Initializer.stacked(3, Initializer.orthogonal());

        assertEquals(Shape.of(6, 2), stacked.create(meta, Shape.of(6, 2), RandomSource.of(1)).shape());
    }

    @Test
    void stackedPartsHaveValuesOfTheirOwn() {
        float[] bias = create(Initializer.stacked(Initializer.zeros(), Initializer.ones()), Shape.of(4));
        assertArrayEquals(new float[] {0, 0, 1, 1}, bias);

        float[] gates = create(Initializer.stacked(2, Initializer.orthogonal()), Shape.of(6, 3));
        float[] first = Arrays.copyOfRange(gates, 0, 9);
        float[] second = Arrays.copyOfRange(gates, 9, 18);
        assertFalse(Arrays.equals(first, second));
        assertEquals(1, products(first, 3, 3, false)[2][2], 1e-6);
        assertEquals(1, products(second, 3, 3, false)[2][2], 1e-6);
    }

    @Test
    void stackedPartsHaveFansOfTheirOwn() {
        // each part is [50, 100]
        float[] values = create(Initializer.stacked(4, Initializer.glorotUniform()), Shape.of(200, 100));

        assertEquals(Math.sqrt(6 / 150.0), most(values), 0.01 * Math.sqrt(6 / 150.0));
    }

    @Test
    void stackedRejectsWhatCannotBeCut() {
        Initializer three = Initializer.stacked(3, Initializer.zeros());

        rejects("stacked: [4, 2] cannot be cut into 3 parts of one size", () -> create(three, Shape.of(4, 2)));
        rejects("stacked: [] cannot be cut into 3 parts of one size", () -> create(three, Shape.scalar()));
        rejects("stacked: there must be at least 1 part", () -> Initializer.stacked());
        rejects("stacked: there must be at least 1 part", () -> Initializer.stacked(0, Initializer.zeros()));
    }
}
