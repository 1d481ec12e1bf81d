package lamella.layers.cnn;

import lamella.array.Conv2dOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Finish;
import lamella.nn.Fusible;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Epilogue;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.Optional;

/// A 2-D convolution over a batch of images.
///
/// Computes the cross-correlation with stride s, padding p and dilation d:
/// `y[n, o, i, j] = b[o] + Σ x[n, c, i·s + u·d − p, j·s + v·d − p] · w[o, c, u, v]`, the sum over
/// the kernel's cells (u, v) and the channels c of the group to which o belongs; x is 0 outside.
///
/// ## Shapes
/// - input `[N, C, H, W]`
/// - weight `[filters, C / groups, kernelHeight, kernelWidth]`, bias `[filters]`
/// - output `[N, filters, H', W']`, H' = 1 + (H − F + 2p) / s rounded down, where
///   F = d(kernelHeight − 1) + 1; W' likewise ([Conv2dOptions#outputHeight])
///
/// ## Initial values
/// U(−1/√fanIn, 1/√fanIn), weight and bias; fanIn = C / groups · kernelHeight · kernelWidth.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`, if C or `filters` cannot be cut into
/// `groups`, or if the kernel does not fit into the padded input.
///
/// ## Source
/// LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 1998, section
/// II; there each filter sees only some of the channels, here all of its group.
///
/// {@snippet :
/// Layer layer = conv2d(8, 3).build(scope, Shape.of(3, 28, 28));
/// Tensor y = layer.forward(x);   // [N, 3, 28, 28] -> [N, 8, 26, 26]
/// }
///
/// @param filters output channels, at least 1
/// @param kernelHeight rows of the kernel, at least 1
/// @param kernelWidth columns of the kernel, at least 1
/// @param options stride, padding, dilation and groups
/// @param bias whether a bias is added
public record Conv2d(int filters, int kernelHeight, int kernelWidth, Conv2dOptions options, boolean bias)
        implements LayerSpec {
    static final LayerType<Conv2d> TYPE = LayerType.of("conv2d", Conv2d.class, Conv2d::read, Conv2d::write);

    /// Rejects fewer than 1 filter and kernels without cells.
    public Conv2d {
        Checks.requireAtLeast("conv2d", "filters", 1, filters);
        Checks.requireAtLeast("conv2d", "kernel", 1, Math.min(kernelHeight, kernelWidth));
    }

    private static Conv2d read(Fields in) {
        int filters = in.integer("filters");
        Pair kernel = Pair.read(in, "kernel");
        Conv2dOptions options = ConvolutionKnobs.read(in);
        return new Conv2d(filters, kernel.height(), kernel.width(), options, in.flag("bias", true));
    }

    private void write(Fields.Writer out) {
        out.put("filters", filters);
        new Pair(kernelHeight, kernelWidth).write(out, "kernel");
        ConvolutionKnobs.write(options, out);
        out.put("bias", bias);
    }

    /// Returns this layer with another stride in both directions.
    public Conv2d stride(int stride) {
        return stride(stride, stride);
    }

    /// Returns this layer with another stride in each direction.
    public Conv2d stride(int height, int width) {
        return with(ConvolutionKnobs.stride(options, height, width));
    }

    /// Returns this layer with other padding on all sides.
    public Conv2d padding(int padding) {
        return padding(padding, padding);
    }

    /// Returns this layer with other padding above and below, and left and right.
    public Conv2d padding(int height, int width) {
        return with(ConvolutionKnobs.padding(options, height, width));
    }

    /// Returns this layer with another dilation in both directions.
    public Conv2d dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /// Returns this layer with another dilation in each direction.
    public Conv2d dilation(int height, int width) {
        return with(ConvolutionKnobs.dilation(options, height, width));
    }

    /// Returns this layer with another number of groups.
    public Conv2d groups(int groups) {
        return with(options.groups(groups));
    }

    /// Returns this layer without a bias.
    public Conv2d withoutBias() {
        return new Conv2d(filters, kernelHeight, kernelWidth, options, false);
    }

    private Conv2d with(Conv2dOptions other) {
        return new Conv2d(filters, kernelHeight, kernelWidth, other, bias);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("conv2d", "C, H, W", input);
        Checks.requireGroups("conv2d", options.groups(), input);
        Shape shape = Shape.of(filters, input.dim(0) / options.groups(), kernelHeight, kernelWidth);
        Initializer initial = Initializer.fanInUniform(shape.sizeBetween(1, 4));
        Parameter weight = scope.parameter("weight", shape, initial);
        if (!bias) {
            return new WithoutBias(weight, options);
        }
        return new WithBias(weight, scope.parameter("bias", Shape.of(filters), initial), options);
    }

    private record WithoutBias(Parameter weight, Conv2dOptions options) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.conv2d(weight.value(), options);
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return x.conv2d(weight.value(), options, epilogue);
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return Optional.of(new WithBias(by.weight(weight), by.biasBeside(weight), options));
        }
    }

    private record WithBias(Parameter weight, Parameter bias, Conv2dOptions options) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.conv2d(weight.value(), bias.value(), options);
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return x.conv2d(weight.value(), bias.value(), options, epilogue);
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return Optional.of(new WithBias(by.weight(weight), by.bias(bias), options));
        }
    }

    @Override
    public String toString() {
        return "conv2d("
                + filters
                + ", "
                + new Pair(kernelHeight, kernelWidth)
                + ")"
                + ConvolutionKnobs.code(options)
                + (bias ? "" : ".withoutBias()");
    }
}
