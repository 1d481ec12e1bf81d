package lamella.backend;

import lamella.array.DType;
import lamella.array.Shape;

/// A contiguous, row-major array inside a [Storage]: what kernels work on.
///
/// @param storage where the elements lie
/// @param offset the index of the first element in the storage
/// @param shape the extents
public record View(Storage storage, int offset, Shape shape) {
    /// Rejects a range outside the storage.
    public View {
        if (offset < 0 || offset > storage.size() - shape.size()) {
            throw new IllegalArgumentException(
                    "view: "
                            + shape
                            + " at offset "
                            + offset
                            + " is outside a storage of "
                            + storage.size()
                            + " elements");
        }
    }

    /// Returns a view of all of a storage.
    public static View of(Storage storage, Shape shape) {
        return new View(storage, 0, shape);
    }

    /// Returns the type of the elements.
    public DType type() {
        return storage.type();
    }

    /// Returns the number of elements.
    public int size() {
        return shape.size();
    }

    /// Returns the extent of one axis; a negative axis counts from the end.
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /// Returns the same elements with another shape of the same size.
    public View reshape(Shape other) {
        if (other.size() != shape.size()) {
            throw new IllegalArgumentException("view: " + shape + " does not have the size of " + other);
        }
        return new View(storage, offset, other);
    }

    /// Returns the entries `start` to `start + count - 1` of the outermost axis, without copying.
    public View rows(int start, int count) {
        int row = shape.sizeBetween(1, shape.rank());
        return new View(storage, offset + start * row, shape.with(0, count));
    }
}
