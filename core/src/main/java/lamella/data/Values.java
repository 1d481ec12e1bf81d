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
