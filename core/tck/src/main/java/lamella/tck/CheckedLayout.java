package lamella.tck;

import lamella.array.Shape;
import lamella.backend.LayoutKernels;
import lamella.backend.View;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Asserts the contract of rearrangements.
record CheckedLayout(LayoutKernels kernels, CheckedBackend.Calls calls) implements LayoutKernels {
    private CheckedCall moves(String op, View x, View out) {
        return calls.of(op).reads("x", x, x.type()).writes("out", out, x.type());
    }

    @Override
    public void permute(View x, int[] order, View out) {
        int rank = x.shape().rank();
        int[] sorted = Arrays.stream(order).sorted().toArray();
        CheckedCall call =
                moves("layout.permute", x, out)
                        .require(
                                Arrays.equals(sorted, IntStream.range(0, rank).toArray()),
                                "order must name each axis of " + x.shape() + " once, got " + Arrays.toString(order));
        call.shape("out", out, Shape.of(Arrays.stream(order).map(x::dim).toArray()))
                .run(() -> kernels.permute(x, order, out));
    }

    @Override
    public void broadcast(View x, View out) {
        boolean fits =
                Shape.broadcasts(x.shape(), out.shape()) && Shape.broadcast(x.shape(), out.shape()).equals(out.shape());
        moves("layout.broadcast", x, out)
                .require(fits, "x is " + x.shape() + ", which does not broadcast to " + out.shape())
                .run(() -> kernels.broadcast(x, out));
    }

    @Override
    public void slice(View x, int[] start, View out) {
        requireBox(moves("layout.slice", x, out), "out", out, start, "x", x).run(() -> kernels.slice(x, start, out));
    }

    @Override
    public void pad(View x, int[] start, float value, View out) {
        requireBox(moves("layout.pad", x, out), "x", x, start, "out", out).run(() -> kernels.pad(x, start, value, out));
    }

    private static CheckedCall requireBox(
            CheckedCall call, String boxRole, View box, int[] start, String role, View whole) {
        int rank = whole.shape().rank();
        call.rank(boxRole, box, rank)
                .require(start.length == rank, "start has " + start.length + " indices, expected " + rank);
        for (int axis = 0; axis < rank; axis++) {
            call.require(
                    start[axis] >= 0 && start[axis] + box.dim(axis) <= whole.dim(axis),
                    "%s %s at %s is outside %s %s"
                            .formatted(boxRole, box.shape(), Arrays.toString(start), role, whole.shape()));
        }
        return call;
    }

    @Override
    public void concatenate(List<View> parts, int axis, View out) {
        CheckedCall call = calls.of("layout.concatenate").writes("out", out, out.type());
        int extent = 0;
        for (int i = 0; i < parts.size(); i++) {
            View part = parts.get(i);
            String role = "part " + i;
            call.reads(role, part, out.type())
                    .rank(role, part, out.shape().rank())
                    .shape(role, part, out.shape().with(axis, part.dim(axis)));
            extent += part.dim(axis);
        }
        call.shape("out", out, out.shape().with(axis, extent)).run(() -> kernels.concatenate(parts, axis, out));
    }

    @Override
    public void reverse(View x, int axis, View out) {
        moves("layout.reverse", x, out)
                .require(axis >= 0 && axis < x.shape().rank(), "axis must lie inside " + x.shape() + ", got " + axis)
                .shape("out", out, x.shape())
                .run(() -> kernels.reverse(x, axis, out));
    }
}
