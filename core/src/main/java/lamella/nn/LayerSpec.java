package lamella.nn;

import lamella.array.Shape;

import java.util.Locale;

/// The recipe of a layer: its knobs, without weights. An immutable record whose text is the code
/// that makes it: `conv2d(6, 5).padding(2)`.
public interface LayerSpec {
    /// Builds the layer for inputs of one shape.
    ///
    /// @param scope where parameters come from
    /// @param input the shape of one example, without the batch axis
    /// @throws lamella.array.ShapeException if the layer cannot take such inputs
    Layer build(Scope scope, Shape input);

    /// Returns the name of this kind of layer in model files and paths: `conv2d` for `Conv2d`.
    default String kind() {
        String name = getClass().getSimpleName();
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
