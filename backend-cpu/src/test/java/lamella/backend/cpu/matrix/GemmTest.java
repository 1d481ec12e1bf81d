package lamella.backend.cpu.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

/// What is special to [Gemm]: its ways of computing, the edges of its tiles, its threads. The
/// contract of the kernels is tested by the conformance suite.
public class GemmTest {
    private static final int[] EXTENTS = {1, 2, 5, 6, 7, 8, 9, 15, 16, 17, 24, 25, 31, 33, 48, 63, 65, 97, 129, 257};

    private static Gemm gemm(int threads, boolean vectors) {
        var workers = new Workers(threads);
        return new Gemm(Gemm.kernels(vectors), workers, new ArrayPool(workers));
    }

    /// Returns numbers of the normal distribution.
    public static float[] random(Random random, int size) {
        float[] array = new float[size];
        for (int i = 0; i < size; i++) {
            array[i] = (float) random.nextGaussian();
        }
        return array;
    }

    /// One product whose arrays have a margin in front and behind.
    private record Product(
            int m,
            int n,
            int k,
            boolean transposeA,
            boolean transposeB,
            boolean accumulate,
            float[] a,
            float[] b,
            float[] c) {
        static Product draw(Random random, int m, int n, int k, boolean ta, boolean tb, boolean accumulate) {
            float[] c = random(random, m * n + 5);
            if (!accumulate) {
                Arrays.fill(c, 2, m * n + 2, Float.NaN);
            }
            return new Product(m, n, k, ta, tb, accumulate, random(random, m * k + 3), random(random, k * n + 1), c);
        }

        float[] compute(Gemm gemm) {
            float[] result = c.clone();
            gemm.multiply(
                    m,
                    n,
                    k,
                    GemmOperand.of(a, 3, transposeA ? m : k, transposeA),
                    GemmOperand.of(b, 1, transposeB ? k : n, transposeB),
                    new GemmResult(result, 2, n, accumulate));
            return result;
        }

        void check(float[] result) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = accumulate ? c[2 + i * n + j] : 0;
                    double magnitude = Math.abs(sum);
                    for (int p = 0; p < k; p++) {
                        double x = a[3 + (transposeA ? p * m + i : i * k + p)];
                        double y = b[1 + (transposeB ? j * k + p : p * n + j)];
                        sum += x * y;
                        magnitude += Math.abs(x * y);
                    }
                    float actual = result[2 + i * n + j];
                    double tolerance = 1e-7 * Math.sqrt(k + 1.0) * magnitude + 1e-6;
                    assertEquals(sum, actual, tolerance, () -> "in " + this);
                }
            }
            for (int i : new int[] {0, 1, m * n + 2, m * n + 3, m * n + 4}) {
                assertEquals(c[i], result[i], "outside of " + this);
            }
        }

        @Override
        public String toString() {
            return m + " x " + n + " x " + k + " " + transposeA + " " + transposeB;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multipliesAllSizesAndTranspositions(boolean vectors) {
        var random = new Random(1);
        Gemm gemm = gemm(2, vectors);
        for (int i = 0; i < 400; i++) {
            int m = EXTENTS[random.nextInt(EXTENTS.length)];
            int n = EXTENTS[random.nextInt(EXTENTS.length)];
            int k = EXTENTS[random.nextInt(EXTENTS.length)];
            boolean ta = i % 2 == 0;
            boolean tb = i / 2 % 2 == 0;
            var product = Product.draw(random, m, n, k, ta, tb, i % 5 == 0);
            product.check(product.compute(gemm));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multipliesBeyondOneBlockInEveryDirection(boolean vectors) {
        var random = new Random(2);
        Gemm gemm = gemm(2, vectors);
        for (boolean transposed : new boolean[] {false, true}) {
            for (int[] size : new int[][] {{1543, 9, 7}, {5, 2057, 9}, {30, 30, 601}, {31, 50, 1100}}) {
                var product = Product.draw(random, size[0], size[1], size[2], transposed, !transposed, false);
                product.check(product.compute(gemm));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesTheSameBitsForAnyNumberOfThreads(boolean vectors) {
        var random = new Random(3);
        Gemm one = gemm(1, vectors);
        Gemm two = gemm(2, vectors);
        Gemm three = gemm(3, vectors);
        for (int[] size : new int[][] {{200, 130, 300}, {12, 900, 300}, {1, 1000, 400}}) {
            for (int i = 0; i < 4; i++) {
                var product = Product.draw(random, size[0], size[1], size[2], i % 2 == 0, i / 2 == 0, false);
                float[] expected = product.compute(one);
                assertArrayEquals(expected, product.compute(two), product.toString());
                assertArrayEquals(expected, product.compute(three), product.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void addsARowToEachRowOfTheProduct(boolean vectors) {
        var random = new Random(6);
        Gemm gemm = gemm(2, vectors);
        for (int[] size : new int[][] {{0, 5, 3}, {7, 9, 0}, {1, 40, 70}, {13, 35, 9}, {40, 70, 20}, {61, 37, 601}}) {
            for (boolean transposed : new boolean[] {false, true}) {
                var product = Product.draw(random, size[0], size[1], size[2], false, transposed, true);
                float[] row = random(random, product.n() + 2);
                float[] expected = product.c().clone();
                for (int i = 0; i < product.m(); i++) {
                    System.arraycopy(row, 2, product.c(), 2 + i * product.n(), product.n());
                    Arrays.fill(expected, 2 + i * product.n(), 2 + (i + 1) * product.n(), Float.NaN);
                }
                gemm.multiply(
                        product.m(),
                        product.n(),
                        product.k(),
                        GemmOperand.of(product.a(), 3, product.k(), false),
                        GemmOperand.of(product.b(), 1, transposed ? product.k() : product.n(), transposed),
                        row,
                        2,
                        new GemmResult(expected, 2, product.n(), false));
                product.check(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesZerosForAnEmptyReduction(boolean vectors) {
        var random = new Random(4);
        for (boolean accumulate : new boolean[] {false, true}) {
            var product = Product.draw(random, 7, 9, 0, false, false, accumulate);
            product.check(product.compute(gemm(1, vectors)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsNothingBehindTheFactors(boolean vectors) {
        float[] a = {1, 2, 3};
        float[] b = {4, 5, 6};
        float[] c = new float[9];
        var gemm = gemm(1, vectors);
        gemm.multiply(
                3,
                3,
                1,
                GemmOperand.of(a, 0, 1, false),
                GemmOperand.of(b, 0, 3, false),
                new GemmResult(c, 0, 3, false));
        assertArrayEquals(new float[] {4, 5, 6, 8, 10, 12, 12, 15, 18}, c);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allocatesNothingOnceItsWorkspacesExist(boolean vectors) {
        var random = new Random(5);
        var workers = new Workers(2);
        var pool = new ArrayPool(workers);
        var gemm = new Gemm(Gemm.kernels(vectors), workers, pool);
        var product = Product.draw(random, 150, 200, 300, true, false, false);
        var narrow = Product.draw(random, 20, 200, 300, false, true, false);
        product.compute(gemm);
        narrow.compute(gemm);
        long before = pool.counts().allocations();
        assertTrue(before > 0, "workspaces come from the pool");
        for (int i = 0; i < 20; i++) {
            product.compute(gemm);
            narrow.compute(gemm);
        }
        assertEquals(before, pool.counts().allocations());
    }
}
