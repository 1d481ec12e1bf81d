package lamella.backend.cpu.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Copies of the rows of an image with zeros around them.
///
/// The rows of small images are a few vectors long. `System.arraycopy` and `Arrays.fill`, a call for
/// each row, would take twice as long; so rows are copied in whole vectors, which overlap the vector
/// before or reach into what is written next.
final class PaddedRows {
    /// Elements behind the end of a copy that are overwritten.
    static final int SLACK = 8;

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
    private static final int LANES = 8;

    private PaddedRows() {}

    /// Copies `rows` rows of `columns` elements: row r begins with zeros at `toAt + r · step`, then
    /// come the elements at `left`, then zeros up to the next row.
    ///
    /// @param to of which up to [#SLACK] elements behind the last row become 0
    static void copy(float[] from, int at, int rows, int columns, float[] to, int toAt, int left, int step) {
        int end = left + columns;
        for (int r = 0; r < rows; r++) {
            int row = toAt + r * step;
            zero(to, row, left);
            copyRow(from, at + r * columns, columns, to, row + left);
            zero(to, row + end, step - end);
        }
    }

    private static void copyRow(float[] from, int at, int columns, float[] to, int toAt) {
        if (columns < LANES) {
            for (int j = 0; j < columns; j++) {
                to[toAt + j] = from[at + j];
            }
            return;
        }
        for (int j = 0; j < columns; j += LANES) {
            int k = Math.min(j, columns - LANES);
            FloatVector.fromArray(S, from, at + k).intoArray(to, toAt + k);
        }
    }

    /// Clears `count` elements, rounded up to whole vectors.
    private static void zero(float[] to, int at, int count) {
        for (int j = 0; j < count; j += LANES) {
            FloatVector.zero(S).intoArray(to, at + j);
        }
    }
}
