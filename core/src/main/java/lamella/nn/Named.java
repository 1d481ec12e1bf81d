package lamella.nn;

import lamella.array.Shape;

import java.util.Map;

/// A layer with a name of the user's choice in a [Sequential].
///
/// @param name its name: letters, digits, `_` and `-`
/// @param layer the layer
public record Named(String name, LayerSpec layer) implements LayerSpec {
    static final LayerType<Named> TYPE =
            LayerType.of(
                    "named",
                    Named.class,
                    fields -> new Named(fields.text("name"), fields.layer("of")),
                    (named, out) -> out.put("name", named.name()).put("of", named.layer()));

    /// Rejects names that would not read well in a path.
    public Named {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("named: name must be letters, digits, '_' and '-', got '" + name + "'");
        }
    }

    /// Returns the name of a part of a container: its own, or its kind and number.
    ///
    /// @param numbers how many of each kind there were before
    static String name(LayerSpec layer, Map<String, Integer> numbers) {
        if (layer instanceof Named named) {
            return named.name();
        }
        return layer.kind() + numbers.merge(layer.kind(), 1, Integer::sum);
    }

    /// Returns a part of a container without its name.
    static LayerSpec inner(LayerSpec layer) {
        return layer instanceof Named named ? named.layer() : layer;
    }

    @Override
    public Layer build(Scope scope, Shape input) {
        return layer.build(scope, input);
    }

    @Override
    public String toString() {
        return "named(\"" + name + "\", " + layer + ")";
    }
}
