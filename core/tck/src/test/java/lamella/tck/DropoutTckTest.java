package lamella.tck;

import lamella.array.Shape;
import lamella.nn.Layers;

import java.util.List;

/// A layer that draws random numbers in training passes.
final class DropoutTckTest extends LayerTck {
    @Override
    protected Facts facts() {
        return new Facts(Layers.dropout(0.25f), "dropout(0.25)", Shape.of(7), Shape.of(7), List.of());
    }
}
