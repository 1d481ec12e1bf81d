package lamella.layers.cnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Initializer;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;
import lamella.tensor.Parameter;
import lamella.tensor.Tensor;

import java.util.Arrays;

/// The parametric rectifier: x where positive, slope · x elsewhere, with a slope for each channel
/// that is learned.
///
/// ## Shapes
/// - input and output `[N, C, ...]`
/// - slope `[C]`
///
/// ## Initial values
/// Every slope is `initial`.
///
/// ## Errors
/// [ShapeException] if an example has no axis.
///
/// ## Source
/// He et al., "Delving deep into rectifiers", ICCV 2015, section 2.1.
///
/// @param initial the slopes before training, usually 0.25
public record PRelu(float initial) implements LayerSpec {
    static final LayerType<PRelu> TYPE =
            LayerType.of(
                    "pRelu",
                    PRelu.class,
                    fields -> new PRelu(fields.number("initial", PRelu.USUAL)),
                    (layer, out) -> out.put("initial", layer.initial()));

    private static final float USUAL = 0.25f;

    /// Initial slope 0.25.
    PRelu() {
        this(USUAL);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireChannels("pRelu", input);
        Parameter slope = scope.parameter("slope", Shape.of(input.dim(0)), Initializer.constant(initial));
        int[] ones = new int[input.rank()];
        Arrays.fill(ones, 1);
        Shape perChannel = Shape.of(ones).with(0, input.dim(0));
        return x -> forward(x, slope.value().reshape(perChannel));
    }

    private static Tensor forward(Tensor x, Tensor slope) {
        Tensor zeros = Tensor.zeros(x.backend(), x.shape());
        Tensor positive = x.greaterThan(zeros);
        // the slope meets only what it applies to: infinity times 0 would be NaN
        Tensor rest = positive.select(zeros, x);
        return positive.select(x, rest.multiply(slope));
    }

    @Override
    public String toString() {
        return "pRelu(" + (initial == USUAL ? "" : initial) + ")";
    }
}
