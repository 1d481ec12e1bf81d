package lamella.tensor;

import static lamella.backend.ElementwiseKernels.Binary.EQUAL;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.ReductionKernels;
import lamella.backend.View;

import java.util.Arrays;
import java.util.List;

/// Operations that combine many elements into one.
final class ReduceOps {
    private ReduceOps() {}

    /// Returns the axes counted from the front, ascending; all of them where none is named.
    static int[] axes(String op, Tensor x, int... named) {
        if (named.length == 0) {
            int[] all = new int[x.shape().rank()];
            Arrays.setAll(all, i -> i);
            return all;
        }
        int[] axes = new int[named.length];
        for (int i = 0; i < named.length; i++) {
            axes[i] = LayoutOps.axis(op, x, named[i]);
        }
        Arrays.sort(axes);
        for (int i = 1; i < axes.length; i++) {
            if (axes[i] == axes[i - 1]) {
                throw ShapeException.of(op, "axis " + axes[i] + " is named twice")
                        .operand("input", x.shape(), "", x.label());
            }
        }
        return axes;
    }

    /// Reduces over axes that are ascending and counted from the front.
    record Reduce(ReductionKernels.Reduction reduction, List<Integer> axes) implements Op {
        static Tensor apply(ReductionKernels.Reduction reduction, Tensor x, int... named) {
            int[] axes = ReduceOps.axes(OpNames.of(reduction), x, named);
            return Op.apply(new Reduce(reduction, Arrays.stream(axes).boxed().toList()), x);
        }

        @Override
        public String name() {
            return OpNames.of(reduction);
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape shape = in.getFirst().shape();
            for (int i = axes.size() - 1; i >= 0; i--) {
                shape = shape.without(axes.get(i));
            }
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            int[] array = axes.stream().mapToInt(Integer::intValue).toArray();
            backend.reduction().reduce(reduction, in.getFirst(), array, out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return readsResult();
        }

        @Override
        public boolean readsResult() {
            return reduction == ReductionKernels.Reduction.MAXIMUM || reduction == ReductionKernels.Reduction.MINIMUM;
        }

        @Override
        public void gradient(Backward at) {
            Tensor x = at.in(0);
            switch (reduction) {
                case SUM -> at.send(0, () -> spread(at.outputGradient(), x.shape()));
                case MEAN ->
                        at.send(
                                0,
                                () -> {
                                    float count = (float) x.shape().size() / at.out().shape().size();
                                    return spread(at.outputGradient().multiply(1 / count), x.shape());
                                });
                case MAXIMUM, MINIMUM -> at.send(0, () -> toExtremes(at, x));
            }
        }

        /// Shares the gradient equally among the elements that equal the extreme.
        private Tensor toExtremes(Backward at, Tensor x) {
            Tensor isExtreme = ElementwiseOps.binary(EQUAL, x, at.out().reshape(withOnes(x.shape())));
            int[] array = axes.stream().mapToInt(Integer::intValue).toArray();
            Tensor share = at.outputGradient().divide(isExtreme.sum(array));
            return spread(share, x.shape()).multiply(isExtreme);
        }

        private Tensor spread(Tensor reduced, Shape shape) {
            return reduced.reshape(withOnes(shape)).broadcastTo(shape);
        }

        private Shape withOnes(Shape shape) {
            Shape ones = shape;
            for (int axis : axes) {
                ones = ones.with(axis, 1);
            }
            return ones;
        }
    }

    /// The index of the largest element along an axis; no gradient.
    record ArgMaximum(int axis) implements Op {
        @Override
        public String name() {
            return "argMax";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return in.getFirst().shape().without(axis);
        }

        @Override
        public DType type(List<Tensor> in) {
            return DType.INT32;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.reduction().argMaximum(in.getFirst(), axis, out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return false;
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {}
    }
}
