package lamella.nn;

import lamella.tensor.Epilogue;
import lamella.tensor.Tensor;

import java.util.Optional;

/// A built layer that is linear up to a bias, such as a convolution. In a frozen model it takes in what follows it: a
/// scale of its output's channels disappears in its weight, a function is applied while the output is computed.
///
/// {@snippet :
/// record Built(Parameter weight, Parameter bias) implements Fusible {
///     public Tensor forward(Tensor x) { return x.linear(weight.value(), bias.value()); }
///     public Tensor forward(Tensor x, Epilogue e) { return x.linear(weight.value(), bias.value(), e); }
///     public Optional<Fusible> scaled(Finish.Scaled by) {
///         return Optional.of(new Built(by.weight(weight), by.bias(bias)));
///     }
/// }
/// }
public interface Fusible extends Layer {
    /// Returns the output for a batch after the steps of an epilogue.
    Tensor forward(Tensor x, Epilogue epilogue);

    /// Returns the layer, with parameters of its own, whose output is this one's scaled and shifted; empty where axis 1
    /// of the output is not what the weight makes channels of.
    Optional<Fusible> scaled(Finish.Scaled by);
}
