package lamella.array;

import java.util.Arrays;

/// The extents of an array, outermost axis first; row-major order is understood everywhere.
///
/// An extent may be 0 (an empty batch). A shape of rank 0 has one element. The extents other than 0
/// multiply to at most 2³¹ − 1, so that the elements between any two axes can be counted too.
/// Axes are numbered from 0; a negative axis counts from the end, -1 being the last.
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        long product = 1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] < 0) {
                throw new IllegalArgumentException(
                        "shape: extent " + dims[i] + " at axis " + i + " of " + Arrays.toString(dims) + " is negative");
            }
            product *= Math.max(1, dims[i]);
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "shape: " + Arrays.toString(dims) + " has more than 2147483647 elements" + besideZeros(dims));
            }
        }
        this.dims = dims;
        this.size = sizeBetween(0, dims.length);
    }

    private static String besideZeros(int[] dims) {
        return Arrays.stream(dims).anyMatch(extent -> extent == 0) ? " beside its extents of 0" : "";
    }

    /// Returns the shape with these extents.
    ///
    /// @throws IllegalArgumentException if an extent is negative, or the others than 0 multiply to
    ///     more than 2³¹ − 1
    public static Shape of(int... dims) {
        return dims.length == 0 ? SCALAR : new Shape(dims.clone());
    }

    /// Returns the shape of a single number, `[]`.
    public static Shape scalar() {
        return SCALAR;
    }

    /// Returns the number of axes.
    public int rank() {
        return dims.length;
    }

    /// Returns the number of elements.
    public int size() {
        return size;
    }

    /// Returns the extent of one axis; a negative axis counts from the end.
    ///
    /// @throws IllegalArgumentException if there is no such axis
    public int dim(int axis) {
        return dims[axis(axis)];
    }

    /// Returns the extents, as a copy.
    public int[] dims() {
        return dims.clone();
    }

    /// Returns `axis` counted from the front: -1 becomes `rank() - 1`.
    ///
    /// @throws IllegalArgumentException if there is no such axis
    public int axis(int axis) {
        int fromFront = axis < 0 ? axis + dims.length : axis;
        if (fromFront < 0 || fromFront >= dims.length) {
            throw new IllegalArgumentException(
                    "shape: axis " + axis + " is outside " + this + ", which has rank " + rank());
        }
        return fromFront;
    }

    /// Returns this shape with another extent at one axis.
    public Shape with(int axis, int extent) {
        int[] changed = dims.clone();
        changed[axis(axis)] = extent;
        return new Shape(changed);
    }

    /// Returns this shape without one axis.
    public Shape without(int axis) {
        int removed = axis(axis);
        int[] rest = new int[dims.length - 1];
        System.arraycopy(dims, 0, rest, 0, removed);
        System.arraycopy(dims, removed + 1, rest, removed, rest.length - removed);
        return Shape.of(rest);
    }

    /// Returns this shape with a new outermost axis: `[C, H, W]` becomes `[N, C, H, W]`.
    public Shape prepend(int extent) {
        int[] longer = new int[dims.length + 1];
        longer[0] = extent;
        System.arraycopy(dims, 0, longer, 1, dims.length);
        return new Shape(longer);
    }

    /// Returns this shape with a new innermost axis.
    public Shape append(int extent) {
        int[] longer = Arrays.copyOf(dims, dims.length + 1);
        longer[dims.length] = extent;
        return new Shape(longer);
    }

    /// Returns the axes from `from` on, as a shape: `[N, C, H, W].from(1)` is `[C, H, W]`.
    public Shape from(int from) {
        return Shape.of(Arrays.copyOfRange(dims, from, dims.length));
    }

    /// Returns the number of elements between two axes: the product of the extents `from` to
    /// `to - 1`, 1 where there are none.
    public int sizeBetween(int from, int to) {
        int product = 1;
        for (int i = from; i < to; i++) {
            product *= dims[i];
        }
        return product;
    }

    /// Tells whether two shapes broadcast: aligned at the last axis, each pair of extents is equal
    /// or one of them is 1.
    public static boolean broadcasts(Shape a, Shape b) {
        for (int i = 1; i <= Math.min(a.rank(), b.rank()); i++) {
            int x = a.dims[a.rank() - i];
            int y = b.dims[b.rank() - i];
            if (x != y && x != 1 && y != 1) {
                return false;
            }
        }
        return true;
    }

    /// Returns the shape to which `a` and `b` broadcast.
    ///
    /// @throws IllegalArgumentException if they do not broadcast
    public static Shape broadcast(Shape a, Shape b) {
        if (!broadcasts(a, b)) {
            throw new IllegalArgumentException("shape: " + a + " and " + b + " do not broadcast");
        }
        int rank = Math.max(a.rank(), b.rank());
        int[] result = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
            int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
            result[rank - i] = x == 1 ? y : x;
        }
        return Shape.of(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /// Returns the extents in brackets: `[64, 1, 28, 28]`.
    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
