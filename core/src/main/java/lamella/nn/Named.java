package lamella.nn;

import lamella.array.Shape;

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

    @Override
    public Layer build(Scope scope, Shape input) {
        return layer.build(scope, input);
    }

    @Override
    public String toString() {
        return "named(\"" + name + "\", " + layer + ")";
    }
}
