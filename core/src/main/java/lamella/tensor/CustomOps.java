package lamella.tensor;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;

/// The bridge from [CustomOp] to the tape.
final class CustomOps {
    private CustomOps() {}

    static Tensor apply(CustomOp op, Tensor... operands) {
        Tensor[] in = operands.clone(); // the tape keeps it, and the caller may write to its array
        Tensor result = Tape.pause(() -> op.forward(List.of(in)));
        return Op.apply(new Custom(op, result), in);
    }

    /// The result is already there; this puts it on the tape.
    record Custom(CustomOp op, Tensor result) implements Op {
        @Override
        public String name() {
            return op.name();
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return result.shape();
        }

        @Override
        public DType type(List<Tensor> in) {
            return result.type();
        }

        @Override
        public boolean accepts(int operand, DType type) {
            return true;
        }

        @Override
        public Tensor output(Backend backend, List<Tensor> in, DType type, Shape shape) {
            return result.detach();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {}

        @Override
        public void gradient(Backward at) {
            List<Tensor> gradients = op.gradient(at.outputGradient(), at.in(), at.out());
            if (gradients.size() != at.operands()) {
                throw new IllegalStateException(
                        op.name()
                                + ": gradient returned "
                                + gradients.size()
                                + " tensors for "
                                + at.operands()
                                + " operands");
            }
            for (int i = 0; i < gradients.size(); i++) {
                Tensor gradient = gradients.get(i);
                requireShape(i, gradient, at);
                at.send(i, () -> gradient);
            }
        }

        private void requireShape(int operand, Tensor gradient, Backward at) {
            Shape expected = at.in(operand).shape();
            if (at.needs(operand) && !gradient.shape().equals(expected)) {
                throw new IllegalStateException(
                        op.name()
                                + ": gradient of operand "
                                + operand
                                + " must be "
                                + expected
                                + ", got "
                                + gradient.shape());
            }
        }
    }
}
