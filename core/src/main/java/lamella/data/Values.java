package lamella.data;

import lamella.array.Shape;
import lamella.backend.Backend;
import lamella.tensor.Tensor;

/// An array on the host, on its way to a backend. The array may be longer than the shape, because
/// it is used again: only its first `shape().size()` elements count.
public sealed interface Values {
    /// Float32 values.
    ///
    /// @param shape the extents; axis 0 is the batch
    /// @param elements at least as many as the shape has, in row-major order
    record Floats(Shape shape, float[] elements) implements Values {
        /// Rejects an array that does not fill the shape.
        public Floats {
            Values.requireEnough(shape, elements.length);
        }

        @Override
        public Tensor to(Backend backend) {
            return Tensor.of(backend, shape, elements, 0);
        }
    }

    /// Int32 values: labels or ids.
    ///
    /// @param shape the extents; axis 0 is the batch
    /// @param elements at least as many as the shape has, in row-major order
    record Ints(Shape shape, int[] elements) implements Values {
        /// Rejects an array that does not fill the shape.
        public Ints {
            Values.requireEnough(shape, elements.length);
        }

        @Override
        public Tensor to(Backend backend) {
            return Tensor.ofInts(backend, shape, elements, 0);
        }
    }

    /// Sequences of different lengths, padded to one.
    ///
    /// @param values `[N, T, ...]`, with anything in the padding
    /// @param lengths the number of steps of each sequence, in [0, T]; at least N of them
    record Padded(Values values, int[] lengths) implements Values {
        /// Rejects values without a time axis, and too few lengths.
        public Padded {
            if (values.shape().rank() < 2) {
                throw new IllegalArgumentException("values: sequences must be [N, T, ...], got " + values.shape());
            }
            if (lengths.length < values.shape().dim(0)) {
                throw new IllegalArgumentException(
                        "values: " + values.shape().dim(0) + " sequences need a length each, got " + lengths.length);
            }
        }

        @Override
        public Shape shape() {
            return values.shape();
        }

        @Override
        public Tensor to(Backend backend) {
            return values.to(backend);
        }
    }

    /// Returns the extents.
    Shape shape();

    /// Returns a tensor with a copy of these values.
    Tensor to(Backend backend);

    private static void requireEnough(Shape shape, int length) {
        if (length < shape.size()) {
            throw new IllegalArgumentException(
                    "values: " + shape + " needs " + shape.size() + " elements, the array has " + length);
        }
    }
}
