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

/// A 1-D convolution over a batch of signals: a [Conv2d] over images of height 1.
///
/// `y[n, o, i] = b[o] + Σ x[n, c, i·stride + u·dilation − padding] · w[o, c, u]`, the sum over the
/// kernel's cells u and the channels c of the group to which o belongs; x is 0 outside.
///
/// ## Shapes
/// - input `[N, C, T]`: channels before time, unlike the sequences of recurrent layers
/// - weight `[filters, C / groups, kernel]`, bias `[filters]`
/// - output `[N, filters, T']`, T' = 1 + (T − F + 2·padding) / stride rounded down, where
///   F = dilation · (kernel − 1) + 1
///
/// ## Initial values
/// U(−1/√fanIn, 1/√fanIn), weight and bias; fanIn = C / groups · kernel.
///
/// ## Errors
/// [ShapeException] if an example is not `[C, T]`, if C or `filters` cannot be cut into `groups`, or
/// if the kernel does not fit into the padded input; it may show the signal as an image.
///
/// @param filters output channels, at least 1
/// @param kernel steps of the kernel, at least 1
/// @param stride steps between two windows, at least 1
/// @param padding zeros before and after, at least 0
/// @param dilation steps between two cells of the kernel, at least 1
/// @param groups parts into which the channels are cut, at least 1
/// @param bias whether a bias is added
public record Conv1d(int filters, int kernel, int stride, int padding, int dilation, int groups, boolean bias)
        implements LayerSpec {
    static final LayerType<Conv1d> TYPE = LayerType.of("conv1d", Conv1d.class, Conv1d::read, Conv1d::write);

    /// Rejects knobs below their least values.
    public Conv1d {
        Checks.requireAtLeast("conv1d", "filters", 1, filters);
        Checks.requireAtLeast("conv1d", "kernel", 1, kernel);
        Checks.requireAtLeast("conv1d", "stride", 1, stride);
        Checks.requireAtLeast("conv1d", "padding", 0, padding);
        Checks.requireAtLeast("conv1d", "dilation", 1, dilation);
        Checks.requireAtLeast("conv1d", "groups", 1, groups);
    }

    private static Conv1d read(Fields in) {
        return new Conv1d(
                in.integer("filters"),
                in.integer("kernel"),
                in.integer("stride", 1),
                in.integer("padding", 0),
                in.integer("dilation", 1),
                in.integer("groups", 1),
                in.flag("bias", true));
    }

    private void write(Fields.Writer out) {
        out.put("filters", filters).put("kernel", kernel).put("stride", stride);
        out.put("padding", padding).put("dilation", dilation).put("groups", groups);
        out.put("bias", bias);
    }

    /// Returns this layer with another stride.
    public Conv1d stride(int stride) {
        return new Conv1d(filters, kernel, stride, padding, dilation, groups, bias);
    }

    /// Returns this layer with other padding.
    public Conv1d padding(int padding) {
        return new Conv1d(filters, kernel, stride, padding, dilation, groups, bias);
    }

    /// Returns this layer with another dilation.
    public Conv1d dilation(int dilation) {
        return new Conv1d(filters, kernel, stride, padding, dilation, groups, bias);
    }

    /// Returns this layer with another number of groups.
    public Conv1d groups(int groups) {
        return new Conv1d(filters, kernel, stride, padding, dilation, groups, bias);
    }

    /// Returns this layer without a bias.
    public Conv1d withoutBias() {
        return new Conv1d(filters, kernel, stride, padding, dilation, groups, false);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("conv1d", "C, T", input);
        Checks.requireGroups("conv1d", groups, input);
        var options = new Conv2dOptions(1, stride, 0, padding, 1, dilation, groups);
        Shape shape = Shape.of(filters, input.dim(0) / groups, kernel);
        Initializer initial = Initializer.fanInUniform(shape.sizeBetween(1, 3));
        Parameter weight = scope.parameter("weight", shape, initial);
        if (!bias) {
            return new WithoutBias(weight, options);
        }
        return new WithBias(weight, scope.parameter("bias", Shape.of(filters), initial), options);
    }

    private record WithoutBias(Parameter weight, Conv2dOptions options) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return asSignal(asImage(x).conv2d(asImage(weight.value()), options));
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return asSignal(asImage(x).conv2d(asImage(weight.value()), options, asImage(epilogue)));
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return Optional.of(new WithBias(by.weight(weight), by.biasBeside(weight), options));
        }
    }

    private record WithBias(Parameter weight, Parameter bias, Conv2dOptions options) implements Fusible {
        @Override
        public Tensor forward(Tensor x) {
            return asSignal(asImage(x).conv2d(asImage(weight.value()), bias.value(), options));
        }

        @Override
        public Tensor forward(Tensor x, Epilogue epilogue) {
            return asSignal(asImage(x).conv2d(asImage(weight.value()), bias.value(), options, asImage(epilogue)));
        }

        @Override
        public Optional<Fusible> scaled(Finish.Scaled by) {
            return Optional.of(new WithBias(by.weight(weight), by.bias(bias), options));
        }
    }

    private static Epilogue asImage(Epilogue epilogue) {
        return new Epilogue(epilogue.added().map(Conv1d::asImage), epilogue.functions());
    }

    /// `[N, C, T]` to `[N, C, 1, T]`.
    private static Tensor asImage(Tensor x) {
        return x.reshape(Shape.of(x.shape().dim(0), x.shape().dim(1), 1, x.shape().dim(2)));
    }

    /// `[N, C, 1, T]` to `[N, C, T]`.
    private static Tensor asSignal(Tensor x) {
        return x.reshape(x.shape().without(2));
    }

    @Override
    public String toString() {
        return "conv1d("
                + filters
                + ", "
                + kernel
                + ")"
                + (stride == 1 ? "" : ".stride(" + stride + ")")
                + (padding == 0 ? "" : ".padding(" + padding + ")")
                + (dilation == 1 ? "" : ".dilation(" + dilation + ")")
                + (groups == 1 ? "" : ".groups(" + groups + ")")
                + (bias ? "" : ".withoutBias()");
    }
}
