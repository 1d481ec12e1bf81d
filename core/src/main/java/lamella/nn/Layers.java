package lamella.nn;

import lamella.nn.Activation.Function;

import java.util.List;
import java.util.Optional;

/// The recipes of this package by their short names, for static import.
///
/// {@snippet :
/// LayerSpec mlp = sequential(flatten(), dense(512), relu(), dropout(0.2), dense(10));
/// }
public final class Layers {
    private Layers() {}

    /// Returns layers one after the other.
    public static Sequential sequential(LayerSpec... layers) {
        return new Sequential(List.of(layers));
    }

    /// Returns layers side by side, whose outputs are joined along the last axis.
    public static Concatenate concatenate(LayerSpec... layers) {
        return new Concatenate(List.of(layers));
    }

    /// Returns a layer whose input is added to its output.
    public static Residual residual(LayerSpec body) {
        return new Residual(body, Optional.empty());
    }

    /// Returns two layers side by side, whose outputs are added.
    public static Residual residual(LayerSpec body, LayerSpec shortcut) {
        return new Residual(body, Optional.of(shortcut));
    }

    /// Returns a layer with a name of its own.
    public static Named named(String name, LayerSpec layer) {
        return new Named(name, layer);
    }

    /// Returns a fully connected layer with a bias.
    public static Dense dense(int units) {
        return new Dense(units, true);
    }

    /// Returns dropout at this rate.
    public static Dropout dropout(double rate) {
        return new Dropout((float) rate);
    }

    /// Returns the layer that makes a vector of each example.
    public static Flatten flatten() {
        return new Flatten();
    }

    /// Returns layer normalisation with epsilon 1e-5.
    public static LayerNorm layerNorm() {
        return new LayerNorm();
    }

    /// Returns max(x, 0).
    public static Activation relu() {
        return Activation.of(Function.RELU);
    }

    /// Returns min(max(x, 0), 6).
    public static Activation relu6() {
        return Activation.of(Function.RELU6);
    }

    /// Returns x where positive, 0.01·x elsewhere.
    public static Activation leakyRelu() {
        return Activation.of(Function.LEAKY_RELU);
    }

    /// Returns x where positive, alpha·x elsewhere.
    public static Activation leakyRelu(double alpha) {
        return new Activation(Function.LEAKY_RELU, (float) alpha);
    }

    /// Returns x where positive, eˣ − 1 elsewhere.
    public static Activation elu() {
        return Activation.of(Function.ELU);
    }

    /// Returns x where positive, alpha·(eˣ − 1) elsewhere.
    public static Activation elu(double alpha) {
        return new Activation(Function.ELU, (float) alpha);
    }

    /// Returns the self-normalising exponential linear unit.
    public static Activation selu() {
        return Activation.of(Function.SELU);
    }

    /// Returns x·Φ(x).
    public static Activation gelu() {
        return Activation.of(Function.GELU);
    }

    /// Returns x·sigmoid(x).
    public static Activation silu() {
        return Activation.of(Function.SILU);
    }

    /// Returns ln(1 + eˣ).
    public static Activation softplus() {
        return Activation.of(Function.SOFTPLUS);
    }

    /// Returns the hyperbolic tangent.
    public static Activation tanh() {
        return Activation.of(Function.TANH);
    }

    /// Returns 1 / (1 + e⁻ˣ).
    public static Activation sigmoid() {
        return Activation.of(Function.SIGMOID);
    }

    /// Returns the softmax over the last axis.
    public static Activation softmax() {
        return Activation.of(Function.SOFTMAX);
    }
}
