package lamella.nn;

import lamella.array.DType;
import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.backend.Backend;
import lamella.backend.MetaBackend;
import lamella.tensor.RandomSource;
import lamella.tensor.Tensor;

import java.util.Collections;
import java.util.List;

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

    /// A random matrix with orthonormal rows, or columns where there are more rows than columns: `[out, in, ...]` is
    /// taken as out rows. A product with it keeps lengths, so that what passes through many of them neither
    /// vanishes nor explodes. Drawn and orthogonalised on the host in double, so that every backend begins with the same.
    ///
    /// Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    /// ICLR 2014.
    static Initializer orthogonal() {
        return (backend, shape, random) ->
                backend instanceof MetaBackend meta
                        ? Tensor.meta(meta, DType.FLOAT32, shape)
                        : Tensor.of(backend, shape, Orthogonal.matrix(shape, random));
    }

    /// Parts of one size on top of each other, each with initial values of its own: the gates of a recurrent
    /// layer. Fans are those of a part.
    ///
    /// @param parts at least one; axis 0 is cut evenly among them
    /// @throws IllegalArgumentException if there is none; on use, a [lamella.array.ShapeException] if axis 0 cannot be
    ///     cut evenly
    static Initializer stacked(Initializer... parts) {
        List<Initializer> each = List.of(parts);
        if (each.isEmpty()) {
            throw new IllegalArgumentException("stacked: there must be at least 1 part");
        }
        return (backend, shape, random) -> {
            if (shape.rank() < 1 || shape.dim(0) % each.size() != 0) {
                throw ShapeException.of("stacked", shape + " cannot be cut into " + each.size() + " parts of one size");
            }
            Shape part = shape.with(0, shape.dim(0) / each.size());
            return Tensor.concatenate(
                    0, each.stream().map(i -> i.create(backend, part, random)).toArray(Tensor[]::new));
        };
    }

    /// The same for each of several parts on top of each other.
    ///
    /// @param parts at least 1; axis 0 is cut evenly among them
    static Initializer stacked(int parts, Initializer each) {
        return stacked(Collections.nCopies(parts, each).toArray(Initializer[]::new));
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
