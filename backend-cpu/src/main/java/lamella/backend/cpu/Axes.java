package lamella.backend.cpu;

import lamella.array.Shape;

import java.util.Arrays;

/// A nest of loops over one array or two, each with its own strides, with as few axes as possible:
/// extents of 1 are dropped, and neighbouring axes over which both arrays run on evenly are one.
final class Axes {
    private final int[] dims;
    private final int[] first;
    private final int[] second;
    private final int rank;

    /// Collapses a nest of loops.
    ///
    /// @param dims the extents, none of them 0
    /// @param first for each axis, the distance between neighbours in the first array
    /// @param second the same for the second array
    Axes(int[] dims, int[] first, int[] second) {
        int[] d = new int[Math.max(1, dims.length)];
        int[] a = new int[d.length];
        int[] b = new int[d.length];
        int last = -1;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 1) {
                continue;
            }
            if (last >= 0 && a[last] == first[i] * dims[i] && b[last] == second[i] * dims[i]) {
                d[last] *= dims[i];
            } else {
                last++;
                d[last] = dims[i];
            }
            a[last] = first[i];
            b[last] = second[i];
        }
        if (last < 0) {
            last = 0;
            d[0] = 1;
            a[0] = 1;
            b[0] = 1;
        }
        this.rank = last + 1;
        this.dims = Arrays.copyOf(d, rank);
        this.first = Arrays.copyOf(a, rank);
        this.second = Arrays.copyOf(b, rank);
    }

    /// Returns the distances between neighbours in a row-major array.
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.dim(i);
        }
        return strides;
    }

    /// Returns, for each axis of `out`, the distance between neighbours in an array that is
    /// broadcast to it: 0 where the array has extent 1 or lacks the axis.
    static int[] broadcastStrides(Shape shape, Shape out) {
        int[] own = strides(shape);
        int[] strides = new int[out.rank()];
        int lacking = out.rank() - shape.rank();
        for (int i = 0; i < own.length; i++) {
            strides[lacking + i] = shape.dim(i) == 1 ? 0 : own[i];
        }
        return strides;
    }

    int rank() {
        return rank;
    }

    int dim(int axis) {
        return dims[axis];
    }

    int first(int axis) {
        return first[axis];
    }

    int second(int axis) {
        return second[axis];
    }

    /// Returns this nest with one of its axes moved inwards to the place `to`.
    Axes move(int axis, int to) {
        return new Axes(moved(dims, axis, to), moved(first, axis, to), moved(second, axis, to));
    }

    private static int[] moved(int[] values, int from, int to) {
        int[] result = values.clone();
        System.arraycopy(values, from + 1, result, from, to - from);
        result[to] = values[from];
        return result;
    }

    /// Returns how often the loops over the axes before `end` run together.
    int count(int end) {
        int count = 1;
        for (int i = 0; i < end; i++) {
            count *= dims[i];
        }
        return count;
    }

    /// Returns a position in the loops over the axes before `end`, after `start` of their rounds.
    Odometer odometer(int end, int start) {
        return new Odometer(end, start);
    }

    /// A position in the outer loops.
    final class Odometer {
        private final int[] index;
        private int offset;
        private int offset2;

        private Odometer(int end, int start) {
            index = new int[end];
            int rest = start;
            for (int i = end - 1; i >= 0; i--) {
                index[i] = rest % dims[i];
                rest /= dims[i];
                offset += index[i] * first[i];
                offset2 += index[i] * second[i];
            }
        }

        /// Returns the distance from the beginning in the first array.
        int first() {
            return offset;
        }

        /// Returns the distance from the beginning in the second array.
        int second() {
            return offset2;
        }

        /// Goes to the next round; after the last comes the first.
        void next() {
            for (int i = index.length - 1; i >= 0; i--) {
                offset += first[i];
                offset2 += second[i];
                if (++index[i] < dims[i]) {
                    return;
                }
                offset -= first[i] * dims[i];
                offset2 -= second[i] * dims[i];
                index[i] = 0;
            }
        }
    }
}
