package lamella.nn;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

/// The initial values of a parameter.
///
/// For a weight `[out, in, ...]`, fanIn is the number of inputs of one output (all extents but the
/// first), fanOut the number of outputs of one input (all extents but the second).
@FunctionalInterface
public interface Initializer {
    /// Returns values of this shape.
    Tensor create(Backend backend, Shape shape, RandomSource random);

    /// Every value is the same.
    static Initializer constant(float value) {
        return (backend, shape, _) -> Tensor.full(backend, shape, value);
    }

    /// Zeros.
    static Initializer zeros() {
        return constant(0);
    }

    /// Ones.
    static Initializer ones() {
        return constant(1);
    }

    /// Given values, in row-major order.
    static Initializer of(float... values) {
        return (backend, shape, _) -> Tensor.of(backend, shape, values);
    }

    /// Uniform in [−bound, bound).
    static Initializer uniform(float bound) {
        return (backend, shape, random) -> random.uniform(backend, shape, -bound, bound);
    }

    /// Normal with mean 0 and this standard deviation.
    static Initializer normal(float deviation) {
        return (backend, shape, random) -> random.normal(backend, shape, 0, deviation);
    }

    /// U(−1/√fanIn, 1/√fanIn): the customary default of dense and convolution layers; also for
    /// biases, with the weight's fanIn.
    static Initializer fanInUniform(int fanIn) {
        return uniform((float) (1 / Math.sqrt(Math.max(1, fanIn))));
    }

    /// He (Kaiming) uniform: U(−b, b), b = √(6 / fanIn). For layers followed by ReLU.
    ///
    /// Source: He et al., "Delving deep into rectifiers", ICCV 2015.
    static Initializer heUniform() {
        return (backend, shape, random) ->
                uniform((float) Math.sqrt(6.0 / fanIn(shape))).create(backend, shape, random);
    }

    /// He (Kaiming) normal: deviation √(2 / fanIn).
    ///
    /// Source: He et al., "Delving deep into rectifiers", ICCV 2015.
    static Initializer heNormal() {
        return (backend, shape, random) -> normal((float) Math.sqrt(2.0 / fanIn(shape))).create(backend, shape, random);
    }

    /// Glorot (Xavier) uniform: U(−b, b), b = √(6 / (fanIn + fanOut)).
    ///
    /// Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    /// networks", AISTATS 2010.
    static Initializer glorotUniform() {
        return (backend, shape, random) -> {
            double bound = Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape)));
            return uniform((float) bound).create(backend, shape, random);
        };
    }

    private static int fanIn(Shape shape) {
        return Math.max(1, shape.sizeBetween(1, shape.rank()));
    }

    private static int fanOut(Shape shape) {
        if (shape.rank() < 2) {
            return Math.max(1, shape.size());
        }
        return Math.max(1, shape.without(1).size());
    }
}
