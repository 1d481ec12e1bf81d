package lamella.backend.cpu.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.backend.cpu.matrix.Gemm;
import lamella.backend.cpu.matrix.GemmTest;
import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;
import lamella.backend.cpu.vector.Primitives;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

/// Products over so many steps that they are cut into parts, and over so many that parts have several
/// blocks.
class StepProductsTest {
    private final Random random = new Random(3);

    private float[] compute(int threads, boolean vectors, int steps, FloatRows a, FloatRows b, int columns) {
        float[] out = new float[a.stride() * columns + 5];
        try (var workers = new Workers(threads)) {
            var pool = new ArrayPool(workers);
            var products = new StepProducts(Gemm.kernels(vectors), workers, pool, Primitives.of(vectors));
            products.compute(steps, a, b, columns, out, 3);
        }
        return out;
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 4, 5", "1, 1, 1, 1", "256, 6, 16, 16", "257, 7, 17, 20", "700, 150, 70, 80", "5000, 9, 33, 33"})
    void sumsOverAllSteps(int steps, int width, int columns, int stride) {
        var a = new FloatRows(GemmTest.random(random, 2 + steps * width), 2, width);
        var b = new FloatRows(GemmTest.random(random, 1 + steps * stride), 1, stride);
        for (boolean vectors : new boolean[] {true, false}) {
            float[] out = compute(1, vectors, steps, a, b, columns);
            for (int j = 0; j < columns; j++) {
                for (int i = 0; i < width; i++) {
                    double sum = 0;
                    for (int row = 0; row < steps; row++) {
                        sum += (double) b.array()[b.at(row) + j] * a.array()[a.at(row) + i];
                    }
                    assertEquals(sum, out[3 + j * width + i], 2e-6 * (10 + steps), "element " + j + ", " + i);
                }
            }
            assertEquals(0, out[2] + out[3 + width * columns], "outside");
            assertArrayEquals(out, compute(3, vectors, steps, a, b, columns));
        }
    }
}
