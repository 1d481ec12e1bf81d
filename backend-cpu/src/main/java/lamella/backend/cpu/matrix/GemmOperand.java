package lamella.backend.cpu.matrix;

/// A factor of a matrix product: element (i, j) is `array[offset + i · rowStride + j ·
/// columnStride]`. One of the strides is 1.
///
/// @param array where the elements lie
/// @param offset the index of the first element
/// @param rowStride elements from one row to the next
/// @param columnStride elements from one column to the next
public record GemmOperand(float[] array, int offset, int rowStride, int columnStride) {
    /// Returns a row-major matrix of `columns` columns, or its transpose.
    public static GemmOperand of(float[] array, int offset, int columns, boolean transposed) {
        return transposed ? new GemmOperand(array, offset, 1, columns) : new GemmOperand(array, offset, columns, 1);
    }

    /// Returns the index of an element.
    int at(int row, int column) {
        return offset + row * rowStride + column * columnStride;
    }
}
