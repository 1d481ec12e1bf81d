package lamella.tensor;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;

/// Access by index.
final class IndexOps {
    private IndexOps() {}

    /// Rows of a table `[V, D]` chosen by int32 ids of any shape; id −1 gives zeros.
    record Gather() implements Op {
        @Override
        public String name() {
            return "gather";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor table = in.get(0);
            Tensor ids = in.get(1);
            if (table.shape().rank() != 2) {
                throw ShapeException.of(name(), "table must have rank 2, got " + table.shape().rank())
                        .operand("table", table.shape(), "", table.label())
                        .operand("ids", ids.shape(), "", ids.label());
            }
            return ids.shape().append(table.shape().dim(1));
        }

        @Override
        public boolean accepts(int operand, DType type) {
            return type == (operand == 1 ? DType.INT32 : DType.FLOAT32);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            View ids = in.get(1);
            View table = in.get(0);
            backend.index().gather(table, flat(ids), rows(out, table.dim(1)));
        }

        @Override
        public boolean readsOperand(int operand) {
            return operand == 1;
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            Shape table = at.in(0).shape();
            at.send(
                    0,
                    () ->
                            at.compute(
                                    table,
                                    out ->
                                            at.backend()
                                                    .index()
                                                    .scatterAdd(
                                                            rows(at.outputGradient().view(), table.dim(1)),
                                                            flat(at.in(1).view()),
                                                            out)));
        }

        private static View flat(View ids) {
            return ids.reshape(Shape.of(ids.size()));
        }

        private static View rows(View x, int width) {
            return x.reshape(Shape.of(x.shape().sizeBetween(0, x.shape().rank() - 1), width));
        }
    }
}
