package lamella.layers.rnn;

import lamella.array.Shape;
import lamella.array.ShapeException;
import lamella.tensor.Tensor;

/// Features cut into heads, which lie in the batch, so that a batched product handles them all.
record Heads(int count) {
    /// Rejects features that cannot be cut into heads of one size.
    static Heads of(String layer, int count, Shape example) {
        if (example.dim(1) % count != 0) {
            throw ShapeException.of(layer, "%s features cannot be cut into %s heads".formatted(example.dim(1), count))
                    .operand("input", example, "one example", "");
        }
        return new Heads(count);
    }

    /// `[N, T, features]` to `[N·heads, T, features / heads]`.
    Tensor split(Tensor x) {
        Shape shape = x.shape();
        int size = shape.dim(2) / count;
        return x.reshape(Shape.of(shape.dim(0), shape.dim(1), count, size))
                .permute(0, 2, 1, 3)
                .reshape(Shape.of(shape.dim(0) * count, shape.dim(1), size));
    }

    /// `[N·heads, T, features / heads]` to `[N, T, features]`.
    Tensor join(Tensor x) {
        Shape shape = apart(x).shape();
        return apart(x).permute(0, 2, 1, 3).reshape(Shape.of(shape.dim(0), shape.dim(2), count * shape.dim(3)));
    }

    /// `[N·heads, T, ...]` to `[N, heads, T, ...]`.
    Tensor apart(Tensor x) {
        return x.reshape(x.shape().with(0, count).prepend(x.shape().dim(0) / count));
    }
}
