package lamella.tensor;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;

/// Softmax over the last axis, and the cross-entropy built on it.
final class SoftmaxOps {
    private SoftmaxOps() {}

    private static View rows(View x) {
        return x.reshape(Shape.of(x.shape().sizeBetween(0, x.shape().rank() - 1), x.dim(-1)));
    }

    private static Shape requireClasses(String op, Tensor x) {
        if (x.shape().rank() < 1 || x.shape().dim(-1) < 1) {
            throw ShapeException.of(op, "the last axis must have at least 1 class")
                    .operand("input", x.shape(), "", x.label());
        }
        return x.shape();
    }

    record Softmax() implements Op {
        @Override
        public String name() {
            return "softmax";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return requireClasses(name(), in.getFirst());
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.softmax().softmax(rows(in.getFirst()), rows(out));
        }

        @Override
        public boolean readsOperand(int operand) {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            View y = rows(at.out().view());
            View g = rows(at.outputGradient().view());
            at.send(
                    0,
                    () -> at.compute(at.out().shape(), out -> at.backend().softmax().softmaxGradient(y, g, rows(out))));
        }
    }

    record LogSoftmax() implements Op {
        @Override
        public String name() {
            return "logSoftmax";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return requireClasses(name(), in.getFirst());
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.softmax().logSoftmax(rows(in.getFirst()), rows(out));
        }

        @Override
        public boolean readsOperand(int operand) {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            View y = rows(at.out().view());
            View g = rows(at.outputGradient().view());
            at.send(
                    0,
                    () ->
                            at.compute(
                                    at.out().shape(),
                                    out -> at.backend().softmax().logSoftmaxGradient(y, g, rows(out))));
        }
    }

    /// The loss of each row. Operands: logits `[..., classes]`, int32 labels `[...]`.
    record CrossEntropy(float smoothing) implements Op {
        CrossEntropy {
            if (!(smoothing >= 0 && smoothing < 1)) {
                throw new IllegalArgumentException("crossEntropy: smoothing must be in [0, 1), got " + smoothing);
            }
        }

        @Override
        public String name() {
            return "crossEntropy";
        }

        @Override
        public boolean accepts(int operand, DType type) {
            return type == (operand == 1 ? DType.INT32 : DType.FLOAT32);
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor logits = in.get(0);
            Tensor labels = in.get(1);
            requireClasses(name(), logits);
            if (!logits.shape().without(-1).equals(labels.shape())) {
                throw ShapeException.of(
                                name(), "labels must be " + logits.shape().without(-1) + ", one per row of logits")
                        .operand("logits", logits.shape(), "", logits.label())
                        .operand("labels", labels.shape(), "", labels.label());
            }
            return labels.shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.softmax().crossEntropy(rows(in.get(0)), flat(in.get(1)), smoothing, flat(out));
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            View logits = rows(at.in(0).view());
            View labels = flat(at.in(1).view());
            View g = flat(at.outputGradient().view());
            at.send(
                    0,
                    () ->
                            at.compute(
                                    at.in(0).shape(),
                                    out ->
                                            at.backend()
                                                    .softmax()
                                                    .crossEntropyGradient(logits, labels, smoothing, g, rows(out))));
        }

        private static View flat(View x) {
            return x.reshape(Shape.of(x.size()));
        }
    }
}
