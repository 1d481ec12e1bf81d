package lamella.tensor;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;
import java.util.Optional;

/// Products of matrices.
final class MatrixOps {
    private MatrixOps() {}

    /// a · b, each optionally transposed in its last two axes; rank 2, or 3 with a batch.
    record MatMul(boolean transposeA, boolean transposeB) implements Op {
        @Override
        public String name() {
            return "matmul";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor a = in.get(0);
            Tensor b = in.get(1);
            int rank = a.shape().rank();
            if (rank != b.shape().rank() || rank < 2 || rank > 3) {
                throw mismatch(
                        a,
                        b,
                        "operands must both have rank 2 or both rank 3, got " + rank + " and " + b.shape().rank());
            }
            if (rank == 3 && a.shape().dim(0) != b.shape().dim(0)) {
                throw mismatch(a, b, "batches differ, " + a.shape().dim(0) + " and " + b.shape().dim(0));
            }
            int inner = a.shape().dim(transposeA ? -2 : -1);
            int innerB = b.shape().dim(transposeB ? -1 : -2);
            if (inner != innerB) {
                throw mismatch(a, b, "inner dimensions differ, " + inner + " and " + innerB);
            }
            return a.shape()
                    .with(-2, a.shape().dim(transposeA ? -1 : -2))
                    .with(-1, b.shape().dim(transposeB ? -2 : -1));
        }

        private ShapeException mismatch(Tensor a, Tensor b, String relation) {
            return ShapeException.of(name(), relation)
                    .operand("left", a.shape(), axes(a, transposeA, "M, K", "K, M"), a.label())
                    .operand("right", b.shape(), axes(b, transposeB, "K, N", "N, K"), b.label());
        }

        private static String axes(Tensor x, boolean transposed, String plain, String swapped) {
            String matrix = transposed ? swapped : plain;
            return switch (x.shape().rank()) {
                case 2 -> matrix;
                case 3 -> "B, " + matrix;
                default -> "";
            };
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.matrix().multiply(in.get(0), transposeA, in.get(1), transposeB, out);
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            Tensor a = at.in(0);
            Tensor b = at.in(1);
            Tensor g = at.outputGradient();
            // With A = op(a) and B = op(b): dA = g · Bᵀ and dB = Aᵀ · g, transposed back where a or
            // b was read transposed.
            at.send(
                    0,
                    () ->
                            transposeA
                                    ? Op.apply(new MatMul(transposeB, true), b, g)
                                    : Op.apply(new MatMul(false, !transposeB), g, b));
            at.send(
                    1,
                    () ->
                            transposeB
                                    ? Op.apply(new MatMul(true, transposeA), g, a)
                                    : Op.apply(new MatMul(!transposeA, false), a, g));
        }
    }

    /// Returns all axes but the last as one.
    static View asMatrix(View x) {
        if (x.shape().rank() == 2) {
            return x;
        }
        int rows = x.shape().sizeBetween(0, x.shape().rank() - 1);
        return x.reshape(Shape.of(rows, x.dim(-1)));
    }

    /// x · weightᵀ + bias over the last axis of x; operands x, weight and perhaps bias.
    record Linear() implements Op {
        @Override
        public String name() {
            return "linear";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.get(0);
            Tensor weight = in.get(1);
            if (weight.shape().rank() != 2) {
                throw mismatch(in, "weight must have rank 2, got " + weight.shape().rank());
            }
            if (x.shape().rank() < 1) {
                throw mismatch(in, "input must have at least one axis");
            }
            if (x.shape().dim(-1) != weight.shape().dim(1)) {
                throw mismatch(
                        in,
                        "input has " + x.shape().dim(-1) + " features but the weight expects " + weight.shape().dim(1));
            }
            if (in.size() > 2 && !in.get(2).shape().equals(Shape.of(weight.shape().dim(0)))) {
                throw mismatch(in, "bias must be " + Shape.of(weight.shape().dim(0)));
            }
            return x.shape().with(-1, weight.shape().dim(0));
        }

        private ShapeException mismatch(List<Tensor> in, String relation) {
            Tensor x = in.get(0);
            Tensor weight = in.get(1);
            String axes = x.shape().rank() == 2 ? "N, in" : "";
            String weightAxes = weight.shape().rank() == 2 ? "out, in" : "";
            var problem =
                    ShapeException.of(name(), relation)
                            .operand("input", x.shape(), axes, x.label())
                            .operand("weight", weight.shape(), weightAxes, weight.label());
            return in.size() > 2 ? problem.operand("bias", in.get(2).shape(), "out", in.get(2).label()) : problem;
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            View weight = in.get(1);
            backend.matrix()
                    .linear(
                            asMatrix(in.get(0)),
                            weight,
                            in.size() > 2 ? Optional.of(in.get(2)) : Optional.empty(),
                            asMatrix(out));
        }

        @Override
        public boolean readsOperand(int operand) {
            return operand < 2;
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            Tensor weight = at.in(1);
            Tensor g = rows(at.outputGradient());
            at.send(0, () -> g.matmul(weight).reshape(at.in(0).shape()));
            at.send(1, () -> Op.apply(new MatMul(true, false), g, rows(at.in(0))));
            at.send(2, () -> g.sum(0));
        }

        private static Tensor rows(Tensor x) {
            int rows = x.shape().sizeBetween(0, x.shape().rank() - 1);
            return x.reshape(Shape.of(rows, x.shape().dim(-1)));
        }
    }
}
