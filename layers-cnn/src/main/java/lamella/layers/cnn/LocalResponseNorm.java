package lamella.layers.cnn;

import lamella.array.LocalResponseOptions;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.nn.Fields;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.LayerType;
import lamella.nn.Scope;

/// Local response normalisation: each cell is divided by how active its neighbours in the channels
/// around are.
///
/// `y[c] = x[c] / (bias + alpha / size · Σ x[c′]²)^beta`, the sum over the channels from
/// c − (size − 1) / 2 to c + (size − 1) / 2 that exist.
///
/// ## Shapes
/// - input and output `[N, C, H, W]`
///
/// ## Errors
/// [ShapeException] if an example is not `[C, H, W]`.
///
/// ## Source
/// Krizhevsky et al., "ImageNet classification with deep convolutional neural networks", NIPS 2012,
/// section 3.3, whose alpha is not divided by the size and whose bias is 2; ours are PyTorch's.
///
/// @param size channels in the sum, odd, at least 1
/// @param alpha weight of the sum
/// @param beta exponent
/// @param bias added constant, above 0
public record LocalResponseNorm(int size, float alpha, float beta, float bias) implements LayerSpec {
    static final LayerType<LocalResponseNorm> TYPE =
            LayerType.of(
                    "localResponseNorm", LocalResponseNorm.class, LocalResponseNorm::read, LocalResponseNorm::write);

    private static final LocalResponseNorm USUAL = new LocalResponseNorm();

    /// Size 5, alpha 1e-4, beta 0.75, bias 1.
    LocalResponseNorm() {
        this(5, 1e-4f, 0.75f, 1);
    }

    /// Rejects sizes that are even or below 1 and a bias that is not above 0.
    public LocalResponseNorm {
        new LocalResponseOptions(size, alpha, beta, bias); // which rejects sizes
        Checks.requireAbove("localResponseNorm", "bias", 0, bias);
    }

    private static LocalResponseNorm read(Fields in) {
        return new LocalResponseNorm(
                in.integer("size", USUAL.size),
                in.number("alpha", USUAL.alpha),
                in.number("beta", USUAL.beta),
                in.number("bias", USUAL.bias));
    }

    private void write(Fields.Writer out) {
        out.put("size", size).put("alpha", alpha).put("beta", beta).put("bias", bias);
    }

    /// Returns this layer with another number of channels in the sum.
    public LocalResponseNorm size(int size) {
        return new LocalResponseNorm(size, alpha, beta, bias);
    }

    /// Returns this layer with another weight of the sum.
    public LocalResponseNorm alpha(double alpha) {
        return new LocalResponseNorm(size, (float) alpha, beta, bias);
    }

    /// Returns this layer with another exponent.
    public LocalResponseNorm beta(double beta) {
        return new LocalResponseNorm(size, alpha, (float) beta, bias);
    }

    /// Returns this layer with another added constant.
    public LocalResponseNorm bias(double bias) {
        return new LocalResponseNorm(size, alpha, beta, (float) bias);
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        Checks.requireAxes("localResponseNorm", "C, H, W", input);
        return x -> x.localResponseNorm(size, alpha, beta, bias);
    }

    @Override
    public String toString() {
        return "localResponseNorm()"
                + (size == USUAL.size ? "" : ".size(" + size + ")")
                + (alpha == USUAL.alpha ? "" : ".alpha(" + alpha + ")")
                + (beta == USUAL.beta ? "" : ".beta(" + beta + ")")
                + (bias == USUAL.bias ? "" : ".bias(" + bias + ")");
    }
}
