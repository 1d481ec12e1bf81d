package lamella.tck;

import lamella.array.DType;
import lamella.backend.LayoutKernels;
import lamella.backend.View;

import java.util.List;
import java.util.function.IntUnaryOperator;

/// Rearrangements: each says from which place of its operand an element of the result comes.
final class ReferenceLayout implements LayoutKernels {
    /// out`[i]` = x`[source(i)]`; a negative source leaves the element as it is.
    private static void move(View x, View out, IntUnaryOperator source) {
        for (int i = 0; i < out.size(); i++) {
            int from = source.applyAsInt(i);
            if (from < 0) {
                continue;
            }
            if (out.type() == DType.INT32) {
                ReferenceStorage.ints(out)[out.offset() + i] = ReferenceStorage.ints(x)[x.offset() + from];
            } else {
                ReferenceStorage.doubles(out)[out.offset() + i] = ReferenceStorage.doubles(x)[x.offset() + from];
            }
        }
    }

    @Override
    public void permute(View x, int[] order, View out) {
        move(
                x,
                out,
                i -> {
                    int[] coordinates = Indices.coordinates(i, out.shape());
                    int[] source = new int[order.length];
                    for (int axis = 0; axis < order.length; axis++) {
                        source[order[axis]] = coordinates[axis];
                    }
                    return Indices.flat(source, x.shape());
                });
    }

    @Override
    public void broadcast(View x, View out) {
        move(x, out, i -> Indices.broadcast(i, out.shape(), x.shape()));
    }

    @Override
    public void slice(View x, int[] start, View out) {
        move(
                x,
                out,
                i -> {
                    int[] coordinates = Indices.coordinates(i, out.shape());
                    for (int axis = 0; axis < start.length; axis++) {
                        coordinates[axis] += start[axis];
                    }
                    return Indices.flat(coordinates, x.shape());
                });
    }

    @Override
    public void pad(View x, int[] start, float value, View out) {
        for (int i = 0; i < out.size(); i++) {
            if (out.type() == DType.INT32) {
                ReferenceStorage.ints(out)[out.offset() + i] = Math.round(value);
            } else {
                ReferenceStorage.doubles(out)[out.offset() + i] = value;
            }
        }
        move(
                x,
                out,
                i -> {
                    int[] coordinates = Indices.coordinates(i, out.shape());
                    for (int axis = 0; axis < start.length; axis++) {
                        coordinates[axis] -= start[axis];
                        if (coordinates[axis] < 0 || coordinates[axis] >= x.dim(axis)) {
                            return -1;
                        }
                    }
                    return Indices.flat(coordinates, x.shape());
                });
    }

    @Override
    public void concatenate(List<View> parts, int axis, View out) {
        int begin = 0;
        for (View part : parts) {
            int first = begin;
            move(
                    part,
                    out,
                    i -> {
                        int[] coordinates = Indices.coordinates(i, out.shape());
                        coordinates[axis] -= first;
                        boolean inside = coordinates[axis] >= 0 && coordinates[axis] < part.dim(axis);
                        return inside ? Indices.flat(coordinates, part.shape()) : -1;
                    });
            begin += part.dim(axis);
        }
    }

    @Override
    public void reverse(View x, int axis, View out) {
        move(
                x,
                out,
                i -> {
                    int[] coordinates = Indices.coordinates(i, out.shape());
                    coordinates[axis] = x.dim(axis) - 1 - coordinates[axis];
                    return Indices.flat(coordinates, x.shape());
                });
    }
}
