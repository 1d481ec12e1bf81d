package lamella.app.bench;

import lamella.array.Shape;
import lamella.nn.Layer;
import lamella.nn.LayerSpec;
import lamella.nn.Scope;

import java.util.Optional;

/// Layers with a way around them: `y = body(x) + shortcut(x)`.
///
/// ## Source
/// He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.2.
///
/// @param body the layers
/// @param shortcut what is on the way around; empty: nothing, and `body` keeps the shape
record Residual(LayerSpec body, Optional<LayerSpec> shortcut) implements LayerSpec {
    @Override
    public Layer build(Scope scope, Shape input) {
        Scope.Part through = scope.build("body", body, input);
        Optional<Scope.Part> around = shortcut.map(spec -> scope.build("shortcut", spec, input));
        return x -> through.forward(x).add(around.map(part -> part.forward(x)).orElse(x));
    }

    @Override
    public String toString() {
        return "residual(" + body + shortcut.map(spec -> ", " + spec).orElse("") + ")";
    }
}
