package lamella.tck;

import lamella.array.Shape;

/// Places in row-major arrays.
final class Indices {
    private Indices() {}

    /// Returns the coordinates of the element at place `flat`.
    static int[] coordinates(int flat, Shape shape) {
        int[] coordinates = new int[shape.rank()];
        int rest = flat;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            coordinates[axis] = rest % shape.dim(axis);
            rest /= shape.dim(axis);
        }
        return coordinates;
    }

    /// Returns the place of the element with these coordinates.
    static int flat(int[] coordinates, Shape shape) {
        int flat = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            flat = flat * shape.dim(axis) + coordinates[axis];
        }
        return flat;
    }

    /// Returns the place in an operand of shape `in` that belongs to place `flat` of the shape
    /// `out` to which it is broadcast.
    static int broadcast(int flat, Shape out, Shape in) {
        int[] coordinates = coordinates(flat, out);
        int place = 0;
        for (int axis = 0; axis < in.rank(); axis++) {
            int coordinate = coordinates[axis + out.rank() - in.rank()];
            place = place * in.dim(axis) + (in.dim(axis) == 1 ? 0 : coordinate);
        }
        return place;
    }
}
