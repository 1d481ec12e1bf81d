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

/// A transposed 2-D convolution: the map whose matrix is the transpose of that of a [Conv2d] with
/// the same options. It enlarges images: with stride 2, about twofold.
///
/// Each input cell adds its multiple of the kernel to the output:
/// `y[n, o, i·s + u·d − p, j·s + v·d − p] += x[n, c, i, j] · w[c, o, u, v]`, then the bias.
///
/// ## Shapes
/// - input `[N, C, H, W]`
/// - weight `[C, filters / groups, kernelHeight, kernelWidth]`, bias `[filters]`
/// - output `[N, filters, H', W']`,
///   H' = (H − 1) · s − 2p + d(kernelHeight − 1) + 1 + outputPadding; W' likewise
///
/// ## Initial values
/// U(−1/√fanIn, 1/√fanIn), weight and bias; fanIn = filters / groups · kernelHeight · kernelWidth,
/// the inputs of one output of the convolution that is transposed, as PyTorch counts.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`, if C or `filters` cannot be cut into
/// `groups`, or if the padding leaves nothing of the output.
///
/// ## Source
/// Zeiler et al., "Deconvolutional networks", CVPR 2010; Dumoulin and Visin, "A guide to convolution
/// arithmetic for deep learning", 2016, chapter 4.
///
/// @param filters output channels, at least 1
/// @param kernelHeight rows of the kernel, at least 1
/// @param kernelWidth columns of the kernel, at least 1
/// @param options stride, padding, dilation and groups of the convolution that is transposed
/// @param outputPadding rows added below and columns added right, of what the stride leaves open; at
///     least 0 and below the stride
/// @param bias whether a bias is added
public record ConvTranspose2d(
        int filters, int kernelHeight, int kernelWidth, Conv2dOptions options, int outputPadding, boolean bias)
        implements LayerSpec {
    static final LayerType<ConvTranspose2d> TYPE =
            LayerType.of("convTranspose2d", ConvTranspose2d.class, ConvTranspose2d::read, ConvTranspose2d::write);

    /// Rejects fewer than 1 filter, kernels without cells and negative output padding.
    public ConvTranspose2d {
        Checks.requireAtLeast("convTranspose2d", "filters", 1, filters);
        Checks.requireAtLeast("convTranspose2d", "kernel", 1, Math.min(kernelHeight, kernelWidth));
        Checks.requireAtLeast("convTranspose2d", "outputPadding", 0, outputPadding);
    }

    private static ConvTranspose2d read(Fields in) {
        int filters = in.integer("filters");
        Pair kernel = Pair.read(in, "kernel");
        Conv2dOptions options = ConvolutionKnobs.read(in);
        int outputPadding = in.integer("outputPadding", 0);
        return new ConvTranspose2d(
                filters, kernel.height(), kernel.width(), options, outputPadding, in.flag("bias", true));
    }

    private void write(Fields.Writer out) {
        out.put("filters", filters);
        new Pair(kernelHeight, kernelWidth).write(out, "kernel");
        ConvolutionKnobs.write(options, out);
        out.put("outputPadding", outputPadding).put("bias", bias);
    }

    /// Returns this layer with another stride in both directions.
    public ConvTranspose2d stride(int stride) {
        return stride(stride, stride);
    }

    /// Returns this layer with another stride in each direction.
    public ConvTranspose2d stride(int height, int width) {
        return with(ConvolutionKnobs.stride(options, height, width));
    }

    /// Returns this layer with other padding on all sides, which cuts the output.
    public ConvTranspose2d padding(int padding) {
        return padding(padding, padding);
    }

    /// Returns this layer with other padding above and below, and left and right.
    public ConvTranspose2d padding(int height, int width) {
        return with(ConvolutionKnobs.padding(options, height, width));
    }

    /// Returns this layer with another dilation in both directions.
    public ConvTranspose2d dilation(int dilation) {
        return dilation(dilation, dilation);
    }

    /// Returns this layer with another dilation in each direction.
    public ConvTranspose2d dilation(int height, int width) {
        return with(ConvolutionKnobs.dilation(options, height, width));
    }

    /// Returns this layer with another number of groups.
    public ConvTranspose2d groups(int groups) {
        return with(options.groups(groups));
    }

    /// Returns this layer with other rows below and columns right of its output.
    public ConvTranspose2d outputPadding(int outputPadding) {
        return new ConvTranspose2d(filters, kernelHeight, kernelWidth, options, outputPadding, bias);
    }

    /// Returns this layer without a bias.
    public ConvTranspose2d withoutBias() {
        return new ConvTranspose2d(filters, kernelHeight, kernelWidth, options, outputPadding, false);
    }

    private ConvTranspose2d with(Conv2dOptions other) {
        return new ConvTranspose2d(filters, kernelHeight, kernelWidth, other, outputPadding, bias);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("convTranspose2d", "C, H, W", input);
        Checks.requireGroups("convTranspose2d", options.groups(), input);
        if (filters % options.groups() != 0) {
            throw ShapeException.of(
                            "convTranspose2d",
                            "%s output channels cannot be cut into %s groups".formatted(filters, options.groups()))
                    .operand("input", input, "one example", "");
        }
        Shape shape = Shape.of(input.dim(0), filters / options.groups(), kernelHeight, kernelWidth);
        Initializer initial = Initializer.fanInUniform(shape.sizeBetween(1, 4));
        Parameter weight = scope.parameter("weight", shape, initial);
        if (!bias) {
            return new WithoutBias(weight, options, outputPadding);
        }
        return new WithBias(weight, scope.parameter("bias", Shape.of(filters), initial), options, outputPadding);
    }

    private record WithoutBias(Parameter weight, Conv2dOptions options, int outputPadding) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.convTranspose2d(weight.value(), options, outputPadding);
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return epilogue.apply(forward(x));
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            Parameter other = scaledWeight(weight, options, by);
            return Optional.of(new WithBias(other, by.biasBeside(weight), options, outputPadding));
        }
    }

    private record WithBias(Parameter weight, Parameter bias, Conv2dOptions options, int outputPadding)
            implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return x.convTranspose2d(weight.value(), bias.value(), options, outputPadding);
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return epilogue.apply(forward(x));
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            Parameter other = scaledWeight(weight, options, by);
            return Optional.of(new WithBias(other, by.bias(bias), options, outputPadding));
        }
    }

    /// The weight is `[in, out/groups, kH, kW]`: the channels of a group's output come again for each of its inputs.
    private static Parameter scaledWeight(Parameter weight, Conv2dOptions options, Finish.Scaled by) {
        int inputs = weight.shape().dim(0) / options.groups();
        int outputs = weight.shape().dim(1);
        int window = weight.shape().sizeBetween(2, 4);
        return by.weight(
                weight,
                element -> {
                    int plane = element / window;
                    return plane / outputs / inputs * outputs + plane % outputs;
                });
    }

    @Override
    public String toString() {
        return "convTranspose2d("
                + filters
                + ", "
                + new Pair(kernelHeight, kernelWidth)
                + ")"
                + ConvolutionKnobs.code(options)
                + (outputPadding == 0 ? "" : ".outputPadding(" + outputPadding + ")")
                + (bias ? "" : ".withoutBias()");
    }
}
