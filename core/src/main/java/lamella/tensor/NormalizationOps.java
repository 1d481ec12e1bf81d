package lamella.tensor;

import lamella.array.LocalResponseOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.View;

import java.util.Arrays;
import java.util.List;

/// Batch, layer and local response normalisation.
final class NormalizationOps {
    private NormalizationOps() {}

    private static void requireChannels(String op, Tensor x) {
        if (x.shape().rank() < 2) {
            throw ShapeException.of(op, "input must have at least rank 2, got " + x.shape().rank())
                    .operand("input", x.shape(), "", x.label());
        }
    }

    private static void requireVector(String op, String role, Tensor vector, int size, Tensor x) {
        if (!vector.shape().equals(Shape.of(size))) {
            throw ShapeException.of(op, role + " must be " + Shape.of(size))
                    .operand("input", x.shape(), "", x.label())
                    .operand(role, vector.shape(), "", vector.label());
        }
    }

    /// Mean and variance per channel; no gradient of its own (see [BatchNorm]).
    record Moments() implements Op {
        @Override
        public String name() {
            return "batchNorm";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            requireChannels(name(), in.getFirst());
            return Shape.of(2, in.getFirst().shape().dim(1));
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.normalization().moments(in.getFirst(), out);
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

    /// Operands: x, scale, shift, moments. `ownMoments` says that the moments are those of x, so
    /// that the gradient runs through them too.
    record BatchNorm(float epsilon, boolean ownMoments) implements Op {
        @Override
        public String name() {
            return "batchNorm";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            requireChannels(name(), x);
            int channels = x.shape().dim(1);
            requireVector(name(), "scale", in.get(1), channels, x);
            requireVector(name(), "shift", in.get(2), channels, x);
            if (!in.get(3).shape().equals(Shape.of(2, channels))) {
                throw ShapeException.of(name(), "moments must be " + Shape.of(2, channels))
                        .operand("input", x.shape(), "", x.label())
                        .operand("moments", in.get(3).shape(), "", in.get(3).label());
            }
            return x.shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.normalization().batchNorm(in.get(0), in.get(1), in.get(2), in.get(3), epsilon, out);
        }

        @Override
        public boolean readsOperand(int operand) {
            return operand != 2;
        }

        @Override
        public boolean readsResult() {
            return false;
        }

        @Override
        public void gradient(Backward at) {
            if (ownMoments) {
                throughMoments(at);
            } else {
                frozen(at);
            }
        }

        private void throughMoments(Backward at) {
            Tensor x = at.in(0);
            Shape channels = at.in(1).shape();
            Tensor scaleGradient = Tensor.empty(at.backend(), channels);
            Tensor shiftGradient = Tensor.empty(at.backend(), channels);
            Tensor inputGradient =
                    at.compute(
                            x.shape(),
                            out ->
                                    at.backend()
                                            .normalization()
                                            .batchNormGradient(
                                                    x.view(),
                                                    at.in(1).view(),
                                                    at.in(3).view(),
                                                    epsilon,
                                                    at.outputGradient().view(),
                                                    out,
                                                    scaleGradient.view(),
                                                    shiftGradient.view()));
            at.send(0, () -> inputGradient);
            at.send(1, () -> scaleGradient);
            at.send(2, () -> shiftGradient);
        }

        private void frozen(Backward at) {
            int channels = at.in(1).shape().dim(0);
            int[] broadcast = new int[at.in(0).shape().rank() - 1];
            Arrays.fill(broadcast, 1);
            broadcast[0] = channels;
            Shape perChannel = Shape.of(broadcast);
            Tensor mean = at.in(3).slice(0, 0, 1).reshape(perChannel);
            Tensor variance = at.in(3).slice(0, 1, 2).reshape(perChannel);
            Tensor inverse = variance.add(epsilon).sqrt().reciprocal();
            Tensor g = at.outputGradient();
            at.send(0, () -> g.multiply(inverse.multiply(at.in(1).reshape(perChannel))));
            at.send(
                    1,
                    () ->
                            g.multiply(at.in(0).subtract(mean).multiply(inverse))
                                    .sumTo(perChannel)
                                    .reshape(Shape.of(channels)));
            at.send(2, () -> g.sumTo(perChannel).reshape(Shape.of(channels)));
        }
    }

    /// Operands: x `[..., features]`, scale and shift `[features]`.
    record LayerNorm(float epsilon) implements Op {
        @Override
        public String name() {
            return "layerNorm";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            if (x.shape().rank() < 1) {
                throw ShapeException.of(name(), "input must have at least one axis")
                        .operand("input", x.shape(), "", x.label());
            }
            requireVector(name(), "scale", in.get(1), x.shape().dim(-1), x);
            requireVector(name(), "shift", in.get(2), x.shape().dim(-1), x);
            return x.shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.normalization().layerNorm(rows(in.get(0)), in.get(1), in.get(2), epsilon, rows(out));
        }

        private static View rows(View x) {
            return x.reshape(Shape.of(x.shape().sizeBetween(0, x.shape().rank() - 1), x.dim(-1)));
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
            Tensor scaleGradient = Tensor.empty(at.backend(), at.in(1).shape());
            Tensor shiftGradient = Tensor.empty(at.backend(), at.in(2).shape());
            Tensor inputGradient =
                    at.compute(
                            at.in(0).shape(),
                            out ->
                                    at.backend()
                                            .normalization()
                                            .layerNormGradient(
                                                    rows(at.in(0).view()),
                                                    at.in(1).view(),
                                                    epsilon,
                                                    rows(at.outputGradient().view()),
                                                    rows(out),
                                                    scaleGradient.view(),
                                                    shiftGradient.view()));
            at.send(0, () -> inputGradient);
            at.send(1, () -> scaleGradient);
            at.send(2, () -> shiftGradient);
        }
    }

    record LocalResponse(LocalResponseOptions constants) implements Op {
        @Override
        public String name() {
            return "localResponseNorm";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.getFirst();
            if (x.shape().rank() != 4) {
                throw ShapeException.of(name(), "input must have rank 4, got " + x.shape().rank())
                        .operand("input", x.shape(), "", x.label());
            }
            return x.shape();
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.normalization().localResponse(in.getFirst(), constants, out);
        }

        @Override
        public void gradient(Backward at) {
            at.send(
                    0,
                    () ->
                            at.compute(
                                    at.out().shape(),
                                    out ->
                                            at.backend()
                                                    .normalization()
                                                    .localResponseGradient(
                                                            at.in(0).view(),
                                                            at.out().view(),
                                                            at.outputGradient().view(),
                                                            constants,
                                                            out)));
        }
    }
}
