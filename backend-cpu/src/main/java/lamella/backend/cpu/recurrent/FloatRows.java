package lamella.backend.cpu.recurrent;

import lamella.backend.View;
import lamella.backend.cpu.runtime.CpuStorage;

/// Rows of equal width in an array.
///
/// @param array where they lie
/// @param offset the index of the first element of row 0
/// @param stride elements from one row to the next
record FloatRows(float[] array, int offset, int stride) {
    /// Returns the rows of an array whose last axis is a row.
    static FloatRows of(View view) {
        return new FloatRows(CpuStorage.floats(view), view.offset(), view.dim(-1));
    }

    /// Returns rows of `stride` elements from the start of an array on.
    static FloatRows of(float[] array, int stride) {
        return new FloatRows(array, 0, stride);
    }

    /// Returns the index of the first element of a row.
    int at(int row) {
        return offset + row * stride;
    }

    /// Copies a row of `other` to a row of these, as many elements as a row of `other` has.
    void set(int row, FloatRows other, int from) {
        System.arraycopy(other.array, other.at(from), array, at(row), other.stride);
    }
}
