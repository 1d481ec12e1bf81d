package lamella.tensor;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Operations that move elements without changing them; float32 or int32.
final class LayoutOps {
    private LayoutOps() {}

    /// An operation whose result has the type of its operands, whatever that is.
    sealed interface Move extends Op permits Reshape, Part, Permute, Broadcast, Slice, Pad, Concatenate, Reverse {
        @Override
        default DType type(List<Tensor> in) {
            return in.getFirst().type();
        }

        @Override
        default boolean accepts(int operand, DType type) {
            return true;
        }

        @Override
        default boolean readsOperand(int operand) {
            return false;
        }

        @Override
        default boolean readsResult() {
            return false;
        }
    }

    /// Returns an axis of `x` counted from the front.
    static int axis(String op, Tensor x, int axis) {
        int rank = x.shape().rank();
        if (axis < -rank || axis >= rank) {
            throw ShapeException.of(op, "axis " + axis + " is outside an input of rank " + rank)
                    .operand("input", x.shape(), "", x.label());
        }
        return x.shape().axis(axis);
    }

    private static int extent(String op, int axis, long extent, Tensor x) {
        if (extent > Integer.MAX_VALUE) {
            throw mismatch(op, "axis " + axis + " would have extent " + extent + ", above " + Integer.MAX_VALUE, x);
        }
        return (int) extent;
    }

    private static ShapeException mismatch(String op, String relation, Tensor x) {
        return ShapeException.of(op, relation).operand("input", x.shape(), "", x.label());
    }

    /// The same elements in the same order; shares the operand's storage.
    record Reshape(Shape shape) implements Move {
        @Override
        public String name() {
            return "reshape";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            if (x.shape().size() != shape.size()) {
                throw mismatch(
                        name(),
                        "%s elements do not fill %s, which has %s".formatted(x.shape().size(), shape, shape.size()),
                        x);
            }
            return shape;
        }

        @Override
        public Tensor output(Backend backend, List<Tensor> in, DType type, Shape shape) {
            Tensor x = in.getFirst();
            return x.look(x.view().reshape(shape));
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {}

        @Override
        public void gradient(Backward at) {
            at.send(0, () -> at.outputGradient().reshape(at.in(0).shape()));
        }
    }

    /// The elements from `start` on, of all in row-major order, as an array of another shape; shares
    /// the operand's storage. How an op with several results hands them out.
    record Part(int start, Shape shape) implements Move {
        @Override
        public String name() {
            return "part";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            if (start < 0 || start > x.shape().size() - shape.size()) {
                throw mismatch(name(), "%s from element %d on is outside the input".formatted(shape, start), x);
            }
            return shape;
        }

        @Override
        public Tensor output(Backend backend, List<Tensor> in, DType type, Shape shape) {
            Tensor x = in.getFirst();
            return x.look(new View(x.view().storage(), x.view().offset() + start, shape));
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {}

        @Override
        public void gradient(Backward at) {
            Shape whole = at.in(0).shape();
            Tensor part = at.outputGradient().reshape(Shape.of(shape.size()));
            at.send(0, () -> part.pad(0, start, whole.size() - start - shape.size(), 0).reshape(whole));
        }
    }

    /// Axis i of the result is axis `order[i]` of the operand.
    record Permute(List<Integer> order) implements Move {
        static Tensor apply(Tensor x, int... named) {
            int rank = x.shape().rank();
            int[] order = Arrays.stream(named).map(axis -> axis < 0 ? axis + rank : axis).toArray();
            int[] sorted = order.clone();
            Arrays.sort(sorted);
            int[] expected = new int[rank];
            Arrays.setAll(expected, i -> i);
            if (!Arrays.equals(sorted, expected)) {
                String relation = "order " + Arrays.toString(named) + " does not name each of the " + rank + " axes";
                throw mismatch("permute", relation, x);
            }
            return Op.apply(new Permute(Arrays.stream(order).boxed().toList()), x);
        }

        @Override
        public String name() {
            return "permute";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape shape = in.getFirst().shape();
            return Shape.of(order.stream().mapToInt(shape::dim).toArray());
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.layout().permute(in.getFirst(), array(), out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(
                    0,
                    () -> {
                        int[] inverse = new int[order.size()];
                        for (int i = 0; i < inverse.length; i++) {
                            inverse[order.get(i)] = i;
                        }
                        return at.outputGradient().permute(inverse);
                    });
        }

        private int[] array() {
            return order.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    record Broadcast(Shape shape) implements Move {
        @Override
        public String name() {
            return "broadcastTo";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            if (!Shape.broadcasts(x.shape(), shape) || !Shape.broadcast(x.shape(), shape).equals(shape)) {
                throw mismatch(name(), x.shape() + " does not broadcast to " + shape, x);
            }
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.layout().broadcast(in.getFirst(), out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(0, at::outputGradient);
        }
    }

    /// The box of `shape` that begins at `start`.
    record Slice(List<Integer> start, Shape shape) implements Move {
        static Tensor alongAxis(Tensor x, int named, int from, int to) {
            int axis = axis("slice", x, named);
            int extent = x.shape().dim(axis);
            if (from < 0 || to < from || to > extent) {
                throw mismatch(
                        "slice",
                        "range %s to %s is outside axis %s, which has extent %s".formatted(from, to, axis, extent),
                        x);
            }
            Integer[] start = new Integer[x.shape().rank()];
            Arrays.fill(start, 0);
            start[axis] = from;
            return Op.apply(new Slice(List.of(start), x.shape().with(axis, to - from)), x);
        }

        @Override
        public String name() {
            return "slice";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.layout().slice(in.getFirst(), start.stream().mapToInt(Integer::intValue).toArray(), out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(0, () -> Op.apply(new Pad(start, at.in(0).shape(), 0), at.outputGradient()));
        }
    }

    /// The operand at `start` in an array of `shape`, with `value` around it.
    record Pad(List<Integer> start, Shape shape, float value) implements Move {
        static Tensor alongAxis(Tensor x, int named, int before, int after, float value) {
            int axis = axis("pad", x, named);
            if (before < 0 || after < 0) {
                throw new IllegalArgumentException("pad: padding must be at least 0, got " + Math.min(before, after));
            }
            int extent = extent("pad", axis, (long) before + x.shape().dim(axis) + after, x);
            Integer[] start = new Integer[x.shape().rank()];
            Arrays.fill(start, 0);
            start[axis] = before;
            return Op.apply(new Pad(List.of(start), x.shape().with(axis, extent), value), x);
        }

        @Override
        public String name() {
            return "pad";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            int[] array = start.stream().mapToInt(Integer::intValue).toArray();
            backend.layout().pad(in.getFirst(), array, value, out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(0, () -> Op.apply(new Slice(start, at.in(0).shape()), at.outputGradient()));
        }
    }

    record Concatenate(int axis) implements Move {
        static Tensor apply(int named, Tensor... parts) {
            if (parts.length == 0) {
                throw new IllegalArgumentException("concatenate: there must be at least 1 part");
            }
            Tensor[] own = parts.clone(); // the tape keeps it, and the caller may write to its array
            return Op.apply(new Concatenate(LayoutOps.axis("concatenate", own[0], named)), own);
        }

        @Override
        public String name() {
            return "concatenate";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape first = in.getFirst().shape();
            long extent = 0;
            for (int i = 0; i < in.size(); i++) {
                Tensor part = in.get(i);
                requireType(i, part.type(), in.getFirst().type());
                if (part.shape().rank() != first.rank() || !part.shape().with(axis, 0).equals(first.with(axis, 0))) {
                    throw ShapeException.of(name(), "part %s does not fit part 0 along axis %s".formatted(i, axis))
                            .operand("part 0", first, "", in.getFirst().label())
                            .operand("part " + i, part.shape(), "", part.label());
                }
                extent += part.shape().dim(axis);
            }
            return first.with(axis, extent(name(), axis, extent, in.getFirst()));
        }

        private static void requireType(int part, DType type, DType first) {
            if (type != first) {
                throw new IllegalArgumentException(
                        "concatenate: part %s is %s but part 0 is %s".formatted(part, spelled(type), spelled(first)));
            }
        }

        private static String spelled(DType type) {
            return type.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.layout().concatenate(in, axis, out);
        }

        @Override
        public void gradient(Backward at) {
            int from = 0;
            for (int i = 0; i < at.operands(); i++) {
                int start = from;
                int end = from + at.in(i).shape().dim(axis);
                at.send(i, () -> at.outputGradient().slice(axis, start, end));
                from = end;
            }
        }
    }

    record Reverse(int axis) implements Move {
        @Override
        public String name() {
            return "reverse";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return in.getFirst().shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.layout().reverse(in.getFirst(), axis, out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(0, () -> at.outputGradient().reverse(axis));
        }
    }
}
