package lamella.tck.nn;

import static lamella.nn.Layers.flatten;

import lamella.array.Shape;
import lamella.tck.LayerTck;

import java.util.List;

class FlattenTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(flatten(), "flatten()", Shape.of(2, 3, 4), Shape.of(24), List.of());
    }
}
