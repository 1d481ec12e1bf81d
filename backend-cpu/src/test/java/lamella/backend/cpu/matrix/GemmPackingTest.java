package lamella.backend.cpu.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;

/// Where the elements of packed factors lie, for every count that takes another way of copying.
class GemmPackingTest {
    private static final int MARGIN = 5;
    private static final int[] DEPTHS = {1, 7, 8, 9, 16, 33};

    /// Element (row, step) of the factor that is packed, wherever it lies.
    private static float element(int row, int step) {
        return 100 * row + step + 1;
    }

    /// Returns a factor of exactly `count` rows, contiguous along the reduction or across it.
    private static float[] factor(int count, int depth, boolean across) {
        float[] from = new float[count * depth];
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < depth; p++) {
                from[across ? p * count + i : i * depth + p] = element(i, p);
            }
        }
        return from;
    }

    /// Returns the panels as they should be, with a margin of NaN in front and behind.
    private static float[] panels(int count, int depth, int width) {
        int panels = Math.ceilDiv(count, width);
        float[] expected = margins(panels * width * depth);
        for (int i = 0; i < panels * width; i++) {
            for (int p = 0; p < depth; p++) {
                int at = MARGIN + (i / width * depth + p) * width + i % width;
                expected[at] = i < count ? element(i, p) : 0;
            }
        }
        return expected;
    }

    private static float[] margins(int size) {
        float[] array = new float[size + 2 * MARGIN];
        Arrays.fill(array, Float.NaN);
        return array;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packsAnyNumberOfRows(boolean vectors) {
        GemmKernels kernels = Gemm.kernels(vectors);
        int rows = kernels.rows();
        for (int depth : DEPTHS) {
            for (int count = 1; count <= 9 * rows + 1; count++) {
                for (boolean across : new boolean[] {false, true}) {
                    float[] from = factor(count, depth, across);
                    float[] packed = margins(Math.ceilDiv(count, rows) * rows * depth);
                    int apart = across ? 1 : depth;
                    int along = across ? count : 1;
                    GemmPacking.packRows(kernels, from, 0, apart, along, count, depth, packed, MARGIN);
                    assertArrayEquals(panels(count, depth, rows), packed, count + " x " + depth + " " + across);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packsAPanelOfAnyWidth(boolean vectors) {
        GemmKernels kernels = Gemm.kernels(vectors);
        for (int width : new int[] {kernels.rows(), kernels.columns(), 24}) {
            for (int depth : DEPTHS) {
                for (int count = 1; count <= width; count++) {
                    for (boolean across : new boolean[] {false, true}) {
                        float[] from = factor(count, depth, across);
                        float[] packed = margins(width * depth);
                        int apart = across ? 1 : depth;
                        int along = across ? count : 1;
                        GemmPacking.pack(kernels, from, 0, apart, along, count, depth, width, packed, MARGIN);
                        assertArrayEquals(panels(count, depth, width), packed, count + " x " + depth + " " + across);
                    }
                }
            }
        }
    }
}
