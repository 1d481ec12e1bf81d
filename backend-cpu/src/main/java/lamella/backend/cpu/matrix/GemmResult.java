package lamella.backend.cpu.matrix;

/// Where a matrix product goes: a row-major matrix, or a block of one.
///
/// @param array where the elements lie
/// @param offset the index of the first element
/// @param rowStride elements from one row to the next
/// @param accumulate whether the product is added to what is there
public record GemmResult(float[] array, int offset, int rowStride, boolean accumulate) {}
