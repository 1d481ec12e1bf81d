package lamella.backend.cpu.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lamella.backend.cpu.runtime.ArrayPool;
import lamella.backend.cpu.runtime.Workers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

/// Products with a factor that was packed once, around the sizes of tiles.
class GemmPanelsTest {
    private static final int[] EXTENTS = {1, 5, 6, 7, 8, 9, 16, 17, 33, 64, 65};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void multipliesRowsThatLieApart(boolean vectors) {
        var random = new Random(1);
        var kernels = Gemm.kernels(vectors);
        try (var workers = new Workers(2)) {
            var pool = new ArrayPool(workers);
            for (int i = 0; i < 100; i++) {
                int rows = EXTENTS[random.nextInt(EXTENTS.length)];
                int columns = EXTENTS[random.nextInt(EXTENTS.length)];
                int depth = EXTENTS[random.nextInt(EXTENTS.length)];
                boolean transposed = i % 2 == 0;
                float[] b = GemmTest.random(random, depth * columns + 3);
                var operand = GemmOperand.of(b, 3, transposed ? depth : columns, transposed);
                var panels = GemmPanels.pack(kernels, workers, pool, depth, columns, operand);
                float[] a = GemmTest.random(random, 2 * rows * depth);
                int[] offsets = new int[rows];
                for (int row = 0; row < rows; row++) {
                    // Every other row, in falling order.
                    offsets[row] = 2 * (rows - 1 - row) * depth;
                }
                float[] c = new float[panels.height(rows) * panels.stride()];
                panels.multiply(rows, a, offsets, c);
                for (int row = 0; row < rows; row++) {
                    for (int column = 0; column < columns; column++) {
                        double sum = 0;
                        for (int p = 0; p < depth; p++) {
                            sum += (double) a[offsets[row] + p] * b[operand.at(p, column)];
                        }
                        assertEquals(sum, c[row * panels.stride() + column], 1e-4, rows + " x " + columns);
                    }
                }
                pool.give(panels.packed());
            }
        }
    }
}
