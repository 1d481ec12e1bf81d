package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.nn.SequenceLayer;
import lamella.nn.Sequences;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

/// A convolution along time: each output step looks at the `kernel` steps around it, such as the words of an n-gram.
///
/// `y[n, t, o] = b[o] + Σ x[n, t + u − p, c] · w[o, u, c]`, p = ⌊(kernel − 1) / 2⌋, the sum over the kernel's steps u and
/// the features c; x is 0 outside the sequence and in the padding. There are as many steps after as before.
///
/// ## Shapes
/// - input `[N, T, F]`: time before features, unlike the signals of a `conv1d`
/// - weight `[filters, kernel, F]`, bias `[filters]`
/// - output `[N, T, filters]`
///
/// ## Initial values
/// U(−1/√fanIn, 1/√fanIn), weight and bias; fanIn = kernel · F.
///
/// ## Errors
/// [ShapeException] if an example is not `[T, features]`.
///
/// ## Source
/// Kim, "Convolutional neural networks for sentence classification", EMNLP 2014; there without zeros at the ends.
///
/// @param filters output features, at least 1
/// @param kernel steps that an output looks at, at least 1
public record TemporalConv(int filters, int kernel) implements LayerSpec {
    static final LayerType<TemporalConv> TYPE =
            LayerType.of(
                    "temporalConv",
                    TemporalConv.class,
                    fields -> new TemporalConv(fields.integer("filters"), fields.integer("kernel")),
                    (conv, out) -> out.put("filters", conv.filters()).put("kernel", conv.kernel()));

    /// Rejects fewer than 1 filter or step.
    public TemporalConv {
        Checks.requireAtLeast("temporalConv", "filters", 1, filters);
        Checks.requireAtLeast("temporalConv", "kernel", 1, kernel);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("temporalConv", "T, features", input);
        int window = kernel * input.dim(1);
        Initializer initial = Initializer.fanInUniform(window);
        Parameter weight = scope.parameter("weight", Shape.of(filters, kernel, input.dim(1)), initial);
        Parameter bias = scope.parameter("bias", Shape.of(filters), initial);
        Shape flat = Shape.of(filters, window);
        SequenceLayer layer = x -> x.with(windows(x).linear(weight.value().reshape(flat), bias.value()));
        return layer;
    }

    /// Returns the steps around each step side by side, `[N, T, kernel·F]`: one large product then does it all.
    private Tensor windows(Sequences x) {
        int[] counts = x.stepCounts();
        Shape shape = x.values().shape();
        int steps = shape.dim(1);
        int before = (kernel - 1) / 2;
        int[] rows = new int[shape.dim(0) * steps * kernel];
        for (int i = 0; i < rows.length; i++) {
            int example = i / kernel / steps;
            int step = i / kernel % steps + i % kernel - before;
            rows[i] = step >= 0 && step < counts[example] ? example * steps + step : -1; // no row: zeros
        }
        Tensor table = x.values().reshape(Shape.of(shape.dim(0) * steps, shape.dim(2)));
        Tensor ids = Tensor.ofInts(table.backend(), Shape.of(shape.dim(0), steps, kernel), rows);
        return table.gather(ids).reshape(shape.with(2, kernel * shape.dim(2)));
    }

    @Override
    public String toString() {
        return "temporalConv(" + filters + ", " + kernel + ")";
    }
}
