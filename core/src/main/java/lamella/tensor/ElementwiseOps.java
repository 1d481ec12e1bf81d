package lamella.tensor;

import static lamella.backend.ElementwiseKernels.Binary.EQUAL;
import static lamella.backend.ElementwiseKernels.Binary.GREATER;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.ElementwiseKernels;
import lamella.backend.ElementwiseKernels.Slope;
import lamella.backend.View;

import java.util.List;

/// Operations on single elements.
final class ElementwiseOps {
    private ElementwiseOps() {}

    record Unary(ElementwiseKernels.Unary function, float alpha) implements Op {
        @Override
        public String name() {
            return OpNames.of(function);
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return in.getFirst().shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.elementwise().unary(function, alpha, in.getFirst(), out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return function.slopeFrom() == Slope.ARGUMENT;
        }

        @Override
        public boolean readsResult() {
            return function.slopeFrom() == Slope.VALUE;
        }

        @Override
        public void gradient(Backward at) {
            View g = at.outputGradient().view();
            // what the function's slope does not depend on may be gone, and any other array stands for it
            View x = readsOperand(0) ? at.in(0).view() : readsResult() ? at.out().view() : g;
            View y = readsResult() ? at.out().view() : x;
            at.send(
                    0,
                    () ->
                            at.computeInPlace(
                                    out -> at.backend().elementwise().unaryGradient(function, alpha, x, y, g, out)));
        }
    }

    record Binary(ElementwiseKernels.Binary function) implements Op {
        @Override
        public String name() {
            return OpNames.of(function);
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor a = in.get(0);
            Tensor b = in.get(1);
            if (!Shape.broadcasts(a.shape(), b.shape())) {
                throw ShapeException.of(name(), a.shape() + " and " + b.shape() + " do not broadcast")
                        .operand("left", a.shape(), "", a.label())
                        .operand("right", b.shape(), "", b.label());
            }
            return Shape.broadcast(a.shape(), b.shape());
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.elementwise().binary(function, in.get(0), in.get(1), out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return switch (function) {
                case MULTIPLY, MAXIMUM, MINIMUM -> true;
                case DIVIDE -> operand == 1;
                case ADD, SUBTRACT, EQUAL, GREATER -> false;
            };
        }

        @Override
        public boolean readsResult() {
            return function == ElementwiseKernels.Binary.DIVIDE;
        }

        @Override
        public void gradient(Backward at) {
            Tensor g = at.outputGradient();
            Tensor a = at.in(0);
            Tensor b = at.in(1);
            switch (function) {
                case ADD -> {
                    at.send(0, () -> g);
                    at.send(1, () -> g);
                }
                case SUBTRACT -> {
                    at.send(0, () -> g);
                    at.send(1, g::negate);
                }
                case MULTIPLY -> {
                    at.send(0, () -> g.multiply(b));
                    at.send(1, () -> g.multiply(a));
                }
                case DIVIDE -> {
                    at.send(0, () -> g.divide(b));
                    at.send(1, () -> g.multiply(at.out()).divide(b).negate());
                }
                case MAXIMUM -> sendToWinner(at, a, b);
                case MINIMUM -> sendToWinner(at, b, a);
                case EQUAL, GREATER -> {}
            }
        }

        /// Gives the gradient to operand 0 where `larger` > `smaller`, to operand 1 where it is the
        /// other way round, half to each where they are equal.
        private static void sendToWinner(Backward at, Tensor larger, Tensor smaller) {
            Tensor tie = Op.apply(new Binary(EQUAL), larger, smaller).multiply(0.5f);
            Tensor first = Op.apply(new Binary(GREATER), larger, smaller).add(tie);
            at.send(0, () -> at.outputGradient().multiply(first));
            at.send(1, () -> at.outputGradient().multiply(first.negate().add(1)));
        }
    }

    /// Chooses from operand 1 where operand 0 is not 0, else from operand 2.
    record Select() implements Op {
        @Override
        public String name() {
            return "select";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Shape shape = in.getFirst().shape();
            if (!in.get(1).shape().equals(shape) || !in.get(2).shape().equals(shape)) {
                throw ShapeException.of(name(), "condition and choices differ in shape")
                        .operand("cond", shape, "", in.get(0).label())
                        .operand("left", in.get(1).shape(), "", in.get(1).label())
                        .operand("right", in.get(2).shape(), "", in.get(2).label());
            }
            return shape;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.elementwise().select(in.get(0), in.get(1), in.get(2), out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return operand == 0;
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            Tensor g = at.outputGradient();
            Tensor zeros = Tensor.zeros(g.backend(), g.shape());
            at.send(1, () -> Op.apply(this, at.in(0), g, zeros));
            at.send(2, () -> Op.apply(this, at.in(0), zeros, g));
        }
    }

    /// Ids as numbers; no gradient.
    record ToFloat() implements Op {
        @Override
        public String name() {
            return "toFloat";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return in.getFirst().shape();
        }

        @Override
        public boolean accepts(int operand, DType type) {
            return type == DType.INT32;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.elementwise().toFloat(in.getFirst(), out);
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

    static Tensor unary(ElementwiseKernels.Unary function, float alpha, Tensor x) {
        return Op.apply(new Unary(function, alpha), x);
    }

    static Tensor binary(ElementwiseKernels.Binary function, Tensor a, Tensor b) {
        return Op.apply(new Binary(function), a, b);
    }
}
