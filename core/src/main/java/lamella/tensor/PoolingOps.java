package lamella.tensor;

import lamella.array.Pool2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.List;

/// 2-D pooling of `[N, C, H, W]`.
final class PoolingOps {
    private PoolingOps() {}

    private static Shape infer(String op, Tensor x, Pool2dOptions options) {
        Shape shape = x.shape();
        if (shape.rank() != 4) {
            throw ShapeException.of(op, "input must have rank 4, got " + shape.rank())
                    .operand("input", shape, "", x.label());
        }
        int height = options.outputHeight(shape.dim(2));
        int width = options.outputWidth(shape.dim(3));
        if (height < 1 || width < 1) {
            throw ShapeException.of(
                            op,
                            "window %s x %s does not fit into input %s x %s"
                                    .formatted(
                                            options.kernelHeight(), options.kernelWidth(), shape.dim(2), shape.dim(3)))
                    .operand("input", shape, "N, C, H, W", x.label());
        }
        return Shape.of(shape.dim(0), shape.dim(1), height, width);
    }

    record Maximum(Pool2dOptions options) implements Op {
        @Override
        public String name() {
            return "maxPool2d";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return PoolingOps.infer(name(), in.getFirst(), options);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.pooling().maximum(in.getFirst(), options, out);
        }

        @Override
        public void gradient(Backward at) {
            View x = at.in(0).view();
            View y = at.out().view();
            View g = at.outputGradient().view();
            at.send(
                    0,
                    () -> at.compute(x.shape(), out -> at.backend().pooling().maximumGradient(x, y, g, options, out)));
        }
    }

    record Average(Pool2dOptions options) implements Op {
        @Override
        public String name() {
            return "averagePool2d";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            return PoolingOps.infer(name(), in.getFirst(), options);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.pooling().average(in.getFirst(), options, out);
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
        public void gradient(Backward at) {
            View g = at.outputGradient().view();
            at.send(
                    0,
                    () -> at.compute(at.in(0).shape(), out -> at.backend().pooling().averageGradient(g, options, out)));
        }
    }
}
