package lamella.tensor;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.ConvolutionKernels;
import lamella.backend.ElementwiseKernels.Binary;
import lamella.backend.View;

import java.util.List;
import java.util.Optional;

/// Convolution and transposed convolution.
final class ConvolutionOps {
    private ConvolutionOps() {}

    private static final String IMAGE = "N, C, H, W";

    private static void requireRank4(String op, Tensor x, Tensor weight, String weightAxes) {
        if (x.shape().rank() != 4 || weight.shape().rank() != 4) {
            throw mismatch(
                    op,
                    "input and weight must have rank 4, got %s and %s"
                            .formatted(x.shape().rank(), weight.shape().rank()),
                    x,
                    weight,
                    weightAxes);
        }
    }

    private static ShapeException mismatch(String op, String relation, Tensor x, Tensor weight, String weightAxes) {
        return ShapeException.of(op, relation)
                .operand("input", x.shape(), x.shape().rank() == 4 ? IMAGE : "", x.label())
                .operand("weight", weight.shape(), weight.shape().rank() == 4 ? weightAxes : "", weight.label());
    }

    private static void requireBias(String op, List<Tensor> in, int channels) {
        if (in.size() > 2 && !in.get(2).shape().equals(Shape.of(channels))) {
            throw ShapeException.of(op, "bias must be " + Shape.of(channels))
                    .operand("bias", in.get(2).shape(), "out", in.get(2).label());
        }
    }

    /// Operands: x `[N, C, H, W]`, weight `[O, C/groups, kH, kW]` and perhaps bias `[O]`.
    record Conv2d(Conv2dOptions options) implements Op {
        private static final String WEIGHT = "out, in/groups, kH, kW";

        @Override
        public String name() {
            return "conv2d";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.get(0);
            Tensor weight = in.get(1);
            requireRank4(name(), x, weight, WEIGHT);
            requireChannels(x, weight);
            requireBias(name(), in, weight.shape().dim(0));
            int height = options.outputHeight(x.shape().dim(2), weight.shape().dim(2));
            int width = options.outputWidth(x.shape().dim(3), weight.shape().dim(3));
            if (height < 1 || width < 1) {
                throw mismatch(name(), tooSmall(x, weight), x, weight, WEIGHT);
            }
            return Shape.of(x.shape().dim(0), weight.shape().dim(0), height, width);
        }

        private void requireChannels(Tensor x, Tensor weight) {
            int groups = options.groups();
            long expected = (long) weight.shape().dim(1) * groups;
            if (x.shape().dim(1) != expected) {
                String product = groups == 1 ? "" : " (= " + weight.shape().dim(1) + " x " + groups + " groups)";
                throw mismatch(
                        name(),
                        "input has %s channels but the weight expects %s%s"
                                .formatted(x.shape().dim(1), expected, product),
                        x,
                        weight,
                        WEIGHT);
            }
            if (weight.shape().dim(0) % groups != 0) {
                throw mismatch(
                        name(),
                        "%s output channels cannot be cut into %s groups".formatted(weight.shape().dim(0), groups),
                        x,
                        weight,
                        WEIGHT);
            }
        }

        private String tooSmall(Tensor x, Tensor weight) {
            String padding =
                    options.paddingHeight() == 0 && options.paddingWidth() == 0
                            ? ""
                            : " with padding " + options.paddingHeight() + " x " + options.paddingWidth();
            String dilation =
                    options.dilationHeight() == 1 && options.dilationWidth() == 1
                            ? ""
                            : " with dilation " + options.dilationHeight() + " x " + options.dilationWidth();
            return "kernel %s x %s%s does not fit into input %s x %s%s"
                    .formatted(
                            weight.shape().dim(2),
                            weight.shape().dim(3),
                            dilation,
                            x.shape().dim(2),
                            x.shape().dim(3),
                            padding);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            Optional<View> bias = in.size() > 2 ? Optional.of(in.get(2)) : Optional.empty();
            backend.convolution().forward(in.get(0), in.get(1), bias, options, out);
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
            ConvolutionKernels kernels = at.backend().convolution();
            View x = at.in(0).view();
            View weight = at.in(1).view();
            View g = at.outputGradient().view();
            at.send(0, () -> at.compute(x.shape(), out -> kernels.inputGradient(g, weight, options, out)));
            at.send(1, () -> at.compute(weight.shape(), out -> kernels.weightGradient(x, g, options, out)));
            at.send(2, () -> at.outputGradient().sum(0, 2, 3));
        }
    }

    /// The input gradient of a convolution, as an operation of its own. Operands: x `[N, C, H, W]`,
    /// weight `[C, O/groups, kH, kW]` and perhaps bias `[O]`; the output extent is
    /// `(H − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1 + outputPadding`.
    record ConvTranspose2d(Conv2dOptions options, int outputPadding) implements Op {
        private static final String WEIGHT = "in, out/groups, kH, kW";

        @Override
        public String name() {
            return "convTranspose2d";
        }

        @Override
        public Shape infer(List<Tensor> in) {
            Tensor x = in.get(0);
            Tensor weight = in.get(1);
            requireRank4(name(), x, weight, WEIGHT);
            int channels = x.shape().dim(1);
            if (channels != weight.shape().dim(0)) {
                throw mismatch(
                        name(),
                        "input has %s channels but the weight expects %s".formatted(channels, weight.shape().dim(0)),
                        x,
                        weight,
                        WEIGHT);
            }
            if (channels % options.groups() != 0) {
                throw mismatch(
                        name(),
                        "%s input channels cannot be cut into %s groups".formatted(channels, options.groups()),
                        x,
                        weight,
                        WEIGHT);
            }
            if (outputPadding < 0 || outputPadding >= Math.min(options.strideHeight(), options.strideWidth())) {
                throw new IllegalArgumentException(
                        "convTranspose2d: output padding must be at least 0 and below the stride %s, got %s"
                                .formatted(Math.min(options.strideHeight(), options.strideWidth()), outputPadding));
            }
            int out = weight.shape().dim(1) * options.groups();
            requireBias(name(), in, out);
            int height =
                    extent(x, weight, 2, options.strideHeight(), options.paddingHeight(), options.dilationHeight());
            int width = extent(x, weight, 3, options.strideWidth(), options.paddingWidth(), options.dilationWidth());
            if (height < 1 || width < 1) {
                throw mismatch(name(), "output would be %s x %s".formatted(height, width), x, weight, WEIGHT);
            }
            return Shape.of(x.shape().dim(0), out, height, width);
        }

        private int extent(Tensor x, Tensor weight, int axis, int stride, int padding, int dilation) {
            long spread = (long) dilation * (weight.shape().dim(axis) - 1) + 1;
            long whole = (x.shape().dim(axis) - 1L) * stride + spread + outputPadding;
            if (whole > Integer.MAX_VALUE) {
                String relation = "extent " + whole + " of the output before padding is above " + Integer.MAX_VALUE;
                throw mismatch(name(), relation, x, weight, WEIGHT);
            }
            return (int) Math.max(whole - 2L * padding, Integer.MIN_VALUE);
        }

        @Override
        public void forward(Backend backend, List<View> in, View out) {
            backend.convolution().inputGradient(in.get(0), in.get(1), options, out);
            if (in.size() > 2) {
                View bias = in.get(2);
                View perChannel = bias.reshape(Shape.of(bias.size(), 1, 1));
                backend.elementwise().binary(Binary.ADD, out, perChannel, out);
            }
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
            ConvolutionKernels kernels = at.backend().convolution();
            View x = at.in(0).view();
            View weight = at.in(1).view();
            View g = at.outputGradient().view();
            at.send(0, () -> at.compute(x.shape(), out -> kernels.forward(g, weight, Optional.empty(), options, out)));
            at.send(1, () -> at.compute(weight.shape(), out -> kernels.weightGradient(g, x, options, out)));
            at.send(2, () -> at.outputGradient().sum(0, 2, 3));
        }
    }
}
